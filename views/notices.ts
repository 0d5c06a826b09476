/** What a page says once after the change that led to it. */
const NOTICES = {
  workspace_created: 'Your workspace is ready. Sign in to continue.',
  accepted: 'Your password is set. Sign in to continue.',
  joined: 'You have joined the workspace.',
  invited: 'Invitation sent.',
  resent: 'Invitation sent again. The older link no longer works.',
  role_changed: 'The role is changed. It holds from the next click on.',
  disabled: 'The person is disabled, and their sessions here have ended.',
  enabled: 'The person can sign in again.',
  deleted: 'The person no longer belongs to this workspace.',
  signed_out_everywhere: 'All sessions of the person have ended.',
  left: 'You have left the workspace.',
  cancelled: 'Invitation cancelled. The link no longer works.',
  renewed: 'A fresh link is on its way to you.',
  name_saved: 'Your name is saved.',
  notices_saved: 'Your choice is saved.',
  password_changed: 'Your password is changed, and every other session has ended.',
  password_reset: 'Your new password is set. Sign in to continue.',
  session_ended: 'That session has ended.',
  signed_out: 'You are signed out.',
  section_changed: 'Access changed. It holds from their next click.',
  section_default_changed: 'Default changed for everybody who follows it.',
  column_changed: 'Access changed for the people on this page.',
  agent_access_changed: 'Agent access changed. It holds from their next click.',
  agent_registered: 'Agent registered. Everybody with all agents sees it now.',
  agent_changed: 'Agent saved.',
  agent_live: 'The agent is live.',
  agent_offline: 'The agent is offline. Nobody can open it until it is live again.',
  agent_deleted: 'Agent deleted.',
  settings_saved: 'Settings saved.',
  test_sent: 'A test mail is on its way to you.',
} as const

export type Notice = keyof typeof NOTICES

const isNotice = (name: string | undefined): name is Notice => name !== undefined && Object.hasOwn(NOTICES, name)

export const noticeOf = (name: string | undefined) => (isNotice(name) ? NOTICES[name] : undefined)
