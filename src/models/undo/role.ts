import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { type Opened, openValues, type Restore } from './restore'

/** An admin has no end. */
const endless = sql`(v.was = 'admin' AND m.ends_at IS NOT NULL)`

const whoseEndForbidsIt = (act: MemberAct, undo: Opened) => sql`
  SELECT v.subject, 'has_end_date' AS reason FROM ${openValues(act, undo)} CROSS JOIN members m ON m.id = v.subject
  WHERE m.role = v.became AND ${endless}`

export const hasEnd = (act: MemberAct, undo: Opened) => sql`(SELECT reason FROM (${whoseEndForbidsIt(act, undo)}) LIMIT 1)`

/** Whoever presses it is an active admin and nobody it is about, so that one always remains. */
export const restoreRole: Restore = (act, undo) => {
  const unchanged = sql`${openValues(act, undo)} CROSS JOIN members m ON m.id = v.subject AND m.tenant_id = ${act.tenantId}
    WHERE v.field = 'role' AND m.role = v.became AND m.id <> ${act.memberId} AND NOT ${endless}`
  return {
    stands: sql`SELECT v.subject, v.field FROM ${unchanged}`,
    blocked: whoseEndForbidsIt(act, undo),
    write: [
      record(act, 'role_changed', from(unchanged, 'm'), {
        before: sql`json_object('role', v.became)`,
        after: sql`json_object('role', v.was)`,
      }),
      raw(act.db, sql`UPDATE members SET role = s.was FROM (SELECT m.id, v.was FROM ${unchanged}) s WHERE members.id = s.id`),
    ],
  }
}
