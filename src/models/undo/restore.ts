import { type SQL, sql } from 'drizzle-orm'
import type { Statement } from '../../db/connect'
import { type From, from } from '../../db/from'
import type { MemberAct } from '../core/act'
import { freeSeats } from '../members/seats'

/** What is taken back: of whom (empty for the workspace itself), and what of them. */
export type Restored = { subject: string; field: string }

/**
 * The statements that take a change back, for one batch. The first is a read of `subject, field` of what is taken back: whatever still is what the
 * change made of it. The others write it, with an ordinary entry of the activity log each, by the same conditions; `openValues` is one of them.
 */
export type Restore = (act: MemberAct, undoId: string) => readonly [Statement<Restored>, ...Statement<unknown>[]]

/** The values `v` of an undo `u`, as long as it can be pressed: within its time, once, by the admin who made the change and still is one. */
export const openValues = ({ tenantId, memberId, now }: MemberAct, undoId: string) =>
  from(
    sql`undos u JOIN members a ON a.id = u.admin_id AND a.tenant_id = u.tenant_id AND a.role = 'admin' AND a.status = 'active'
      JOIN undo_values v ON v.undo_id = u.id AND u.id = ${undoId} AND u.tenant_id = ${tenantId} AND u.admin_id = ${memberId}
      AND u.undone_at IS NULL AND u.expires_at > ${now}`,
    'u',
    'v',
  )

/**
 * What may keep an undo from letting somebody in again. `standing`: the values `v` of members `m` that still are as the change left them;
 * `takesSeat`: whether taking one back takes a seat; `past`: whether they would be past their end. Both are conditions over the two.
 */
export type Blocked = {
  standing: (act: MemberAct, undoId: string) => From<'v' | 'm'>
  takesSeat: (act: MemberAct) => SQL
  past: (act: MemberAct) => SQL
}

/** Those of them who may be let in: as many as there are seats free. */
export function withSeats(act: MemberAct, undoId: string, { standing, takesSeat, past }: Blocked) {
  const [all, takes] = [standing(act, undoId), takesSeat(act)]
  return from(
    sql`${all} AND NOT ${past(act)} AND (NOT (${takes}) OR v.subject IN (
      SELECT v.subject FROM ${all} AND NOT ${past(act)} AND (${takes}) ORDER BY v.subject LIMIT max(0, ${freeSeats(act.tenantId, act.now)})))`,
    'v',
    'm',
  )
}

export type Block = 'no_seat' | 'past_end' | 'has_end_date'

/** What keeps the first of those who could not be let in out, as SQL. */
export const blockOf = (act: MemberAct, undoId: string, { standing, takesSeat, past }: Blocked) =>
  sql`(SELECT CASE WHEN ${past(act)} THEN 'past_end' WHEN (${takesSeat(act)}) AND ${freeSeats(act.tenantId, act.now)} < 1 THEN 'no_seat' END
    FROM ${standing(act, undoId)} ORDER BY 1 DESC LIMIT 1)`
