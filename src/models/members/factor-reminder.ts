import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { DAY_MS, FACTOR_WARNING_DAYS } from '../../limits'
import type { MemberAct } from '../core/act'
import { type FactorPolicy, tightens } from '../identity/factor-policy'

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
