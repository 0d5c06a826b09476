import { sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import { REMIND_BEFORE_MS } from '../../limits'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { isEnded } from '../members/active'
import { lastDay, warnAt } from '../members/end-date'
import { type Blocked, blocksIn, openValues, type Restore, withSeats } from './restore'

const was = sql`CAST(nullif(v.was, '') AS INTEGER)`
const became = sql`CAST(nullif(v.became, '') AS INTEGER)`

const standing: Blocked['standing'] = (act, undo) =>
  from(
    sql`${openValues(act, undo)} CROSS JOIN members m ON m.id = v.subject AND m.tenant_id = ${act.tenantId}
    WHERE v.field = 'end_date' AND m.ends_at IS ${became} AND m.role = 'user' AND m.id <> ${act.memberId}`,
    'v',
    'm',
  )

/** Whoever came back by the change is out again by the clock; whoever ended by it comes back and takes a seat. */
const takesSeat: Blocked['takesSeat'] = ({ now }) => sql`${isEnded(now, 'm')} AND coalesce(${was} > ${now}, 1)`

export const endBlocked: Blocked = { standing, takesSeat, past: () => sql`0` }

export const restoreEnd: Restore = (act, undo) => {
  const unchanged = withSeats(act, undo, endBlocked)
  return {
    stands: sql`SELECT v.subject, v.field FROM ${unchanged}`,
    blocked: blocksIn(act, undo, endBlocked),
    write: [
      record(act, 'end_date_changed', unchanged, {
        before: sql`json_object('until', ${lastDay(sql`m.ends_at`)})`,
        after: sql`json_object('until', ${lastDay(was)})`,
      }),
      shorten(act, unchanged),
      raw(
        act.db,
        sql`
      UPDATE members SET ends_at = s.ends_at, end_warn_at = ${warnAt(sql`s.ends_at`, act.now)}, status = iif(status = 'ended', 'active', status),
        valid_from = iif(status = 'pending', valid_from, max(valid_from, iif(s.ends_at <= ${act.now}, ${act.now + 1},
          iif(${isEnded(act.now)}, members.ends_at, 0))))
      FROM (SELECT m.id, ${was} AS ends_at FROM ${unchanged}) s WHERE members.id = s.id`,
      ),
    ],
  }
}

/** An open invitation ends with the membership. One that was sent after an end that has passed is over at once. */
const shorten = ({ db }: MemberAct, unchanged: From<'m'>) =>
  raw(
    db,
    sql`
    UPDATE invitations SET expires_at = max(s.ends_at, created_at + 1), expiry_notice_at = min(expiry_notice_at, s.ends_at),
      remind_at = min(remind_at, s.ends_at - ${REMIND_BEFORE_MS})
    FROM (SELECT m.id, ${was} AS ends_at FROM ${unchanged} AND m.status = 'pending') s
    WHERE invitations.state = 'open' AND invitations.member_id = s.id AND invitations.expires_at > s.ends_at`,
  )
