import { type SQL, sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import { lookupsOf, needlesOf } from '../core/search-key'
import { columnOf, edgeOf, isBackwards, isBeyond, sorted } from './order'
import { type Among, inTurn, isAmong, joinOpen } from './ranges'
import type { Place } from './viewer'

/** So many people who have the word are looked up and sorted; of several words, which together fewer have, so many who have one. */
const FEW = { word: 500, words: 2000 } as const
/** Where more have every word, so many are walked through in the order of the page. A word that one in ten has fills a page of 50 so. */
const WALKED = 500
/** More than so many share a domain: the walk soon meets some, in whatever order. */
const SHARED = 40

type Page = Among & { q: string; rows: number | SQL }
type Search = Page & { needles: string[]; few: number }

/** That a member is one of those whom `foundPage` gives. */
export const onFoundPage = ({ tenantId }: Pick<Place, 'tenantId'>, page: Omit<Page, 'tenantId'>) =>
  sql`${members.tenantId} = ${tenantId} AND ${members.emailKey} IN (${foundPage({ ...page, tenantId })})`

/**
 * SELECTs the `email_key` of the next `rows` people of the page, in its order, whose key contains what was typed.
 *
 * The rarest word decides. Few have it: they are looked up. Many: the order of the page is walked through for a while, and whom it has not
 * met by then is looked up beyond. LIMIT is for both, so that a page that the walk has filled looks nobody up.
 */
export function foundPage(page: Page): SQL {
  const needles = needlesOf(page.q)
  const search = { ...page, needles, few: lookupsOf(needles).length > 1 ? FEW.words : FEW.word }
  return sql`
    WITH
      rarest AS MATERIALIZED (${rarest(search)}),
      walk AS MATERIALIZED (${walk(search)}),
      edge AS MATERIALIZED (${edge(search)})
    SELECT email_key FROM (${inTurn(search, sql`coalesce((SELECT people FROM walk), -1)`)}) WHERE ${matches(search)}
    UNION ALL
    SELECT email_key FROM (${lookedUp(search)} LIMIT ${page.rows})
    LIMIT ${page.rows}`
}

/** What its pieces begin with, and how many have it; no more are counted than matter, and a domain comes after any other word. */
const rarest = ({ tenantId, needles, few }: Search) => sql`
  SELECT n.value AS pieces,
    (SELECT count(*) FROM (${byWord(tenantId, sql`json_each(n.value) w`)} LIMIT ${few + 1}))
    + (SELECT iif(count(*) > ${SHARED}, ${few + 2}, count(*)) FROM (${byDomain(tenantId, sql`json_each(n.value) w`)} LIMIT ${SHARED + 1}))
      AS people
  FROM json_each(${JSON.stringify(lookupsOf(needles))}) n ORDER BY people, n.key LIMIT 1`

/** How many people are walked through. Before everybody here has a key of the Worker's all of them are: the pieces do not tell of each. */
const walk = ({ tenantId, few }: Search) => sql`
  SELECT pieces, CASE
    WHEN EXISTS (SELECT 1 FROM members k WHERE k.tenant_id = ${tenantId} AND k.search_form = 0) THEN -1
    WHEN people > ${few} THEN ${WALKED} ELSE 0 END AS people
  FROM rarest`

/** Beyond whom people are looked up: nobody where the walk comes to the end. LIMIT 0 reads nothing. */
function edge(search: Search) {
  const start = edgeOf(search)
  return sql`
  SELECT pieces, ${start.key} AS key, ${start.address} AS address FROM walk WHERE people = 0
  UNION ALL SELECT walk.pieces, l.key, l.email_key FROM walk CROSS JOIN (
    SELECT * FROM (${inTurn(search, sql`(SELECT people FROM walk)`)}) LIMIT 1 OFFSET ${WALKED - 1}) l WHERE walk.people > 0`
}

function lookedUp(search: Search) {
  const from = sql`edge CROSS JOIN json_each(edge.pieces) w`
  const beyond = columnOf(search.order) ? sql`true` : sql`email_key ${isBackwards(search) ? sql`<` : sql`>`} edge.address`
  const found = sql`${byWord(search.tenantId, from)} AND ${beyond} UNION ALL ${byDomain(search.tenantId, from)} AND ${beyond}`
  return sql`
    SELECT ${members.emailKey} FROM members ${joinOpen(search)}
    WHERE ${members.tenantId} = ${search.tenantId} AND ${members.emailKey} IN (${found}) AND ${matches(search)} AND ${isAmong(search)}
      AND ${isBeyond(search, { key: sql`(SELECT key FROM edge)`, address: sql`(SELECT address FROM edge)` })}
    ORDER BY ${sorted(search)}`
}

/** Those who have a piece that begins with a value `w` of `from`. */
const byWord = (tenantId: string, from: SQL) => sql`
  SELECT email_key FROM ${from} CROSS JOIN search_pieces p WHERE p.tenant_id = ${tenantId} AND ${begins}`

/** Those who have a domain with such a piece. */
const byDomain = (tenantId: string, from: SQL) => sql`
  SELECT email_key FROM ${from} CROSS JOIN domain_pieces p CROSS JOIN member_domains d
  WHERE p.tenant_id = ${tenantId} AND ${begins} AND d.tenant_id = ${tenantId} AND d.domain = p.domain`

const begins = sql`p.piece >= w.value AND p.piece < w.value || char(1114111)`

const matches = ({ needles }: Search) => containsAll(sql`search_key`, needles) ?? sql`true`
