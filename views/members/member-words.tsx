import type { Member, MemberState } from '../../src/models/members/member'
import { When } from '../components/when'
import { CANNOT_BE_MAILED } from '../refusals'

/** The line under a person's name. */
export const subtitleOf = (member: Member, now: number) => {
  const { state, name, email, inviterName, expiresAt } = member
  const trouble = troubleOf(member)
  if (trouble) return trouble
  if (isInvited(member) && expiresAt)
    return (
      <>
        <When at={expiresAt} now={now} prefix={state === 'expired' ? 'Lapsed' : 'Lapses'} />, invited by {inviterName}
      </>
    )
  return name ? email : ''
}

const REFUSALS: Record<string, string> = {
  bounced: 'The mail came back.',
  failed: 'The mail could not be sent.',
}

/** Why the newest mail of an open invitation has not arrived. A complaint is told as what follows from it, not as who said what. */
export function troubleOf({ state, mail }: Member): string | undefined {
  if (mail?.late && state === 'pending') return `Mail not sent yet. ${mail.reason ?? 'It is still queued.'}`
  if (state !== 'bounced' || !mail) return undefined
  return isComplaint({ mail }) ? CANNOT_BE_MAILED : (mail.reason ?? REFUSALS[mail.state])
}

export const isComplaint = ({ mail }: Pick<Member, 'mail'>) => mail?.state === 'complained'

const MAIL_WORDS: Record<string, string> = {
  queued: 'Queued',
  sent: 'Sent',
  delivered: 'Delivered',
  deferred: 'Delayed',
  bounced: 'Bounced',
  complained: 'Refused',
  failed: 'Not sent',
  dropped: 'Not sent',
}

export const mailWord = ({ state }: { state: string }) => MAIL_WORDS[state] ?? 'Sent'

/** When a person was last here; of somebody who never was, how far their mail has come. */
export function lastOf({ state, mail, lastActiveAt, invitedAt }: Member): { at: number; word?: string } {
  if (isInvited({ state })) return mail ? { at: mail.at, word: mailWord(mail) } : { at: invitedAt, word: 'Invited' }
  return { at: lastActiveAt ?? invitedAt }
}

export const isInvited = ({ state }: Pick<Member, 'state'>) => state === 'pending' || state === 'bounced' || state === 'expired'

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
}
