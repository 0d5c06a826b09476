import { eq, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { memberCounts } from '../../db/schema/members'
import { COUNTED } from '../../limits'
import type { Role } from '../access/access'
import { endedUnmoved } from './active'
import { bounced, endsSoon, expired, waiting } from './attention'
import type { Filter, Status } from './member'
import type { Place } from './viewer'

/** How many people; `many`: more than are counted. */
export type Count = number | 'many'

/** How many people there are of each status and role, as the triggers keep it. */
export const storedCounts = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>) =>
  db
    .select({ status: memberCounts.status, role: memberCounts.role, people: memberCounts.people, lacking: memberCounts.lacking })
    .from(memberCounts)
    .where(eq(memberCounts.tenantId, tenantId))

/**
 * How many people are past their end without having been moved, how many end soon, and how many invited ones are in trouble by the clock or by their email, each found
 * by its index and counted up to `COUNTED`; of one role among those.
 */
export const troubleCounts = ({ db, tenantId, now }: Place, role?: Role) =>
  raw<Troubles>(
    db,
    sql`
    WITH found AS MATERIALIZED (
      SELECT member_id, 'bounced' AS by FROM (${bounced(tenantId)} LIMIT ${COUNTED + 1})
      UNION ALL SELECT member_id, 'expired' FROM (${expired(tenantId, now)} LIMIT ${COUNTED + 1})
      UNION ALL SELECT member_id, 'waiting' FROM (${waiting(tenantId, now)} LIMIT ${COUNTED + 1})
      UNION ALL SELECT member_id, 'ending' FROM (${endsSoon(tenantId, now)} LIMIT ${COUNTED + 1})),
    troubled AS (${role ? ofRole(role) : sql`SELECT member_id, by FROM found`})
    SELECT (SELECT count(*) FROM (${endedUnmoved(tenantId, now)} LIMIT ${COUNTED + 1})) AS unmoved,
      (SELECT count(*) FROM (${endedUnmoved(tenantId, now)} AND e.has_factor = 0 LIMIT ${COUNTED + 1})) AS unmovedLacking,
      (SELECT max(people) > ${COUNTED} FROM (SELECT count(*) AS people FROM found GROUP BY by)) AS more,
      count(*) FILTER (WHERE by = 'bounced') AS bounced, count(*) FILTER (WHERE by = 'expired') AS expired,
      count(DISTINCT member_id) FILTER (WHERE by IN ('bounced', 'expired')) AS either, count(DISTINCT member_id) AS attention FROM troubled`,
  )

const ofRole = (role: Role) =>
  sql`SELECT found.member_id, found.by FROM found CROSS JOIN members m ON m.id = found.member_id WHERE m.role = ${role}`

type Stored = Awaited<ReturnType<typeof storedCounts>>
type Troubles = {
  unmoved: number
  unmovedLacking: number
  more: 0 | 1 | null
  bounced: number
  expired: number
  either: number
  attention: number
}
export type Counts = Partial<Record<Status | 'all', Count>>

/** Of everybody, or of the role that the troubles were counted of. What cannot be told is left out. */
export function countsOf(stored: Stored, [troubles]: Troubles[] = [], role?: Role): Counts {
  const of = (status?: Stored[number]['status'], what: 'people' | 'lacking' = 'people') =>
    stored
      .filter((each) => (!status || each.status === status) && (!role || each.role === role))
      .reduce((sum, each) => sum + each[what], 0)
  const unmoved = role === 'admin' || !troubles ? { unmoved: 0, unmovedLacking: 0 } : troubles
  const stages = { active: of('active'), ended: of('ended'), lacking: of('active', 'lacking') }
  const kept: Counts = { all: of(), disabled: of('disabled'), ...byClock(stages, unmoved) }
  // Who was found first tells nothing of one role among them all.
  return !troubles || (role && troubles.more) ? kept : { ...kept, ...byTrouble(troubles, of('pending')) }
}

/** Whoever is past their end counts as ended before the Cron has moved them. */
const byClock = ({ active, ended, lacking }: Stages, { unmoved, unmovedLacking }: Unmoved): Counts =>
  unmoved > COUNTED ? { ended: 'many' } : { active: active - unmoved, ended: ended + unmoved, no_factor: lacking - unmovedLacking }
type Stages = Record<'active' | 'ended' | 'lacking', number>
type Unmoved = Pick<Troubles, 'unmoved' | 'unmovedLacking'>

/** Somebody whose email bounced is not expired as well. */
function byTrouble({ bounced, expired, either, attention }: Troubles, invited: number): Counts {
  const all = bounced <= COUNTED && expired <= COUNTED
  return {
    bounced: capped(bounced),
    attention: capped(attention),
    expired: all ? either - bounced : 'many',
    ...(all ? { pending: invited - either } : {}),
  }
}

const capped = (count: number): Count => (count > COUNTED ? 'many' : count)

/** How many match a filter, where that is known without reading them. */
export const totalOf = (counts: Counts, { q, status }: Pick<Filter, 'q'> & Partial<Pick<Filter, 'status'>>) =>
  q ? undefined : counts[status ?? 'all']
