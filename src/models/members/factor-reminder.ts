import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { DAY_MS, FACTOR_WARNING_DAYS, HOUR_MS } from '../../limits'
import type { Act, MemberAct } from '../core/act'
import { asksMember } from '../identity/factor-asked'
import { type FactorPolicy, tightens } from '../identity/factor-policy'
import { isSuppressed } from '../invitations/suppression'
import { queueMail } from '../mail/queue-mail'
import { isActive } from './active'

/** What a workspace asks since `policyAt` (ms). */
export type Asks = { factorPolicy: FactorPolicy; factorPolicyAt: number; factorGraceDays: number }
type Stage = 'begins' | 'ends'

/**
 * Plans whom the Cron reminds after a change of what the workspace asks, in the batch of that change and where `still` holds: everybody at once when
 * it begins to ask more people, and again a week before their days end. Nobody is reminded of what nobody asks any more.
 */
export function planReminders({ db, tenantId, now }: MemberAct, before: Asks, after: Asks, still: SQL) {
  const planned = plan(before, after, now)
  const dropped =
    after.factorPolicy === 'optional' ? sql`true` : sql`member_id = '' AND stage IN ${[...planned.map(([stage]) => stage), '']}`
  return [
    raw(db, sql`DELETE FROM factor_reminders WHERE tenant_id = ${tenantId} AND ${dropped} AND ${still}`),
    raw(
      db,
      sql`
      INSERT INTO factor_reminders (tenant_id, member_id, stage, due_at)
      SELECT ${tenantId}, '', j.value ->> 0, j.value ->> 1 FROM json_each(${JSON.stringify(planned)}) j WHERE ${still}`,
    ),
  ] as const
}

/** Whoever has fewer days from now on is told, also where the week has begun. */
function plan(before: Asks, after: Asks, now: number): [Stage, number][] {
  const begins = tightens(before.factorPolicy, after.factorPolicy)
  const isAnother = begins || before.factorGraceDays !== after.factorGraceDays
  if (after.factorPolicy === 'optional' || !isAnother) return []
  const endsAt = after.factorPolicyAt + (after.factorGraceDays - FACTOR_WARNING_DAYS) * DAY_MS
  const ends: [Stage, number][] = begins && endsAt <= now ? [] : [['ends', Math.max(now, endsAt)]]
  return begins ? [['begins', now], ...ends] : ends
}

/** Of one run of the Cron; the rest is due in the next. */
const REMINDED = 500
/** Whoever was told a moment ago, perhaps of another rule, is not told again today. */
const TOLD_MS = 20 * HOUR_MS
const DONE = 'done'

/** The workspace whose people are gone through, and how far they have been. */
const round = (now: number) =>
  sql`(SELECT tenant_id, stage, place FROM factor_reminders WHERE due_at <= ${now} AND member_id = '' ORDER BY due_at LIMIT 1)`

/** The next of them, in the words of the index. A place is a role and an address. */
const next = (now: number) => sql`
  SELECT p.id, p.role, p.email_key FROM ${round(now)} r CROSS JOIN tenants t ON t.id = r.tenant_id
  CROSS JOIN members p INDEXED BY members_without_factor ON p.tenant_id = r.tenant_id AND p.status = 'active' AND p.has_factor = 0
    AND p.role IN (SELECT value FROM json_each(CASE t.factor_policy WHEN 'everybody' THEN '["admin","user"]' WHEN 'admins' THEN '["admin"]' ELSE '[]' END))
    AND (p.role, p.email_key) > (substr(r.place, 1, instr(r.place, ' ') - 1), substr(r.place, instr(r.place, ' ') + 1))
  ORDER BY p.role, p.email_key LIMIT ${REMINDED}`

const due = (now: number) =>
  sql`SELECT member_id FROM factor_reminders WHERE due_at <= ${now} AND member_id <> '' ORDER BY due_at, member_id LIMIT ${REMINDED}`

/** Emails whoever a workspace asks for a second factor and who has none. @returns the mails to tell the Queue of */
export async function remindOfFactors({ db, now }: Act): Promise<string[]> {
  const people = from(
    sql`members m CROSS JOIN tenants t ON t.id = m.tenant_id AND t.suspended_at IS NULL
    WHERE m.id IN (SELECT id FROM (${next(now)}) UNION SELECT member_id FROM (${due(now)})) AND ${isAsked(now)}
      AND NOT ${isSuppressed({ tenantId: sql`m.tenant_id`, emailKey: sql`m.email_key` })}
      AND NOT EXISTS (SELECT 1 FROM mails y WHERE y.to_key = m.email_key AND y.created_at > ${now - TOLD_MS} AND y.member_id = m.id AND y.kind = 'factor_reminder')`,
    'm',
  )
  const [mails] = await db.batch([
    queueMail(db, { id: sql`lower(hex(randomblob(16)))`, kind: 'factor_reminder', now }, people),
    raw(db, sql`DELETE FROM factor_reminders WHERE member_id <> '' AND due_at <= ${now} AND member_id IN (${due(now)})`),
    raw(
      db,
      sql`
      UPDATE factor_reminders SET place = coalesce((SELECT role || ' ' || email_key FROM (${next(now)}) LIMIT 1 OFFSET ${REMINDED - 1}), ${DONE})
      WHERE member_id = '' AND (tenant_id, stage) IN (SELECT tenant_id, stage FROM ${round(now)})`,
    ),
    raw(db, sql`DELETE FROM factor_reminders WHERE due_at <= ${now} AND member_id = '' AND place = ${DONE}`),
  ])
  return mails.map(({ id }) => id)
}

/** Of a member `m` and their workspace `t`. */
const isAsked = (now: number) => sql`${isActive(now, 'm')} AND m.has_factor = 0 AND ${asksMember}`

/** Of a reminder that is being sent: what the workspace asks of whoever it is for, as JSON; NULL where it asks them for none any more, or they have one. */
export const factorRuleOf = ({ kind, memberId }: { kind: SQLWrapper; memberId: SQLWrapper }) =>
  sql`CASE ${kind} WHEN 'factor_reminder' THEN (
    SELECT json_object('policy', t.factor_policy, 'policyAt', t.factor_policy_at, 'graceDays', t.factor_grace_days, 'role', m.role, 'joinedAt', m.joined_at)
    FROM members m JOIN tenants t ON t.id = m.tenant_id WHERE m.id = ${memberId} AND m.status = 'active' AND m.has_factor = 0) END`
