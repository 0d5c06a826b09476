import { type SQL, sql } from 'drizzle-orm'
import { type ActivityKind, asJson, record } from '../activity/activity'
import type { Act } from '../core/act'
import type { AboutAccount, AccountNews } from '../mail/letter'
import { queueAccountMail } from '../mail/queue-mail'
import { usersWhere } from './credential'
import { browserIn } from './known-browser'
import { activeMembersOf, type Origin } from './session'

/** What somebody is told by an email, as the log has it. */
const ENTRIES = {
  factor_added: 'factor_added',
  factor_removed: 'factor_removed',
  factor_was_reset: 'factor_reset',
  recovery_codes_made: 'recovery_codes_made',
  recovery_code_used: 'recovery_code_used',
} as const satisfies Partial<Record<AccountNews, ActivityKind>>

type Factor = { kind: NonNullable<AboutAccount['factor']>; name?: string }

/**
 * Where `when` holds, an email tells somebody what happened to their account, and where, and an entry tells each of their workspaces. What they call a
 * passkey is theirs: the log, which outlives them, has its kind only.
 */
export function tellOf(
  act: Act,
  news: keyof typeof ENTRIES,
  { userId, from, mailId, factor }: { userId: string; from: Origin; mailId: string; factor?: Factor },
  when: SQL,
) {
  const facts = factor && { factor: factor.kind }
  const change = facts && { [news === 'factor_removed' ? 'before' : 'after']: asJson(facts) }
  const about = { ...facts, ...(factor?.name ? { name: factor.name } : {}), ...browserIn(from) }
  return [
    queueAccountMail(act.db, { id: mailId, kind: news, now: act.now, about }, usersWhere(sql`u.id = ${userId} AND ${when}`)),
    record(act, ENTRIES[news], activeMembersOf(act, sql`${userId}`, when), change),
  ] as const
}
