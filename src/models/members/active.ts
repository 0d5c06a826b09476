import { type SQL, sql } from 'drizzle-orm'
import type { MEMBER_STATUSES } from '../../db/schema/members'

/**
 * Whether the member with this alias is let in, as a condition: by the clock, so that nobody waits for the Cron that moves those who are past
 * their end to the status `ended`. Of admins the status is enough: an admin has no end.
 */
export function isActive(now: number, alias = 'members'): SQL {
  const m = sql.identifier(alias)
  return sql`(${m}.status = 'active' AND (${m}.ends_at IS NULL OR ${m}.ends_at > ${now}))`
}

/** Whether they are past their end, moved by the Cron or not. */
export function isEnded(now: number, alias = 'members'): SQL {
  const m = sql.identifier(alias)
  return sql`(${m}.status = 'ended' OR (${m}.status = 'active' AND coalesce(${m}.ends_at <= ${now}, 0)))`
}

/** What the member with this alias is by the clock: one of `MEMBER_STATUSES`. */
export function statusAt(now: number, alias = 'members') {
  const m = sql.identifier(alias)
  return sql<(typeof MEMBER_STATUSES)[number]>`iif(${m}.status = 'active' AND ${m}.ends_at <= ${now}, 'ended', ${m}.status)`
}

/** The members of a workspace whom the Cron has yet to move. In the words of the index `members_ending`. */
export const endedUnmoved = (tenantId: SQL | string, now: number) => sql`
  SELECT e.id FROM members e INDEXED BY members_ending
  WHERE e.tenant_id = ${tenantId} AND e.status = 'active' AND e.ends_at IS NOT NULL AND e.ends_at <= ${now}`
