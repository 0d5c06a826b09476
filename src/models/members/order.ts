import { type SQL, sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'
import type { Position } from '../core/paging'

/** What people are sorted by, and within that by address. `active`: when they were last here or, if never, joined; before them who has not joined. */
export const ORDERS = ['address', 'name', 'role', 'active', 'invited'] as const
export const DIRECTIONS = ['asc', 'desc'] as const
export type Order = (typeof ORDERS)[number]
export type Direction = (typeof DIRECTIONS)[number]
/** In ascending order of addresses where nothing else is asked for. */
export type Ordering = Position & { order?: Order | undefined; dir?: Direction | undefined }

/** Virtual columns, of which the schema in the code does not know, stand as they are called: migrations/0034_orders.sql. */
const COLUMNS: Record<Order, SQL | undefined> = {
  address: undefined,
  name: sql`members.sort_name`,
  role: sql`members.role`,
  active: sql`members.seen_at`,
  invited: sql`members.created_at`,
}
const NUMBERS: Order[] = ['active', 'invited']

/** The place of a row in the order, or that of an edge: what is sorted by, and the address. */
type Spot<T> = { key: T; address: T }
type Row = { orderKey: string | number; emailKey: string }

export const orderKey = ({ order }: Ordering) => sql<string | number>`${columnOf(order) ?? sql`''`}`.as('order_key')

/** What a page begins after. */
export const cursorIn =
  ({ order }: Ordering) =>
  ({ orderKey, emailKey }: Row) =>
    columnOf(order) ? `${orderKey} ${emailKey}` : emailKey

/** Whether rows are read from the end: in descending order, or else before another page. */
export const isBackwards = ({ dir, before }: Ordering) => (dir === 'desc') !== Boolean(before)

/** After ORDER BY, of `members`. */
export const sorted = (ordering: Ordering) => {
  const column = columnOf(ordering.order)
  return sql`${column ? sql`${column} ${way(ordering)}, ` : sql``}${members.emailKey} ${way(ordering)}`
}

/** That a member comes after an edge. */
export function isBeyond(ordering: Ordering, { key, address }: Spot<SQL>) {
  const [column, after] = [columnOf(ordering.order), isBackwards(ordering) ? sql`<` : sql`>`]
  return column ? sql`(${column}, ${members.emailKey}) ${after} (${key}, ${address})` : sql`${members.emailKey} ${after} ${address}`
}

/** Where a page begins; the first before everybody, or behind: in SQLite a blob is more than any text or number. */
export function edgeOf(ordering: Ordering): Spot<SQL> {
  const spot = spotOf(ordering)
  if (spot) return spotted(spot)
  if (isBackwards(ordering)) return { key: sql`x''`, address: sql`x''` }
  return { key: isNumber(ordering) ? sql`-1` : sql`''`, address: sql`''` }
}

export function spotOf(ordering: Ordering): Spot<string | number> | undefined {
  const text = ordering.before || ordering.cursor
  if (!text) return undefined
  const at = columnOf(ordering.order) ? text.lastIndexOf(' ') : 0
  const key = text.slice(0, Math.max(at, 0))
  return { key: isNumber(ordering) ? Number(key) || 0 : key, address: text.slice(at).trimStart() }
}

export const spotted = ({ key, address }: Spot<string | number>) => ({ key: sql`${key}`, address: sql`${address}` })

export const columnOf = (order: Order = 'address') => COLUMNS[order]
export const way = (ordering: Ordering) => (isBackwards(ordering) ? sql`DESC` : sql`ASC`)
const isNumber = ({ order = 'address' }: Ordering) => NUMBERS.includes(order)
