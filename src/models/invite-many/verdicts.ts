import { type SQL, sql } from 'drizzle-orm'
import { firstReason, type ReasonOf, type Rule } from '../../db/rules'
import { type InviteReason, pendingRules, rulesOfOne } from '../invitations/invite-rules'
import { rulesOfPreset } from '../invitations/invited-preset'
import { resendRulesOfOne } from '../invitations/resend'
import { type Caps, dailyRules } from '../invitations/sending-limit'
import { freeSeats, heldNoSeat, seatRulesAfter } from '../members/seats'
import type { CellReason } from './row'

/** Why a row is not sent now. */
export type RowReason =
  | CellReason
  | 'twice'
  | InviteReason
  | ReasonOf<ReturnType<typeof rulesOfPreset>>
  | ReasonOf<ReturnType<typeof resendRulesOfOne>>

type Where = { tenantId: string; now: number }

/**
 * What the rules say now of the rows of a list, as the table `v`: `n`, `holder`, the member who has the address already, and `refusal`, a JSON
 * `Refusal`, or NULL for whom it may go out and for whom it is not to. The rules are those of a single invitation. A row counts those before it
 * that would go out against what there is room for. `when` is over the list `d`.
 */
export const verdicts = (at: Where, id: string, caps: Caps, when: SQL = sql`true`) => {
  const { tenantId, now } = at
  // Whoever may not be pending takes no seat, and whoever has none gets no email: in this order nothing is kept free for somebody who is refused.
  const pending = stage('own', sql`s.holder IS NULL`, (before) => pendingRules(tenantId, caps, before))
  const seated = stage('pending', sql`s.takes_seat`, (before) => seatRulesAfter(before, sql`(SELECT seats FROM room)`))
  const daily = stage('seated', sql`true`, (before) => dailyRules(tenantId, caps, now, before))
  return sql`(WITH
    listed AS MATERIALIZED (${listed(at, id, when)}),
    own AS MATERIALIZED (${own(at)}),
    room AS MATERIALIZED (SELECT ${freeSeats(tenantId, now)} AS seats),
    pending AS MATERIALIZED (${pending}),
    seated AS MATERIALIZED (${seated}),
    daily AS MATERIALIZED (${daily})
    SELECT n, holder, status, first, asked, refusal FROM daily) v`
}

/** Of a row `r` of the list `d`: when its membership is to end, which an admin's never does. */
export const END = sql`iif(coalesce(r.own ->> 'role', d.settings ->> 'role') = 'user', coalesce(r.own ->> 'endsAt', d.settings ->> 'endsAt'), NULL)`

/** Of the same row: which preset it gets. What it says of sections and agents itself comes before that of the list. */
export const PRESET = sql`iif(coalesce(r.own ->> 'role', d.settings ->> 'role') = 'user', coalesce(r.own ->> 'preset',
  iif(r.own -> 'sections' IS NULL AND r.own -> 'mode' IS NULL, d.settings ->> 'preset', NULL)), NULL)`

/** `first` is the row that has the address before this one; `asked`: whether the row is to go out and is not decided yet. */
const listed = ({ tenantId }: Where, id: string, when: SQL) => sql`
  SELECT r.n, d.tenant_id, r.email_key, r.problem, coalesce(r.own -> '$.agents', d.settings -> '$.agents') AS agents,
    ${END} AS ends_at, ${PRESET} AS preset,
    r.choice = 'resend' AS resends, r.choice <> 'leave' AND (r.outcome IS NULL OR r.outcome = 'waiting') AS asked,
    min(r.n) FILTER (WHERE r.choice <> 'leave') OVER (PARTITION BY coalesce(r.email_key, r.n)) AS first
  FROM invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = d.id WHERE d.id = ${id} AND d.tenant_id = ${tenantId} AND ${when}`

const own = (at: Where) => {
  // The tenant of the row instead of one more value each time: D1 takes a hundred.
  const tenantId = sql`listed.tenant_id`
  const to = { tenantId, emailKey: sql`listed.email_key`, agents: sql`listed.agents`, endsAt: sql`listed.ends_at` }
  return sql`
    SELECT listed.n, listed.first, listed.asked, m.id AS holder, m.status, m.id IS NULL OR ${heldNoSeat(at.now)} AS takes_seat, CASE
      WHEN NOT listed.asked THEN NULL
      WHEN listed.problem IS NOT NULL THEN ${refusal(sql`listed.problem`)}
      WHEN listed.first < listed.n THEN ${refusal(sql`'twice'`)}
      WHEN listed.resends AND coalesce(m.status = 'pending', 0) THEN ${firstReason(resendRulesOfOne(at))}
      ELSE ${firstReason([...rulesOfOne(to, at.now), ...rulesOfPreset(tenantId, sql`listed.preset`, at.now)])} END AS refusal
    FROM listed LEFT JOIN members m ON m.tenant_id = listed.tenant_id AND m.email_key = listed.email_key`
}

const refusal = (reason: SQL) => sql`json_object('reason', ${reason}, 'retryAt', NULL)`

/** Refuses, of the rows that are left and take something, those for which too many come before. */
const stage = (from: 'own' | 'pending' | 'seated', takes: SQL, rules: (before: SQL) => readonly Rule[]) => sql`
  SELECT s.n, s.first, s.asked, s.holder, s.status, s.takes_seat,
    iif(s.taken, ${firstReason(rules(sql`s.before`))}, s.refusal) AS refusal
  FROM (SELECT s.*, s.asked AND s.refusal IS NULL AND ${takes} AS taken,
      coalesce(sum(s.asked AND s.refusal IS NULL AND ${takes}) OVER (ORDER BY s.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM ${sql.raw(from)} s) s`
