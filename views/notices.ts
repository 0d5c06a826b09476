import { shownAddress } from './components/shown-address'

/** What a page says once after the change that led to it. */
const NOTICES = {
  workspace_created: 'Your workspace is ready.',
  accepted: 'Your password is set. Sign in to continue.',
  joined: (who: string) => `You joined ${who}.`,
  invited: (who: string) => `Invitation sent to ${who}.`,
  resent: (who: string) => `Invitation sent again to ${who}. The older link no longer works.`,
  unsent_resent: (what: string) => what,
  address_fixed: (who: string) => `Invitation sent to ${who} instead. The older link no longer works.`,
  list_discarded: 'The list is discarded. No one was invited.',
  made_admin: (who: string) => `${who} is now a Tenant Admin.`,
  made_user: (who: string) => `${who} is now a Tenant User.`,
  you_are_user: 'You are now a Tenant User.',
  disabled: (who: string) => `${who} is disabled and signed out of this workspace.`,
  you_are_disabled: (workspace: string) => `You are disabled in ${workspace}. An admin there can enable you again.`,
  enabled: (who: string) => `${who} is enabled and can sign in again.`,
  end_date_changed: (what: string) => what,
  deleted: (who: string) => `${who} is deleted from this workspace.`,
  undone: (who: string) => `The change to ${who} was undone.`,
  undone_in_part: (who: string) => `Undone, except for what ${who} changed since.`,
  not_undone: (who: string) => `Not undone: ${who} changed it since.`,
  not_undone_no_seat: (who: string) => `Not undone: no seat is free for ${who}.`,
  not_undone_past_end: (who: string) => `Not undone: the end date of ${who} has passed.`,
  not_undone_end_date: (who: string) => `Not undone: ${who} has an end date, which a Tenant Admin cannot have.`,
  undo_over: 'Not undone. It was undone already, or more than ten minutes have passed.',
  many_changed: (what: string) => what,
  many_undone: (what: string) => what,
  nobody_selected: 'Select someone first.',
  not_kept: 'You waited too long, and nothing was sent. Enter it again.',
  signed_out_here: (who: string) => `${who} has to sign in again to enter this workspace.`,
  factor_reset_asked: (who: string) => `We emailed ${who}. The email says what to do next.`,
  left: (who: string) => `You left ${who}.`,
  cancelled: (who: string) => `The invitation to ${who} is cancelled. Its link no longer works.`,
  renewed: 'The link is on its way to you.',
  invitable: 'You can be invited at this address again.',
  name_saved: 'Your name is saved.',
  notices_saved: (who: string) => `Your email setting for ${who} is saved.`,
  password_changed: 'Your password has been changed, and every other session has ended.',
  password_set: 'Your password is set, and every other session has ended.',
  password_reset: 'Your new password is set. Sign in to continue.',
  confirmation_sent: (who: string) => `A link to confirm your address is on its way to ${shownAddress(who)}.`,
  address_is_proved: 'Your address is confirmed.',
  recovery_code_used: (left: string) => `You used a recovery code. ${codesLeftInWords(Number(left))}`,
  passkey_added: 'Your passkey is added. You can sign in with it from now on.',
  passkey_next: 'It’s you. Now add your passkey.',
  passkey_named: (name: string) => `The passkey is now called ${name}.`,
  passkey_removed: (name: string) => `${name} is removed, and you are signed out everywhere else.`,
  authenticator_app_added: 'Your authenticator app is set up.',
  authenticator_app_replaced:
    'Your new authenticator app is set up. The old one no longer works, and you are signed out everywhere else.',
  authenticator_app_removed: 'Your authenticator app is removed, and you are signed out everywhere else.',
  session_ended: 'That session has ended.',
  browser_forgotten: 'That browser is forgotten. We will email you when it is used again.',
  signed_out: 'You are signed out.',
  signed_out_everywhere: 'You are signed out on every device.',
  section_changed: (what: string) => what,
  section_default_changed: (what: string) => what,
  section_defaults_kept: 'Section defaults kept. You can change them here at any time.',
  column_changed: (what: string) => what,
  agent_turned: (what: string) => what,
  agent_access_changed: (who: string) => `Agent access changed for ${who}.`,
  agent_access_changed_in_part: (who: string) =>
    `Agent access changed for ${who}, except for agents that were deleted in the meantime.`,
  agent_registered: (agent: string) => `${agent} is registered. Everyone with access to all agents can see it.`,
  agent_changed: (agent: string) => `${agent} is saved.`,
  agent_live: (agent: string) => `${agent} is live.`,
  agent_offline: (agent: string) => `${agent} is offline. It cannot be opened until it is live again.`,
  agent_deleted: (agent: string) => `${agent} is deleted.`,
  preset_created: (preset: string) => `${preset} is created. Give it to people on their pages, or when you invite them.`,
  preset_changed: (preset: string) => `${preset} is saved. People who have it keep what they have until you realign them.`,
  preset_deleted: (preset: string) => `${preset} is deleted. People keep the sections and agents they have.`,
  preset_given: (what: string) => what,
  realigned: (what: string) => what,
  app_connected: (app: string) => `${app} is connected.`,
  app_connected_before: (app: string) =>
    `${app} was connected by this form before. Its secret was shown once: if it is lost, rotate it.`,
  app_changed: (app: string) => `${app} is saved.`,
  app_secret_was_shown: (app: string) => `The secret of ${app} is shown only once. If it is lost, rotate it.`,
  app_former_secret_ended: (app: string) => `The old secret of ${app} no longer works.`,
  app_told_again: (app: string) => `${app} is being told again.`,
  app_agreed: (app: string) => `No one is asked any more what ${app} may learn.`,
  app_asks: (app: string) => `${app} asks each person again.`,
  app_disconnected: (app: string) => `${app} is disconnected. Everyone who was signed in to it is signed out.`,
  settings_saved: (what: string) => `${what} saved.`,
  join_sent: 'Check your email.',
  join_link_made: 'The link is ready. Copy it now: it is shown only once.',
  join_link_off: 'The link is turned off. No one can join by it anymore.',
  join_link_off_disabled: (what: string) => what,
  request_approved: (who: string) => `${who} can now join. We emailed them.`,
  request_joined: (who: string) => `${who} joined. We emailed them.`,
  request_declined: (who: string) => `The request from ${who} is declined. We emailed them.`,
  app_signed_out: (what: string) => what,
  own_app_signed_out: (app: string) => `You are signed out of ${app}.`,
  consent_withdrawn: (app: string) => `You are signed out of ${app}. It will ask for your consent again next time.`,
  access_given: (what: string) => what,
  access_declined: (what: string) => what,
  reviewed: (what: string) => what,
  review_finished: 'The review is finished.',
  test_sent: 'A test email is on its way to you.',
} as const

const codesLeftInWords = (left: number) =>
  left === 0 ? 'It was the last one: make new ones now.' : left === 1 ? 'One is left: make new ones soon.' : `${left} are left.`

export type Notice = keyof typeof NOTICES

/** What was not done, or not all of it. */
const REFUSALS: readonly string[] = [
  'undone_in_part',
  'not_undone',
  'not_undone_no_seat',
  'not_undone_past_end',
  'not_undone_end_date',
  'undo_over',
  'nobody_selected',
  'not_kept',
] satisfies Notice[]

export const isRefusal = ({ notice }: { notice: string }) => REFUSALS.includes(notice)

const isNotice = (name: string): name is Notice => Object.hasOwn(NOTICES, name)

/** The sentence for a notice, about whom it names. */
export const noticeOf = ({ notice, who }: { notice: string; who?: string | undefined }) => {
  if (!isNotice(notice)) return undefined
  const words: string | ((who: string) => string) = NOTICES[notice]
  return typeof words === 'string' ? words : words(shownAddress(who ?? 'This person'))
}
