import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { members } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import { TEXT_PEOPLE } from '../../limits'
import { lookupsOf, needlesOf } from '../core/search-key'
import { onFoundPage } from '../members/search'
import { nameOfMember } from '../members/their-name'
import type { Place } from '../members/viewer'

/** Of former people who have the rarest word so many are looked at. Those who are here are found as in the user table. */
const FEW = 2000

/** Somebody whom entries of the log are about or by. */
export type FoundPerson = { id: string; email: string; name: string | null }

type Asked = { person?: string | undefined; who?: string | undefined }

/**
 * The person that the log is narrowed to, or those whose name or address contains what was typed, here or gone; one more than `TEXT_PEOPLE` tells
 * that there are too many.
 */
export const peopleMeant = (at: Place, { person, who }: Asked) =>
  raw<FoundPerson>(
    at.db,
    sql`
    SELECT m.id, m.email, ${nameOfMember} AS name FROM members m WHERE m.tenant_id = ${at.tenantId} AND m.id IN (${here(at, { person, who })})
    UNION ALL
    SELECT f.member_id, f.email, f.name FROM former_people f WHERE f.tenant_id = ${at.tenantId} AND f.member_id IN (${gone(at, { person, who })})
    LIMIT ${TEXT_PEOPLE + 1}`,
  )

/** The ids of the same people, as JSON. */
export const idsMeant = (at: Place, who: string) => sql`(
  SELECT json_group_array(id) FROM (SELECT id FROM (${here(at, { who })}) UNION ALL SELECT id FROM (${gone(at, { who })}) LIMIT ${TEXT_PEOPLE}))`

function here(at: Place, { person, who }: Asked): SQL {
  if (person) return sql`${person}`
  if (!who) return sql`SELECT NULL AS id`
  return sql`SELECT ${members.id} FROM members WHERE ${onFoundPage(at, { q: who, cursor: '', rows: TEXT_PEOPLE + 1 })}`
}

function gone({ tenantId }: Place, { person, who }: Asked): SQL {
  if (person) return sql`${person}`
  const needles = needlesOf(who ?? '')
  const pieces = (of: SQL) => sql`json_each(${of}) w CROSS JOIN former_pieces p
    WHERE p.tenant_id = ${tenantId} AND p.piece >= w.value AND p.piece < w.value || char(1114111)`
  return sql`
    WITH rarest AS MATERIALIZED (
      SELECT n.value AS pieces, (SELECT count(*) FROM (SELECT 1 FROM ${pieces(sql`n.value`)} LIMIT ${FEW})) AS people
      FROM json_each(${JSON.stringify(lookupsOf(needles))}) n ORDER BY people, n.key LIMIT 1)
    SELECT g.member_id AS id FROM former_people g WHERE g.tenant_id = ${tenantId} AND ${containsAll(sql`g.search_key`, needles) ?? sql`true`}
      AND g.member_id IN (SELECT member_id FROM rarest CROSS JOIN ${pieces(sql`rarest.pieces`)} LIMIT ${FEW}) LIMIT ${TEXT_PEOPLE + 1}`
}
