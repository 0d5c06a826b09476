import { END_WARNING_MS } from '../../src/limits'
import type { Role } from '../../src/models/access/access'
import type { Member, MemberState } from '../../src/models/members/member'
import { mailReasonInWords } from '../components/mail-reason'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { CANNOT_BE_MAILED } from '../refusals'

/** The line under a person's name: of somebody invited how that stands, behind their address where they have a name. */
export const subtitleOf = (member: Member, now: number) => {
  const { name, email } = member
  const address = name ? shownAddress(email) : ''
  const standing = standingOf(member, now)
  return standing && address ? (
    <>
      {address}
      <br />
      {standing}
    </>
  ) : (
    standing || address
  )
}

function standingOf(member: Member, now: number) {
  const { state, expiresAt, endsAt } = member
  if (state === 'active' && endsAt && endsAt - now <= END_WARNING_MS) return <When at={endsAt} now={now} prefix="Ends" />
  const trouble = troubleOf(member)
  if (trouble || !isInvited(member) || !expiresAt) return trouble
  return <When at={expiresAt} now={now} prefix={state === 'expired' ? 'Expired' : 'Expires'} />
}

/** Why the newest email of an open invitation has not arrived. A complaint is told as what follows from it, not as who said what. */
export function troubleOf({ state, mail }: Pick<Member, 'state' | 'mail'>): string | undefined {
  if (mail?.late && state === 'pending') return `Email not sent yet. ${mailReasonInWords(mail) ?? 'It is still queued.'}`
  if (mail?.unsent && state === 'expired') return 'Expired before its email was sent.'
  if (state !== 'bounced' || !mail) return undefined
  return isComplaint({ mail }) ? CANNOT_BE_MAILED : (mailReasonInWords(mail) ?? REFUSALS[mail.state])
}

export const isComplaint = ({ mail }: Pick<Member, 'mail'>) => mail?.state === 'complained'

type MailState = NonNullable<Member['mail']>['state']

const REFUSALS: Partial<Record<MailState, string>> = {
  bounced: 'The email bounced.',
  failed: 'The email could not be sent.',
}

const MAIL_WORDS: Record<MailState, string> = {
  queued: 'Queued',
  sent: 'Sent',
  delivered: 'Delivered',
  deferred: 'Delayed',
  bounced: 'Bounced',
  complained: 'Refused',
  failed: 'Not sent',
  dropped: 'Not sent',
}

/** During a deployment, a state that only the next release knows is its own word. */
export const mailWord = ({ state }: { state: MailState }) => MAIL_WORDS[state] ?? state

/** When a person was last here; of somebody who never was, how far their email has come. */
export function lastOf({ state, mail, lastActiveAt, joinedAt, invitedAt }: Member): { at: number; word?: string } {
  if (isInvited({ state })) return mail ? { at: mail.at, word: mailWord(mail) } : { at: invitedAt, word: 'Invited' }
  return lastActiveAt ? { at: lastActiveAt } : { at: joinedAt ?? invitedAt, word: 'Joined' }
}

/** What happened then, where it was not a visit. */
export const lastInWords = (member: Member) =>
  isInvited(member) && member.mail ? `Invite ${mailWord(member.mail).toLowerCase()}` : lastOf(member).word

export const isInvited = ({ state }: Pick<Member, 'state'>) => state === 'pending' || state === 'bounced' || state === 'expired'

export const lacksFactor = ({ state, hasFactor }: Member) => state === 'active' && !hasFactor

/** What decides what can be done with someone; their status, which a form sends along, comes first. For oneself the questions are others. */
export type Kind = MemberState | Member['status'] | Role | 'self'

export const kindsOf = ({ status, state, role }: Member, self: boolean): Kind[] =>
  self ? ['self'] : [...new Set([status, state, role])]

export const agentsOf = ({ role, agentMode, agentCount, agentTotal }: Member) =>
  role === 'admin' || agentMode === 'all' ? 'All' : agentCount === 0 ? 'None' : `${agentCount} of ${agentTotal}`

export const sectionsCount = ({ role, sectionCount, sectionTotal }: Member) =>
  role === 'admin' ? 'All' : `${sectionCount} of ${sectionTotal}`

export const BADGES: Record<MemberState, string> = {
  pending: 'Invite Pending',
  bounced: 'Invite Bounced',
  expired: 'Invite Expired',
  active: 'Active',
  disabled: 'Disabled',
  ended: 'Ended',
}
