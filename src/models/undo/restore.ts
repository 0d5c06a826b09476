import { type SQL, sql } from 'drizzle-orm'
import type { Statement } from '../../db/connect'
import { type From, from } from '../../db/from'
import type { MemberAct } from '../core/act'
import { freeSeats } from '../members/seats'

/** What is taken back: of whom (empty for the workspace itself), and what of them. */
export type Restored = { subject: string; field: string }

/**
 * What takes a change back. `stands` is a SELECT of `subject, field` of what goes back: whatever still is what the change made of it; `blocked` one of
 * `subject, reason` of what still is and yet cannot. `write` writes it by the same conditions, with an ordinary entry of the activity log each.
 */
export type Restore = (act: MemberAct, undo: Opened) => { stands: SQL; blocked?: SQL; write: readonly Statement<unknown>[] }

/** An undo or, in a job, those of its values that are about the people of a step, which selects their ids. */
export type Opened = { id: string; step?: SQL | undefined }

/**
 * The values `v` of an undo `u`, as long as it can be pressed: within its time, once, by the admin who made the change and still is one. A job asked
 * that when it began, and its steps ask for its place.
 */
export const openValues = ({ tenantId, memberId, now }: MemberAct, { id, step }: Opened) =>
  from(
    step
      ? sql`undos u JOIN undo_values v ON v.undo_id = u.id AND u.id = ${id} AND u.tenant_id = ${tenantId} AND v.subject IN ${step}`
      : sql`undos u JOIN members a ON a.id = u.admin_id AND a.tenant_id = u.tenant_id AND a.role = 'admin' AND a.status = 'active'
      JOIN undo_values v ON v.undo_id = u.id AND u.id = ${id} AND u.tenant_id = ${tenantId} AND u.admin_id = ${memberId}
      AND u.undone_at IS NULL AND u.expires_at > ${now}`,
    'u',
    'v',
  )

/**
 * What may keep an undo from letting somebody in again. `standing`: the values `v` of members `m` that still are as the change left them;
 * `takesSeat`: whether taking one back takes a seat; `past`: whether they would be past their end. Both are conditions over the two.
 */
export type Blocked = {
  standing: (act: MemberAct, undo: Opened) => From<'v' | 'm'>
  takesSeat: (act: MemberAct) => SQL
  past: (act: MemberAct) => SQL
}

/** Those of them who may be let in: as many as there are seats free. */
export function withSeats(act: MemberAct, undo: Opened, { standing, takesSeat, past }: Blocked) {
  const [all, takes] = [standing(act, undo), takesSeat(act)]
  return from(
    sql`${all} AND NOT ${past(act)} AND (NOT (${takes}) OR v.subject IN (
      SELECT v.subject FROM ${all} AND NOT ${past(act)} AND (${takes}) ORDER BY v.subject LIMIT max(0, ${freeSeats(act.tenantId, act.now)})))`,
    'v',
    'm',
  )
}

export type Block = 'no_seat' | 'past_end' | 'has_end_date'

/** Of everybody who still is as the change left them, what would keep them out. */
export const blocksIn = (act: MemberAct, undo: Opened, { standing, past }: Blocked) =>
  sql`SELECT v.subject, iif(${past(act)}, 'past_end', 'no_seat') AS reason FROM ${standing(act, undo)}`

/** What keeps the first of those who could not be let in out, as SQL. */
export const blockOf = (act: MemberAct, undo: Opened, { standing, takesSeat, past }: Blocked) =>
  sql`(SELECT CASE WHEN ${past(act)} THEN 'past_end' WHEN (${takesSeat(act)}) AND ${freeSeats(act.tenantId, act.now)} < 1 THEN 'no_seat' END
    FROM ${standing(act, undo)} ORDER BY 1 DESC LIMIT 1)`
