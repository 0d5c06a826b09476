import type { ActivityKind, Entry } from '../../src/models/activity/activity'
import type { Standing } from '../../src/models/members/standing'
import { shownAddress, shownName } from '../components/shown-address'
import { timeOf } from '../components/when'

/** Of somebody who is gone, what the log says. */
const subjectName = ({ memberName, memberEmail }: Entry) => memberName ?? (memberEmail ? shownAddress(memberEmail) : undefined)

/** What became of somebody since a page was shown: them as they are now, and the entry that tells, as far as known. */
type Turned = { member: Standing | undefined; turn: Entry | undefined }
type Reader = { memberId: string; now: number }

/** *Pia accepted at 14:02 UTC.*, *You disabled Bob Okafor at 14:02 UTC.* */
export function turnInWords({ member, turn }: Turned, { memberId, now }: Reader): string {
  const name = member ? shownName(member) : ((turn && subjectName(turn)) ?? 'This person')
  if (member?.status === 'ended' && member.endsAt) return `The membership of ${name} ended ${timeOf(member.endsAt, now)}.`
  const words = turn && WORDS[turn.kind]
  if (!turn || !words) return member ? `${name} is ${STATUSES[member.status]} now.` : `${name} is no longer in this workspace.`
  const actor = turn.actorId === memberId ? 'You' : shownAddress(turn.actorName ?? 'Someone')
  return `${words(name, actor)} ${timeOf(turn.at, now)}.`
}

const STATUSES: Record<Standing['status'], string> = {
  pending: 'invited',
  active: 'active',
  disabled: 'disabled',
  ended: 'past the end date',
}

const WORDS: Partial<Record<ActivityKind, (name: string, actor: string) => string>> = {
  accepted: (name) => `${name} accepted`,
  declined: (name) => `${name} declined`,
  left: (name) => `${name} left`,
  cancelled: (name, actor) => `${actor} cancelled the invitation to ${name}`,
  disabled: (name, actor) => `${actor} disabled ${name}`,
  enabled: (name, actor) => `${actor} enabled ${name}`,
  end_date_changed: (name, actor) => `${actor} changed the end date of ${name}`,
  deleted: (name, actor) => `${actor} deleted ${name}`,
  request_approved: (name, actor) => `${actor} approved the request from ${name}`,
  request_declined: (name, actor) => `${actor} declined the request from ${name}`,
  app_access_given: (name, actor) => `${actor} approved the request from ${name}`,
  app_access_declined: (name, actor) => `${actor} declined the request from ${name}`,
}
