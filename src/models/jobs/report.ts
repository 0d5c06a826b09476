import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { statusAt } from '../members/active'
import type { MemberStatus } from '../members/membership'
import { nameOfMember } from '../members/their-name'
import type { Place } from '../members/viewer'

/** Somebody whom a job left, and why; `by` changed them last before it ended, where its kind says which entries tell. A name is null once it is forgotten. */
export type LeftPerson = {
  id: string
  reason: string
  name: string | null
  email: string | null
  status: MemberStatus | null
  by: string | null
}

/** The next people whom a job of this workspace left, by reason. */
export const leftBy = (at: Pick<Place, 'db' | 'tenantId' | 'now'>, jobId: string, { after, rows }: { after: Spot; rows: number }) =>
  raw<LeftPerson>(
    at.db,
    sql`
    SELECT p.member_id AS id, p.left_for AS reason, coalesce(${nameOfMember}, ${nameInLog}) AS name, m.email, ${statusAt(at.now, 'm')} AS status,
      ${lastChanger} AS by
    FROM jobs j CROSS JOIN job_people p ON p.job_id = j.id LEFT JOIN members m ON m.tenant_id = j.tenant_id AND m.id = p.member_id
    WHERE j.id = ${jobId} AND j.tenant_id = ${at.tenantId} AND p.left_for IS NOT NULL AND (p.left_for, p.member_id) > (${after.reason}, ${after.id})
    ORDER BY p.left_for, p.member_id LIMIT ${rows}`,
  )

export type Spot = { reason: string; id: string }

/** Of somebody who is not here any more. */
const nameInLog = sql`iif(m.id IS NULL, (SELECT coalesce(e.member_name, e.member_email) FROM activity e INDEXED BY activity_by_member
  WHERE e.tenant_id = j.tenant_id AND e.member_id = p.member_id ORDER BY e.at DESC LIMIT 1), NULL)`

const lastChanger = sql`iif(p.left_for IN ('changed', 'gone'), (
  SELECT coalesce(e.actor_name, e.actor_email, e.member_email) FROM activity e INDEXED BY activity_by_member
  WHERE e.tenant_id = j.tenant_id AND e.member_id = p.member_id AND e.kind IN (SELECT value FROM json_each(j.spec, '$.since'))
    AND e.at <= coalesce(j.finished_at, ${Number.MAX_SAFE_INTEGER})
  ORDER BY e.at DESC, e.id DESC LIMIT 1), NULL)`
