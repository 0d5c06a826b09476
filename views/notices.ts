/** What a page says once after the change that led to it. */
const NOTICES = {
  accepted: 'Your password is set. Sign in to continue.',
  joined: 'You have joined the workspace.',
  invited: 'Invitation sent.',
  resent: 'Invitation sent again. The older link no longer works.',
  cancelled: 'Invitation cancelled. The link no longer works.',
  renewed: 'A fresh link is on its way to you.',
  name_saved: 'Your name is saved.',
  password_changed: 'Your password is changed, and every other session has ended.',
  password_reset: 'Your new password is set. Sign in to continue.',
  session_ended: 'That session has ended.',
  signed_out: 'You are signed out.',
} as const

export type Notice = keyof typeof NOTICES

const isNotice = (name: string | undefined): name is Notice => name !== undefined && Object.hasOwn(NOTICES, name)

export const noticeOf = (name: string | undefined) => (isNotice(name) ? NOTICES[name] : undefined)
