import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { union } from 'drizzle-orm/sqlite-core'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import { ACTIVITY_KINDS, activity } from '../../db/schema/activity'
import type { Act, MemberAct } from '../core/act'
import type { Place } from '../members/viewer'

export { ACTIVITY_KINDS }
export type ActivityKind = (typeof ACTIVITY_KINDS)[number]

/** SQL for what was and what is, each a short JSON object such as `{"role":"user"}`. */
export type Change = { before?: SQL; after?: SQL }

/** What is known before the statement runs, as one side of a change. */
export const asJson = (facts: object) => sql`${JSON.stringify(facts)}`

/** An entry for each of the members `m`. Nothing is written when there is none. */
export const record = ({ db, by, now }: Act, kind: ActivityKind, about: From<'m'>, change: Change = {}) =>
  raw(
    db,
    sql`
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, before, after, ip)
    SELECT lower(hex(randomblob(16))), m.tenant_id, ${now}, ${kind}, ${by.memberId}, ${by.name}, ${by.email}, m.id, m.email,
      ${change.before ?? null}, ${change.after ?? null}, ${by.ip} FROM ${about}`,
  )

/** An entry about the workspace itself; `when` must hold, so that a change that did not happen leaves none. */
export const recordWorkspace = ({ db, by, now, tenantId }: MemberAct, kind: ActivityKind, change: Change, when: SQL = sql`true`) =>
  raw(
    db,
    sql`
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, before, after, ip)
    SELECT lower(hex(randomblob(16))), ${tenantId}, ${now}, ${kind}, ${by.memberId}, ${by.name}, ${by.email},
      ${change.before ?? null}, ${change.after ?? null}, ${by.ip} WHERE ${when}`,
  )

/** `person` is a member's id, as the one who did it or the one it was done to. `cursor` is the last entry of the page before. */
export type ActivityFilter = {
  person: string | undefined
  kind: ActivityKind | undefined
  cursor: { at: number; id: string } | undefined
}

export const ACTIVITY_ROWS = 50

/** One page, newest first, and a row more to tell that there is another. With a person: theirs by either side, each side bounded. */
export function activityPage(at: Pick<Place, 'db' | 'tenantId'>, filter: ActivityFilter, rows = ACTIVITY_ROWS) {
  const { person } = filter
  const page = (side: SQL | undefined) => newest(at, and(side, kindIs(filter), after(filter)), rows + 1)
  if (!person) return page(undefined)
  return union(page(eq(activity.memberId, person)), page(eq(activity.actorId, person)))
    .orderBy(sql`at DESC, id DESC`)
    .limit(rows + 1)
}

export type Entry = Awaited<ReturnType<typeof activityPage>>[number]

/** So far back it is looked for why somebody is not any more what a page showed. */
const LOOKED_BACK = 50

/** At most one row: the newest entry of these kinds about a member. */
export const latestAbout = (at: Pick<Place, 'db' | 'tenantId'>, memberId: string, kinds: readonly ActivityKind[]) => {
  const recent = newest(at, eq(activity.memberId, memberId), LOOKED_BACK).as('recent')
  return at.db.select().from(recent).where(inArray(recent.kind, kinds)).orderBy(desc(recent.at), desc(recent.id)).limit(1)
}

/** A SELECT of its own, since each half of a UNION is to be sorted and cut for itself. */
const newest = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, when: SQL | undefined, rows: number) =>
  db.select().from(
    db
      .select(ENTRY)
      .from(activity)
      .where(and(eq(activity.tenantId, tenantId), when))
      .orderBy(desc(activity.at), desc(activity.id))
      .limit(rows)
      .as('side'),
  )

/** Whoever holds a link has no name yet: then the member did it themself. */
const ENTRY = {
  id: activity.id,
  at: activity.at,
  kind: activity.kind,
  actorId: activity.actorId,
  actorName: sql<string | null>`coalesce(${activity.actorName}, ${activity.actorEmail}, ${activity.memberEmail})`.as('actor_name'),
  actorEmail: sql<
    string | null
  >`coalesce(${activity.actorEmail}, iif(${activity.actorName} IS NULL, ${activity.memberEmail}, NULL))`.as('actor_email'),
  memberId: activity.memberId,
  memberEmail: activity.memberEmail,
  before: activity.before,
  after: activity.after,
  ip: activity.ip,
}

const kindIs = ({ kind }: ActivityFilter) => (kind ? eq(activity.kind, kind) : undefined)

const after = ({ cursor }: ActivityFilter) =>
  cursor ? sql`(${activity.at}, ${activity.id}) < (${cursor.at}, ${cursor.id})` : undefined
