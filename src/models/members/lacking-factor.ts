import { sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'
import { isActive } from './active'
import type { storedCounts } from './counts'
import type { Filter } from './member'
import { columnOf } from './order'
import type { Some } from './trouble'
import type { Place } from './viewer'

/** The index that finds them has the orders of roles and addresses. */
const INDEX = sql`INDEXED BY members_without_factor`

/** Whoever is active and has no second factor. */
export function lacking({ tenantId, now }: Pick<Place, 'tenantId' | 'now'>, { q, role, order }: Filter): Some {
  const isSorted = !columnOf(order) || order === 'role'
  const ofRole = role ? sql`AND e.role = ${role}` : sql``
  const kept = sql`(SELECT coalesce(sum(e.lacking), 0) FROM member_counts e WHERE e.tenant_id = ${tenantId} AND e.status = 'active' ${ofRole})`
  return {
    statuses: ['active'],
    found: sql`
      SELECT e.id AS member_id FROM members e ${INDEX}
      WHERE e.tenant_id = ${tenantId} AND e.status = 'active' AND e.has_factor = 0 ${ofRole}`,
    where: sql`${members.hasFactor} = 0 AND ${isActive(now)}`,
    index: isSorted ? INDEX : undefined,
    many: (few) => (isSorted && !q ? sql`true` : sql`${kept} > ${few}`),
  }
}

type Stored = Awaited<ReturnType<typeof storedCounts>>
/** How many are active, and how many of those have no second factor. */
export type Lacking = Record<'admins' | 'everybody', { people: number; lacking: number }>

export function lackingIn(stored: Stored): Lacking {
  const active = stored.filter(({ status }) => status === 'active')
  return { admins: sumOf(active.filter(({ role }) => role === 'admin')), everybody: sumOf(active) }
}

const sumOf = (rows: Stored) =>
  rows.reduce((sum, { people, lacking }) => ({ people: sum.people + people, lacking: sum.lacking + lacking }), {
    people: 0,
    lacking: 0,
  })
