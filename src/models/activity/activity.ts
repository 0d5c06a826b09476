import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import { ACTIVITY_KINDS, activity } from '../../db/schema/activity'
import type { Act, MemberAct } from '../core/act'
import { nameOfMember } from '../members/their-name'
import type { Place } from '../members/viewer'
import { idsMeant } from './people'

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
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, member_name,
      before, after, ip)
    SELECT ${entryId()}, m.tenant_id, ${now}, ${kind}, ${by.memberId}, ${by.name}, ${by.email}, m.id, m.email, ${nameOfMember},
      ${change.before ?? null}, ${change.after ?? null}, ${by.ip} FROM ${about}`,
  )

/** An entry about the workspace itself; `when` must hold, so that a change that did not happen leaves none. */
export const recordWorkspace = ({ db, by, now, tenantId }: MemberAct, kind: ActivityKind, change: Change, when: SQL = sql`true`) =>
  raw(
    db,
    sql`
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, before, after, ip)
    SELECT ${entryId()}, ${tenantId}, ${now}, ${kind}, ${by.memberId}, ${by.name}, ${by.email},
      ${change.before ?? null}, ${change.after ?? null}, ${by.ip} WHERE ${when}`,
  )

let recorded = 0

/** Random, and sorted as recorded, so that what happened in one instant is listed in its order. */
const entryId = () => sql`${(recorded++ % 2 ** 16).toString(16).padStart(4, '0')} || lower(hex(randomblob(14)))`

/** Sign-ins and sign-outs: most of the log, and seldom what is looked for. */
const SIGN_INS = [
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'signed_out_everywhere',
  'session_ended',
  'app_signed_in',
] as const satisfies ActivityKind[]
const isSignIn = (kind: ActivityKind) => SIGN_INS.some((each) => each === kind)

/** What the log can be narrowed to, besides one kind. */
export const GROUPS = { changes: ACTIVITY_KINDS.filter((kind) => !isSignIn(kind)), sign_ins: SIGN_INS, all: ACTIVITY_KINDS }
export type Group = keyof typeof GROUPS

/**
 * `person` is a member's id, as the one who did it or the one it was done to. `cursor` is the last entry of the page before. `from` and `until`
 * are times, the second no longer included.
 */
export type ActivityFilter = {
  person?: string | undefined
  /** What the names or addresses of the people contain, here or gone; of `person` it means nothing. */
  who?: string | undefined
  kind?: ActivityKind | Group | undefined
  from?: number | undefined
  until?: number | undefined
  cursor?: Moment | undefined
  /** The first entry of the page behind, from which this one is read backwards. */
  before?: Moment | undefined
}

type Moment = { at: number; id: string }

export const ACTIVITY_ROWS = 50

/** One page, newest first, and a row more to tell that there is another. */
export const activityPage = (at: Place, { kind = 'changes', person, who, ...span }: ActivityFilter, rows = ACTIVITY_ROWS) =>
  newest(at, { kinds: kindsIn(kind), ...peopleOf(at, { person, who }), rows: rows + 1, ...span })

const kindsIn = (kind: ActivityKind | Group) => (isGroup(kind) ? GROUPS[kind] : [kind])

/**
 * So many entries of an export. A group of everybody is walked through in the order of the log: by its kinds each would be read as far as all of
 * them go.
 */
export function exportedEntries(at: Place, { kind = 'changes', person, who, ...span }: ActivityFilter, rows: number) {
  if (!person && !who && isGroup(kind)) return walked(at, { kinds: GROUPS[kind], rows, ...span })
  return newest(at, { kinds: kindsIn(kind), ...peopleOf(at, { person, who }), rows, ...span })
}

const walked = ({ db, tenantId }: At, { kinds, rows, ...span }: Omit<Wanted, 'sides' | 'people'>) =>
  db
    .select(ENTRY)
    .from(activity)
    .where(and(eq(activity.tenantId, tenantId), inArray(activity.kind, [...kinds]), within(span, sql`activity`)))
    .orderBy(desc(activity.at), desc(activity.id))
    .limit(rows)

const isGroup = (kind: string): kind is Group => Object.hasOwn(GROUPS, kind)

export type Entry = Awaited<ReturnType<typeof activityPage>>[number]

/** At most one row: the newest entry of these kinds about a member. */
export const latestAbout = (at: At, memberId: string, kinds: readonly ActivityKind[]) =>
  newest(at, { kinds, people: sql`json_array(${memberId})`, sides: [ABOUT_THEM], rows: 1 })

function peopleOf(at: Place, { person, who }: Pick<ActivityFilter, 'person' | 'who'>) {
  if (person) return { people: sql`json_array(${person})`, sides: [ABOUT_THEM, BY_THEM] }
  if (who) return { people: idsMeant(at, who), sides: [ABOUT_THEM, BY_THEM] }
  return { people: sql`'[null]'`, sides: [EVERYBODY] }
}

/** Entries `e` of a person `p` by the index that serves them, which SQLite would not choose for `BY_THEM` by itself. */
const EVERYBODY = { index: sql.raw('activity_by_kind'), when: sql`true` }
const ABOUT_THEM = { index: sql.raw('activity_by_member'), when: sql`e.member_id = p.value` }
/** In the words of the index: what somebody did to themself is found by whom it was done to. */
const BY_THEM = { index: sql.raw('activity_by_actor'), when: sql`e.actor_id = p.value AND e.actor_id IS NOT e.member_id` }

type At = Pick<MemberAct, 'db' | 'tenantId'>
type Span = Pick<ActivityFilter, 'from' | 'until' | 'cursor' | 'before'>
/** `people` is JSON with their ids. */
type Wanted = Span & { kinds: readonly ActivityKind[]; people: SQL; sides: (typeof EVERYBODY)[]; rows: number }

/**
 * Each kind is read by its index, on each side of each person, no further than the page goes: however long the log, and however rare the kind. What
 * a subquery finds for each kind is handed on as JSON, since SQLite joins a subquery to what stands before it in no other way. What one of the people did to
 * another is found on both sides.
 */
function newest({ db, tenantId }: At, { kinds, people, sides, rows, ...span }: Wanted) {
  const order = span.before ? sql.raw('ASC') : sql.raw('DESC')
  const ofKind = sides.map(
    ({ index, when }) => sql`SELECT * FROM (SELECT e.at, e.id FROM activity e INDEXED BY ${index}
      WHERE e.tenant_id = ${tenantId} AND e.kind = k.value AND ${when} AND ${within(span)} ORDER BY e.at ${order}, e.id ${order} LIMIT ${rows})`,
  )
  const found = sql`(SELECT json_group_array(json_array(o.at, o.id)) FROM (${sql.join(ofKind, sql` UNION ALL `)}) o)`
  return db
    .selectDistinct(ENTRY)
    .from(sql`json_each(${people}) p, json_each(${JSON.stringify(kinds)}) k, json_each(${found}) f`)
    .crossJoin(activity)
    .where(and(eq(activity.tenantId, tenantId), sql`${activity.at} = f.value ->> 0`, sql`${activity.id} = f.value ->> 1`))
    .orderBy(sql`${activity.at} ${order}`, sql`${activity.id} ${order}`)
    .limit(rows)
}

/** One bound on each side, since an index serves only one. */
function within({ from = 0, until = Number.MAX_SAFE_INTEGER, cursor = { at: until, id: '' }, before }: Span, e = sql`e`) {
  if (before) return sql`(${e}.at, ${e}.id) > (${before.at}, ${before.id}) AND ${e}.at < ${until}`
  return sql`${e}.at >= ${from} AND (${e}.at, ${e}.id) < (${cursor.at}, ${cursor.id})`
}

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
  memberName: activity.memberName,
  before: activity.before,
  after: activity.after,
  ip: activity.ip,
}
