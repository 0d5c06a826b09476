import { and, type SQL, sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import { needlesOf } from '../core/search-key'
import { bounced, expired, isExpired, isLate, refusedMail, troubled, working } from './attention'
import { lacking } from './lacking-factor'
import type { Filter } from './member'
import { edgeOf, isBeyond, sorted } from './order'
import { type Among, inTurn, isAmong, joinOpen } from './ranges'
import { foundPage } from './search'
import type { Place } from './viewer'

/** So many are looked up and sorted. Where there are more, the order of the page meets the next ones soon enough. */
const FEW = 1000
/** Past so many others the order of the page leads to the next ones at once. */
const OTHERS = 100

/**
 * Of whoever no status tells: those whom an index finds, how to know one of them, and the other pending people where those are fewer. `many`: what
 * says that they are more than `few`, where nobody has to be counted for it.
 */
export type Some = Pick<Among, 'statuses' | 'index'> & { found: SQL; where: SQL; others?: SQL; many?: (few: number) => SQL }

/** Undefined: a status that is stored. */
export function someOf(at: Pick<Place, 'tenantId' | 'now'>, filter: Filter): Some | undefined {
  const [{ tenantId, now }, { status }] = [at, filter]
  const [lapsed, late] = [isExpired(now), isLate(now)]
  if (status === 'pending')
    return { found: working(tenantId, now), where: sql`NOT ${lapsed} AND NOT ${refusedMail}`, others: expired(tenantId, now) }
  if (status === 'expired') return { found: expired(tenantId, now), where: sql`${lapsed} AND NOT ${refusedMail}` }
  if (status === 'bounced') return { found: bounced(tenantId), where: refusedMail }
  if (status === 'attention') return { found: troubled(tenantId, now), where: sql`(${lapsed} OR ${refusedMail} OR ${late})` }
  return status === 'no_factor' ? lacking(at, filter) : undefined
}

/** That `members` is one of the next `rows` of these on the page: all of them are pending, unless it is said. LIMIT 0 reads nothing. */
export function isNextOf(some: Some, filter: Filter & { tenantId: string }, rows: number): SQL {
  const among: Among = { ...filter, statuses: some.statuses ?? ['pending'], where: some.where, index: some.index }
  const asked = sql`iif((SELECT many FROM lots), ${rows}, 0)`
  const walked = filter.q ? foundPage({ ...among, q: filter.q, rows: asked }) : inTurn(among, asked)
  return sql`${members.tenantId} = ${filter.tenantId} AND ${members.emailKey} IN (
    WITH lots AS MATERIALIZED (SELECT ${areMany(some)} AS many)
    SELECT email_key FROM (${lookedUp(some, among, filter.q)} LIMIT ${rows})
    UNION ALL SELECT email_key FROM (${walked}))`
}

/** Whether to walk: CASE counts no further than it has to. */
const areMany = ({ found, others, many }: Some) =>
  many?.(FEW) ??
  sql`CASE
  WHEN ${others ? sql`(SELECT count(*) FROM (${others} LIMIT ${OTHERS + 1})) <= ${OTHERS}` : sql`false`} THEN true
  ELSE (SELECT count(*) FROM (${found} LIMIT ${FEW + 1})) > ${FEW} END`

/** Sorted first, so that only of those on the page it is asked how their email stands. */
function lookedUp({ found }: Some, among: Among, q: string) {
  const few = sql`SELECT member_id FROM (${found}) LIMIT iif((SELECT many FROM lots), 0, ${FEW})`
  const cheap = and(
    sql`${members.id} IN (${few}) AND +${members.tenantId} = ${among.tenantId} AND +(${isBeyond(among, edgeOf(among))})`,
    isAmong({ ...among, statuses: undefined, where: undefined }),
    containsAll(members.searchKey, needlesOf(q)),
  )
  return sql`
    SELECT s.email_key FROM (SELECT members.id, members.email_key FROM members WHERE ${cheap} ORDER BY ${sorted(among)} LIMIT -1) s
    CROSS JOIN members ON members.id = s.id ${joinOpen(among)} WHERE ${among.where}`
}
