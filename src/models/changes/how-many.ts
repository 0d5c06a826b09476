import { type SQL, sql } from 'drizzle-orm'
import { MEMBER_STATUSES } from '../../db/schema/members'
import { endedUnmoved } from '../members/active'
import { onPage } from '../members/member'
import type { Place } from '../members/viewer'
import type { Everybody } from './chosen'

/** More than there can be; who is counted one by one is found by an index. */
const EVERYBODY = 1_000_000

/** How many people match, as SQL: from the kept counts where they tell, so that asking about everybody reads nobody. */
export function howMany(at: Pick<Place, 'tenantId' | 'now'>, filter: Everybody): SQL {
  const { q, status, role } = filter
  if (q || (status && !KEPT.includes(status)))
    return sql`(SELECT count(*) FROM members WHERE ${onPage(at, { q, status, role, cursor: '' }, EVERYBODY)})`
  const moved = role === 'admin' ? undefined : MOVED[status ?? '']
  return sql`(SELECT coalesce(sum(c.people), 0) FROM member_counts c
    WHERE c.tenant_id = ${at.tenantId} AND ${status ? sql`c.status = ${status}` : sql`true`} AND ${role ? sql`c.role = ${role}` : sql`true`})
    ${moved ? sql`${moved} (SELECT count(*) FROM (${endedUnmoved(at.tenantId, at.now)}))` : sql``}`
}

/** Of an invited person their invitation and its email tell more than is kept. */
const KEPT: string[] = MEMBER_STATUSES.filter((status) => status !== 'pending')
/** Whoever is past their end has ended before the Cron has moved them; only Tenant Users have an end. */
const MOVED: Record<string, SQL> = { active: sql`-`, ended: sql`+` }
