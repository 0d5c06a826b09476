import { type SQL, sql } from 'drizzle-orm'
import { firstReason } from '../../db/rules'
import { members } from '../../db/schema/members'
import { allKnown } from '../access/named'
import type { MemberAct } from '../core/act'
import { STEP_PEOPLE } from '../jobs/people'
import { statusAt } from '../members/active'
import { theirOpen } from '../members/attention'
import { type Filter, onPage } from '../members/member'
import type { MemberStatus } from '../members/membership'
import type { ManyChange } from './change'

/**
 * Who is meant: those named, each with the status that the page showed, or everybody who matches a filter, with the number of them that the page
 * showed.
 */
export type Chosen = { named: Named[] } | { filter: Everybody; shown: number }
export type Everybody = { q: string; status?: Filter['status']; role?: Filter['role'] }
export type Named = { id: string; state?: MemberStatus | undefined }

type At = Pick<MemberAct, 'db' | 'tenantId' | 'now'>

/** As a SELECT of `id, state`, each once; of everybody who matches, no more than one batch changes and one. */
export const chosenPeople = (at: At, chosen: Chosen): SQL =>
  'named' in chosen
    ? sql`SELECT value ->> 'id' AS id, max(value ->> 'state') AS state FROM json_each(${JSON.stringify(chosen.named)}) GROUP BY 1`
    : nextWhoMatch(at, chosen.filter, '', STEP_PEOPLE + 1)

/** The next of everybody who matches, in the order of addresses, which costs least: a SELECT of `id, state, key`, the address. */
export const nextWhoMatch = (at: Pick<At, 'tenantId' | 'now'>, { q, status, role }: Everybody, after: string, rows: number) => sql`
  SELECT ${members.id} AS id, ${statusAt(at.now)} AS state, ${members.emailKey} AS key FROM members LEFT JOIN invitations i ON ${theirOpen}
  WHERE ${onPage(at, { q, status, role, cursor: after }, rows)} ORDER BY ${members.emailKey} LIMIT ${rows}`

/** That they are those whom the page meant: all of them of this workspace, or as many as it said. Of more than one batch changes the job finds that. */
export function areAsShown(act: MemberAct, chosen: Chosen): SQL {
  if ('named' in chosen) return allKnown(act, idsOf(chosen))
  return isOneBatch(chosen) ? sql`(SELECT count(*) FROM (${chosenPeople(act, chosen)})) = ${chosen.shown}` : sql`true`
}

export const isOneBatch = (chosen: Chosen) => numberOf(chosen) <= STEP_PEOPLE

export const numberOf = (chosen: Chosen) => ('named' in chosen ? new Set(idsOf(chosen)).size : chosen.shown)

const idsOf = ({ named }: { named: Named[] }) => named.map(({ id }) => id)

type Judged = { people: SQL; change: ManyChange; self: SQL | string; columns?: SQL }

/**
 * As SQL: `reason`, why each of the `people`, a SELECT of `member_id, state`, is left by a change, NULL where nothing is in its way. `self` is the id of
 * whoever does it. `columns` may name more of the row `m` of the member, as far as there is one.
 */
export const verdictsOn = ({ tenantId, now }: At, { people, change, self, columns = sql`` }: Judged) => sql`
  SELECT p.member_id, CASE WHEN m.id IS NULL THEN 'gone' WHEN p.state <> ${statusAt(now, 'm')} THEN 'changed'
    ELSE ${firstReason(change.exceptSelf ? [...change.rules, ['self', sql`m.id = ${self}`]] : change.rules)} ->> 'reason' END AS reason ${columns}
  FROM (${people}) p LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = p.member_id`
