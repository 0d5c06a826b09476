import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/sqlite-core'
import type { Db } from '../../db/connect'
import { members, searchTerms } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import type { Position } from '../core/paging'
import { needlesOf, TERM_CHARACTERS } from '../core/search-key'
import { open, theirOpen } from './attention'
import type { Place } from './viewer'

/**
 * So many people are found by a word, and then sorted. A word that more have is in so many keys that a walk in the order of the page soon
 * meets enough of them: between the two a page of 110,000 people reads some ten thousand rows at worst.
 */
const FEW = 500

export type Page = Position & { q: string; rows: number; where?: SQL | undefined }

/**
 * That a member is one of the next `rows` people of the page, in address order, whom `where` admits and whose key contains what was
 * typed. `where` may ask about `members` and their `open` invitation.
 */
export function onFoundPage(at: Place, page: Page): SQL {
  const needles = needlesOf(page.q)
  const hits = at.db.$with('hits').as(
    at.db
      .select({ memberId: searchTerms.memberId })
      .from(searchTerms)
      .where(and(eq(searchTerms.tenantId, at.tenantId), startsWith(needles[0] ?? '')))
      .limit(FEW + 1),
  )
  // Before everybody here has a key of the Worker's, the terms do not tell how many there are.
  const unkeyed = sql`EXISTS (SELECT 1 FROM members d WHERE d.tenant_id = ${at.tenantId} AND d.search_form = 0)`
  const few = at.db.$with('few').as(at.db.select({ yes: sql`count(*) <= ${FEW} AND NOT ${unkeyed}`.as('yes') }).from(hits))
  const found = sql`${members.id} IN (SELECT member_id FROM hits, few WHERE yes) AND +${members.tenantId} = ${at.tenantId}`
  // Where they are few there is no such workspace to walk through.
  const walked = sql`${members.tenantId} = (SELECT ${at.tenantId} FROM few WHERE NOT yes)`
  const place = page.before ? sql`< ${page.before}` : sql`> ${page.cursor}`
  const ids = (select: Pick<Db, 'select'>, which: SQL, key: SQL) =>
    select
      .select({ id: members.id, emailKey: members.emailKey })
      .from(members)
      .leftJoin(open, theirOpen)
      .where(and(which, sql`${key} ${place}`, page.where, containsAll(members.searchKey, needles)))
  // What WITH names is known to both.
  const next = unionAll(
    ids(at.db.with(hits, few) as Pick<Db, 'select'>, found, sql`+${members.emailKey}`),
    ids(at.db, walked, sql`${members.emailKey}`),
  )
    .orderBy(page.before ? desc(members.emailKey) : members.emailKey)
    .limit(page.rows)
  return inArray(members.id, at.db.select({ id: sql`id` }).from(next.as('found')))
}

/** The terms of the index that begin so. */
function startsWith(needle: string) {
  const term = [...needle].slice(0, TERM_CHARACTERS).join('')
  return and(sql`${searchTerms.term} >= ${term}`, sql`${searchTerms.term} < ${`${term}\u{10ffff}`}`)
}
