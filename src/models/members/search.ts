import { type SQL, sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import type { Position } from '../core/paging'
import { lookupsOf, needlesOf } from '../core/search-key'
import { theirOpen } from './attention'
import type { Place } from './viewer'

/** So many people who have the word are looked up and sorted; of several words, which together fewer have, so many who have one. */
const FEW = { word: 500, words: 2000 } as const
/** Where more have every word, so many are walked through in the order of the page. A word that one in ten has fills a page of 50 so. */
const WALKED = 500
/** More than so many share a domain: the walk soon meets some, in whatever order. */
const SHARED = 40

export type Page = Position & { q: string; rows: number; where?: SQL | undefined }
type Search = Page & { tenantId: string; needles: string[]; few: number }

/**
 * That a member is one of the next `rows` people of the page, in address order, whom `where` admits and whose key contains what was
 * typed. `where` may ask about `members` and their `open` invitation.
 *
 * The rarest word decides. Few have it: they are looked up. Many: the order of the page is walked through for a while, and whom it has not
 * met by then is looked up beyond. LIMIT is for both, so that a page that the walk has filled looks nobody up.
 */
export function onFoundPage({ tenantId }: Place, page: Page): SQL {
  const needles = needlesOf(page.q)
  const search = { ...page, tenantId, needles, few: lookupsOf(needles).length > 1 ? FEW.words : FEW.word }
  return sql`${members.tenantId} = ${tenantId} AND ${members.emailKey} IN (
    WITH
      rarest AS MATERIALIZED (${rarest(search)}),
      walk AS MATERIALIZED (${walk(search)}),
      edge AS MATERIALIZED (${edge(search)})
    SELECT email_key FROM (${walked(search)} LIMIT coalesce((SELECT people FROM walk), -1)) WHERE ${matches(search)}
    UNION ALL
    SELECT email_key FROM (${lookedUp(search)} LIMIT ${page.rows})
    LIMIT ${page.rows})`
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

/** Beyond whom people are looked up: NULL where the walk comes to the end. */
const edge = (search: Search) => sql`
  SELECT pieces, CASE people WHEN 0 THEN ${start(search)} ELSE (SELECT email_key FROM (${walked(search)} LIMIT 1 OFFSET ${WALKED - 1})) END AS address
  FROM walk WHERE people >= 0`

const walked = (search: Search) => admitted(search, sql`${members.emailKey} ${after(search)} ${start(search)}`)

function lookedUp(search: Search) {
  const from = sql`edge CROSS JOIN json_each(edge.pieces) w`
  const beyond = sql`edge.address IS NOT NULL AND email_key ${after(search)} edge.address`
  const found = sql`${byWord(search.tenantId, from)} AND ${beyond} UNION ALL ${byDomain(search.tenantId, from)} AND ${beyond}`
  return admitted(search, sql`${members.emailKey} IN (${found}) AND ${matches(search)}`)
}

/** Whom `where` admits, in the order of the page. */
const admitted = ({ tenantId, where, before }: Search, which: SQL) => sql`
  SELECT ${members.emailKey}, ${members.searchKey} FROM members LEFT JOIN invitations i ON ${theirOpen}
  WHERE ${members.tenantId} = ${tenantId} AND ${which} AND ${where ?? sql`true`}
  ORDER BY ${members.emailKey} ${before ? sql`DESC` : sql`ASC`}`

/** Those who have a piece that begins with a value `w` of `from`. */
const byWord = (tenantId: string, from: SQL) => sql`
  SELECT email_key FROM ${from} CROSS JOIN search_pieces p WHERE p.tenant_id = ${tenantId} AND ${begins}`

/** Those who have a domain with such a piece. */
const byDomain = (tenantId: string, from: SQL) => sql`
  SELECT email_key FROM ${from} CROSS JOIN domain_pieces p CROSS JOIN member_domains d
  WHERE p.tenant_id = ${tenantId} AND ${begins} AND d.tenant_id = ${tenantId} AND d.domain = p.domain`

const begins = sql`p.piece >= w.value AND p.piece < w.value || char(1114111)`

const matches = ({ needles }: Search) => containsAll(sql`search_key`, needles) ?? sql`true`
const start = ({ cursor, before }: Search) => before || cursor
const after = ({ before }: Search) => (before ? sql`<` : sql`>`)
