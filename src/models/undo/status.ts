import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import { statusAt } from '../members/active'
import { type Blocked, blocksIn, openValues, type Restore, withSeats } from './restore'

export const statusBlocked: Blocked = {
  standing: (act, undo) =>
    from(
      sql`${openValues(act, undo)} CROSS JOIN members m ON m.id = v.subject AND m.tenant_id = ${act.tenantId}
      WHERE v.field = 'status' AND ${statusAt(act.now, 'm')} = v.became AND m.id <> ${act.memberId}`,
      'v',
      'm',
    ),
  takesSeat: () => sql`v.was = 'active'`,
  past: ({ now }) => sql`(v.was = 'active' AND coalesce(m.ends_at <= ${now}, 0))`,
}

/** Of disabling and enabling. As with both of them, whoever was in the workspace before signs in anew. */
export const restoreStatus: Restore = (act, undo) => {
  const unchanged = withSeats(act, undo, statusBlocked)
  return {
    stands: sql`SELECT v.subject, v.field FROM ${unchanged}`,
    blocked: blocksIn(act, undo, statusBlocked),
    write: [
      record(act, 'enabled', from(sql`${unchanged} AND v.was = 'active'`, 'm')),
      record(act, 'disabled', from(sql`${unchanged} AND v.was = 'disabled'`, 'm')),
      raw(
        act.db,
        sql`
      UPDATE members SET status = s.was, valid_from = iif(s.was = 'disabled', max(valid_from, ${act.now + 1}), valid_from)
      FROM (SELECT m.id, v.was FROM ${unchanged}) s WHERE members.id = s.id`,
      ),
    ],
  }
}
