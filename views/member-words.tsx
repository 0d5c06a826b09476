import type { Member, MemberState } from '../src/models/member'
import { When } from './components/when'

/** The line under a person's name. */
export const subtitleOf = ({ state, name, email, inviterName, expiresAt }: Member, now: number) => {
  if (state === 'pending' && expiresAt)
    return (
      <>
        Invited by {inviterName}, lapses <When at={expiresAt} now={now} prefix="" />
      </>
    )
  if (state === 'expired' && expiresAt)
    return (
      <>
        Invited by {inviterName}, lapsed <When at={expiresAt} now={now} prefix="" />
      </>
    )
  return name ? email : ''
}

const MAIL_WORDS: Record<string, string> = {
  queued: 'Queued',
  sent: 'Sent',
  delivered: 'Delivered',
  deferred: 'Delayed',
  bounced: 'Bounced',
  complained: 'Complained',
  failed: 'Not sent',
  dropped: 'Not sent',
}

export const mailWord = ({ state }: { state: string }) => MAIL_WORDS[state] ?? 'Sent'

/** When a person was last here; of somebody who never was, how far their mail has come. */
export function lastOf({ state, mail, lastActiveAt, invitedAt }: Member): { at: number; word?: string } {
  if (state === 'pending' || state === 'expired')
    return mail ? { at: mail.at, word: mailWord(mail) } : { at: invitedAt, word: 'Invited' }
  return { at: lastActiveAt ?? invitedAt }
}

export const isInvited = ({ state }: Pick<Member, 'state'>) => state === 'pending' || state === 'expired'

export const agentsOf = ({ role, agentMode, agentCount, agentTotal }: Member) =>
  role === 'admin' || agentMode === 'all' ? 'All' : agentCount === 0 ? 'None' : `${agentCount} of ${agentTotal}`

export const sectionsCount = ({ role, sectionCount, sectionTotal }: Member) =>
  role === 'admin' ? 'All' : `${sectionCount} of ${sectionTotal}`

export const BADGES: Record<MemberState, string> = {
  pending: 'Invite Pending',
  expired: 'Invite Expired',
  active: 'Active',
  disabled: 'Disabled',
}
