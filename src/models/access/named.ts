import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import type { Role } from './access'

/** Somebody to whom a change does not apply any more; the name is null once it is forgotten. */
export type Left = { member: string; reason: 'is_admin' | 'gone'; name: string | null }

/** `changed` are the people who have what was wanted by now; `undo` is there when any of it was new. */
export type ManyChanged = { changed: { name: string }[]; left: Left[]; undo: string | undefined }

type Person = { member: string; role: Role | null; name: string | null; known: number }

/** Each of the members named, with what they are now. */
export const peopleNamed = ({ db, tenantId }: MemberAct, ids: string[]) =>
  raw<Person>(
    db,
    sql`
    SELECT w.member, m.role, coalesce(u.name, m.invited_name, m.email, (SELECT coalesce(e.member_name, e.member_email) FROM activity e INDEXED BY activity_by_member
      WHERE e.tenant_id = ${tenantId} AND e.member_id = w.member ORDER BY e.at DESC LIMIT 1)) AS name,
      ${isKnown(tenantId)} AS known
    FROM ${named(tenantId, ids)} LEFT JOIN users u ON u.id = m.user_id`,
  )

/** That none of them is of another workspace, or of nowhere. */
export const allKnown = ({ tenantId }: MemberAct, ids: string[]) =>
  sql`NOT EXISTS (SELECT 1 FROM ${named(tenantId, ids)} WHERE NOT ${isKnown(tenantId)})`

/** Each member once, as `w`, with their row `m` while they have one. */
const named = (tenantId: string, ids: string[]) => sql`
  (SELECT DISTINCT value AS member FROM json_each(${JSON.stringify(ids)})) w
  LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = w.member`

/** Whoever is gone is known from the activity log. */
const isKnown = (tenantId: string) => sql`(m.id IS NOT NULL OR EXISTS (
  SELECT 1 FROM activity e WHERE e.tenant_id = ${tenantId} AND e.member_id = w.member))`

/** Whom a change of Tenant Users reached and whom it left; nothing when somebody is unknown. */
export function reached(people: Person[], undo: string | undefined): ManyChanged | { reason: 'not_found' } {
  if (people.some(({ known }) => !known)) return { reason: 'not_found' }
  return {
    changed: people.flatMap(({ role, name }) => (role === 'user' ? [{ name: name ?? '' }] : [])),
    left: people.flatMap(({ member, role, name }) =>
      role === 'user' ? [] : [{ member, name, reason: role === 'admin' ? ('is_admin' as const) : ('gone' as const) }],
    ),
    undo,
  }
}
