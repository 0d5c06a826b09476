import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'

/** What an entry can say happened. */
export const ACTIVITY_KINDS = [
  'workspace_created',
  'invited',
  'resent',
  'renewed',
  'address_changed',
  'cancelled',
  'accepted',
  'declined',
  'role_changed',
  'disabled',
  'enabled',
  'deleted',
  'left',
  'signed_out_everywhere',
  'section_changed',
  'section_default_changed',
  'agent_access_changed',
  'agent_registered',
  'agent_changed',
  'agent_deleted',
  'settings_changed',
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'password_reset',
  'password_changed',
] as const
export type ActivityKind = (typeof ACTIVITY_KINDS)[number]

/** Who did it, as a snapshot: `id` is the member's; null for somebody who is not (yet) signed in. */
export type Actor = { id: string | null; name: string | null; ip: string }

/** SQL for what was and what is, each a short JSON object such as `{"role":"user"}`. */
export type Change = { before?: SQL; after?: SQL }

/** The members an entry is about, as SQL after FROM; their alias is `m`. Nothing is written when it finds nobody. */
export const record = (db: Db, kind: ActivityKind, actor: Actor, about: SQL, now: number, change: Change = {}) =>
  raw(
    db,
    sql`
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email, before, after, ip)
    SELECT lower(hex(randomblob(16))), m.tenant_id, ${now}, ${kind}, ${actor.id}, ${actor.name}, m.id, m.email,
      ${change.before ?? null}, ${change.after ?? null}, ${actor.ip} FROM ${about}`,
  )

/** An entry about the workspace itself; `when` is SQL that must hold, so that a change that did not happen leaves none. */
export const recordWorkspace = (
  db: Db,
  kind: ActivityKind,
  actor: Actor,
  tenantId: string,
  now: number,
  change: Change,
  when: SQL = sql`1`,
) =>
  raw(
    db,
    sql`
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, before, after, ip)
    SELECT lower(hex(randomblob(16))), ${tenantId}, ${now}, ${kind}, ${actor.id}, ${actor.name},
      ${change.before ?? null}, ${change.after ?? null}, ${actor.ip} WHERE ${when}`,
  )

export type Entry = {
  id: string
  at: number
  kind: ActivityKind
  actorId: string | null
  actorName: string | null
  memberId: string | null
  memberEmail: string | null
  before: string | null
  after: string | null
  ip: string | null
}

/** `person` is a member's id, as the one who did it or the one it was done to. `cursor` is the last entry of the page before. */
export type ActivityFilter = {
  person: string | undefined
  kind: ActivityKind | undefined
  cursor: { at: number; id: string } | undefined
}

export const ACTIVITY_ROWS = 50

/** One page, newest first, and a row more to tell that there is another. With a person: theirs by either side, each side bounded. */
export function activityPage(db: Db, tenantId: string, filter: ActivityFilter, rows = ACTIVITY_ROWS) {
  const sides = filter.person ? [sql`AND e.member_id = ${filter.person}`, sql`AND e.actor_id = ${filter.person}`] : [sql``]
  const pages = sides.map((side) => sql`SELECT * FROM (${sideOf(tenantId, side, filter, rows)})`)
  return raw<Entry>(db, sql`${sql.join(pages, sql` UNION `)} ORDER BY at DESC, id DESC LIMIT ${rows + 1}`)
}

const sideOf = (tenantId: string, side: SQL, { kind, cursor }: ActivityFilter, rows: number) => sql`
  SELECT e.id, e.at, e.kind, e.actor_id AS actorId, coalesce(e.actor_name, e.member_email) AS actorName, e.member_id AS memberId,
    e.member_email AS memberEmail, e.before, e.after, e.ip
  FROM activity e WHERE e.tenant_id = ${tenantId} ${side} ${kind ? sql`AND e.kind = ${kind}` : sql``}
    ${cursor ? sql`AND (e.at, e.id) < (${cursor.at}, ${cursor.id})` : sql``}
  ORDER BY e.at DESC, e.id DESC LIMIT ${rows + 1}`
