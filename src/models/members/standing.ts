import { and, eq } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { MEMBER_STATUSES, members } from '../../db/schema/members'
import { type ActivityKind, type Entry, latestAbout } from '../activity/activity'
import { statusAt } from './active'
import type { Forbidden, Unfit } from './changes'
import { theirName } from './their-name'
import type { Place } from './viewer'

export { MEMBER_STATUSES }

type Where = Pick<Place, 'db' | 'tenantId' | 'now'>

/** At most one row: what a member is now. */
export const standingOf = ({ db, tenantId, now }: Where, id: string) =>
  db
    .select({
      id: members.id,
      email: members.email,
      name: theirName,
      role: members.role,
      status: statusAt(now).as('status'),
      endsAt: members.endsAt,
    })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, id)))

export type Standing = Awaited<ReturnType<typeof standingOf>>[number]

/** What takes somebody from one status to another, or away. */
export const TURNS: ActivityKind[] = [
  'accepted',
  'declined',
  'cancelled',
  'disabled',
  'enabled',
  'end_date_changed',
  'deleted',
  'left',
]

/** At most one row: the entry that tells how a member became what they are. */
export const lastTurnOf = (at: Where, id: string) => latestAbout(at, id, TURNS)

/**
 * That somebody is not what a form's page showed. `unknown`: nobody here ever had this id; `gone`: they are not here any more; `stale`: they are
 * something else, or it can be done with nobody who is that.
 */
export type Late =
  | { reason: 'unknown' }
  | { reason: 'gone'; turn: Entry }
  | { reason: 'stale'; member: Standing; turn: Entry | undefined }

/** Why nothing was done. `already`: it is so. */
export type Refused = Late | { reason: 'already' } | { reason: Forbidden }

type Found = { member: Standing | undefined; turn: Entry | undefined }

/** `reason`: of the rules of the change; none where somebody is not what the page showed. */
export function refusalOf({ member, turn }: Found, reason: Unfit | undefined): Refused {
  if (!member) return turn ? { reason: 'gone', turn } : { reason: 'unknown' }
  return reason && !isUnlike(reason) ? { reason } : { reason: 'stale', member, turn }
}

type Unlike = Exclude<Unfit, Forbidden | 'already'>
const UNLIKE: readonly string[] = ['pending', 'not_active', 'not_disabled'] satisfies Unlike[]
const isUnlike = (reason: Unfit): reason is Unlike => UNLIKE.includes(reason)

/** Of something that can be done with nobody who is here. */
export async function refusalNow(at: Where, id: string): Promise<Late> {
  const [[member], [turn]] = await at.db.batch([standingOf(at, id), lastTurnOf(at, id)])
  if (member) return { reason: 'stale', member, turn }
  return turn ? { reason: 'gone', turn } : { reason: 'unknown' }
}
