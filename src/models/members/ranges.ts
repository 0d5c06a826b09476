import { and, type SQL, sql } from 'drizzle-orm'
import { MEMBER_STATUSES, members, ROLES } from '../../db/schema/members'
import type { Role } from '../access/access'
import { theirOpen } from './attention'
import { columnOf, isBackwards, isBeyond, type Ordering, spotOf, spotted, way } from './order'

type Status = (typeof MEMBER_STATUSES)[number]

/** Whom a list is of; everybody where it names neither statuses nor role. `where` may ask about `members` and, of pending people, their `open` invitation. */
export type Among = Ordering & {
  tenantId: string
  statuses?: Status[] | undefined
  role?: Role | undefined
  where?: SQL | undefined
  /** Which index finds them in this order, where SQLite might choose another. */
  index?: SQL | undefined
}

/** People of one status and role, whom each order has one after the other in its index. */
type Range = { status: Status; role: Role }
/** Ranges that are sorted together; those of one key by address alone. */
type Tier = { ranges: (Range | undefined)[]; key?: string | number }

/**
 * SELECTs `email_key`, `search_key` and the sort `key` of the next `rows` people. SQLite merges the ranges as it reads them, so that this costs about
 * as many rows as it gives, whatever the filter lets through.
 */
export function inTurn(among: Among, rows: SQL | number): SQL {
  const tiers = isEverybody(among) ? [EVERYBODY] : tiersOf(among).filter((tier) => isToCome(among, tier))
  const parts = tiers.map((tier) => inTier(among, tier, rows))
  if (parts.length < 2) return parts[0] ?? NOBODY
  return sql`${union(parts.map((part) => sql`SELECT * FROM (${part})`))} LIMIT ${rows}`
}

/** In the order of addresses, which has an index of its own. */
export const isEverybody = ({ order, statuses, role }: Among) => !columnOf(order) && !statuses && !role

/** That a member is one of them, wherever they are sorted; the plus keeps SQLite from looking for them in the ranges. */
export function isAmong({ statuses, role, where }: Among) {
  const any = statuses?.map((status) => sql`${status}`)
  const all = [any && sql`+${members.status} IN (${sql.join(any, sql`, `)})`, role && sql`+${members.role} = ${role}`]
  return and(...all, where) ?? sql`true`
}

/** Only where it can be asked about. */
export const joinOpen = ({ statuses }: Among) =>
  statuses?.includes('pending') ? sql`LEFT JOIN invitations i ON ${theirOpen}` : sql``

const EVERYBODY: Tier = { ranges: [undefined] }
const NOBODY = sql`SELECT '' AS email_key, '' AS search_key, '' AS key WHERE false`

/** As they come after one another. */
function tiersOf(among: Among): Tier[] {
  const ranges = rangesOf(among)
  if (among.order === 'role')
    return inDirection(
      among,
      ROLES.map((key) => ({ key, ranges: ranges.filter(({ role }) => role === key) })),
    )
  if (among.order === 'active')
    return inDirection(among, [
      { key: 0, ranges: ranges.filter(({ status }) => status === 'pending') },
      { ranges: ranges.filter(({ status }) => status !== 'pending') },
    ])
  return [{ ranges }]
}

const rangesOf = ({ statuses, role }: Among) =>
  (statuses ?? MEMBER_STATUSES).flatMap((status) => (role ? [role] : ROLES).map((role): Range => ({ status, role })))

const inDirection = (among: Among, tiers: Tier[]) => (isBackwards(among) ? tiers.toReversed() : tiers)

/** Whether the page does not begin after all of it. */
function isToCome(among: Among, { key, ranges }: Tier) {
  const spot = spotOf(among)
  if (ranges.length === 0) return false
  return !spot || key === undefined || key === spot.key || key > spot.key !== isBackwards(among)
}

function inTier(among: Among, tier: Tier, rows: SQL | number) {
  const selects = tier.ranges.map((range) =>
    selectFrom(among, tier, [range && isIn(range), isJoined(among, tier), isAfterStart(among, tier)]),
  )
  return ordered(among, tier, selects, rows)
}

/** Written out, so that SQLite knows which index it is for. */
const isIn = ({ status, role }: Range) => sql.raw(`members.status = '${status}' AND members.role = '${role}'`)
const isJoined = ({ order }: Among, { key }: Tier) =>
  order === 'active' && key === undefined ? sql`members.joined_at IS NOT NULL` : undefined

function isAfterStart(among: Among, { key }: Tier) {
  const spot = spotOf(among)
  if (!spot || (key !== undefined && key !== spot.key)) return undefined
  return isBeyond({ ...among, order: key === undefined ? among.order : 'address' }, spotted(spot))
}

function selectFrom(among: Among, tier: Tier, conditions: (SQL | undefined)[]) {
  const all = [sql`${members.tenantId} = ${among.tenantId}`, ...conditions, among.where].filter((one) => one !== undefined)
  return sql`
    SELECT ${members.emailKey}, ${members.searchKey}, ${keyIn(tier) ?? columnOf(among.order) ?? sql`''`} AS key
    FROM members ${among.index ?? sql``} ${joinOpen(among)} WHERE ${sql.join(all, sql` AND `)}`
}

const keyIn = ({ key }: Tier) => (key === undefined ? undefined : sql.raw(typeof key === 'number' ? `${key}` : `'${key}'`))

/** D1 refuses a UNION of more than five. */
const TERMS = 4

function ordered(among: Among, tier: Tier, selects: SQL[], rows: SQL | number): SQL {
  const halves = [selects.slice(0, TERMS), selects.slice(TERMS)]
  const parts = selects.length > TERMS ? halves.map((half) => sql`SELECT * FROM (${ordered(among, tier, half, rows)})`) : selects
  const by = tier.key === undefined && columnOf(among.order) ? sql`key ${way(among)}, ` : sql``
  return sql`${union(parts)} ORDER BY ${by}email_key ${way(among)} LIMIT ${rows}`
}

const union = (selects: SQL[]) => sql.join(selects, sql` UNION ALL `)
