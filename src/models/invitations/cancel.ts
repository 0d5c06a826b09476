import { and, eq, type SQL, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { record } from '../activity/activity'
import { forgetJudged } from '../activity/forget'
import type { Act, MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { closedWith, closing } from './due'

/** Removes a pending member and kills their link. @returns false when they are no longer pending */
export async function cancel(act: MemberAct, memberId: string): Promise<boolean> {
  const theirs = sql`${invitations.memberId} = ${memberId} AND ${invitations.tenantId} = ${act.tenantId}`
  const [closed] = await act.db.batch(removePending(act, 'cancelled', theirs, randomId()))
  return closed.length === 1
}

/**
 * Closes open invitations of pending members, leaves the nonce on each, and removes the members, with an entry each. `which` is a condition over
 * `invitations`. The first statement returns a row for each that it happened to.
 */
export const removePending = (act: Act, state: 'cancelled' | 'declined', which: SQL, nonce: string) =>
  [
    act.db
      .update(invitations)
      .set(closing(state, sql`${nonce} || '-' || ${invitations.id}`, act.now))
      .where(and(which, eq(invitations.state, 'open'), isPending))
      .returning({ id: invitations.id }),
    record(act, state, removed(nonce)),
    forgetJudged(act, closedWith(nonce)),
    act.db.delete(members).where(and(eq(members.status, 'pending'), sql`${members.id} IN ${membersBehind(nonce)}`)),
  ] as const

const isPending = sql`EXISTS (SELECT 1 FROM members m WHERE m.id = ${invitations.memberId} AND m.status = 'pending')`

const membersBehind = (nonce: string) => sql`(SELECT i.member_id FROM invitations i WHERE ${closedWith(nonce)})`

export const removed = (nonce: string) => membersWhere(sql`m.id IN ${membersBehind(nonce)}`)
