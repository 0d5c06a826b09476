import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { DAY_MS, END_WARNING_MS, REMIND_BEFORE_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { isEnded } from './active'
import type { MembershipChange } from './changes'
import { seatRules } from './seats'

/**
 * When a membership ends whose last day was typed as `2026-12-31`: with the end of that day in UTC, ms.
 * Undefined for what is no day, or lies beyond the year 9999.
 */
export function endOfDay(typed: string): number | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? Date.parse(`${typed}T00:00:00Z`) : Number.NaN
  return new Date(day).toJSON()?.startsWith(typed) ? day + DAY_MS : undefined
}

/** The last day, as a date field has it. */
export const lastDayOf = (endsAt: number) => new Date(endsAt - 1).toISOString().slice(0, 10)

/** The same in SQL, or NULL. */
export const lastDay = (endsAt: SQL) => sql`date((${endsAt} - 1) / 1000, 'unixepoch')`

/**
 * When both sides are warned of an end: seven days before, or with the next day where that is over, so that everybody gets one email a day at most.
 * NULL where there is no end, or no day before it. Days begin at midnight UTC.
 */
export function warnAt(endsAt: SQL | number | null, now: number) {
  const at = sql`max(CAST((${endsAt} - ${END_WARNING_MS}) / ${DAY_MS} AS INTEGER) * ${DAY_MS}, ${(Math.floor(now / DAY_MS) + 1) * DAY_MS})`
  return sql`iif(${at} < ${endsAt}, ${at}, NULL)`
}

/**
 * Sets, moves or (null) clears the end of a Tenant User. Whoever is past theirs comes back by it, takes a seat and signs in anew; an open
 * invitation expires with it at the latest. `endsAt` is ms.
 */
export const endChange = (act: MemberAct, endsAt: number | null): MembershipChange => ({
  kind: 'end_date_changed',
  rules: [
    ['already', sql`m.ends_at IS ${endsAt}`],
    ['is_admin', sql`m.role = 'admin'`],
    ['past_end', sql`coalesce(${endsAt} <= ${act.now}, 0)`],
    ...seatRules(act.tenantId, act.now, isEnded(act.now, 'm')),
  ],
  takesSeat: isEnded(act.now, 'm'),
  write: (which) => [...shortenInvitations(act, endsAt, which), writeEnd(act, endsAt, which)],
  keeps: { kind: 'end_date', was: sql`coalesce(CAST(m.ends_at AS TEXT), '')`, became: `${endsAt ?? ''}` },
  facts: {
    before: sql`json_object('until', ${lastDay(sql`m.ends_at`)})`,
    after: sql`json_object('until', ${endsAt === null ? null : lastDayOf(endsAt)})`,
  },
})

/** As with disabling, a session from before the end signs in anew. */
const writeEnd = ({ db, now }: MemberAct, endsAt: number | null, which: SQL) =>
  raw(
    db,
    sql`
    UPDATE members SET ends_at = ${endsAt}, end_warn_at = ${warnAt(endsAt, now)}, status = iif(status = 'ended', 'active', status),
      valid_from = iif(${isEnded(now)}, max(valid_from, members.ends_at), valid_from)
    WHERE id IN ${which}`,
  )

const shortenInvitations = ({ db }: MemberAct, endsAt: number | null, which: SQL) =>
  endsAt === null
    ? []
    : [
        raw(
          db,
          sql`
          UPDATE invitations SET expires_at = ${endsAt}, expiry_notice_at = min(expiry_notice_at, ${endsAt}),
            remind_at = min(remind_at, ${endsAt - REMIND_BEFORE_MS})
          WHERE state = 'open' AND expires_at > ${endsAt} AND member_id IN ${which}`,
        ),
      ]
