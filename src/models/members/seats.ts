import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { Rule } from '../../db/rules'
import { COUNTED } from '../../limits'
import { endedUnmoved } from './active'
import type { Place } from './viewer'

type Tenant = SQL | string

/** More than anybody invites at once: what is free where there is no limit. */
const UNLIMITED = 1_000_000_000

/** Kept by triggers: what costs nothing to read. */
const kept = (tenantId: Tenant, status: 'active' | 'pending') =>
  sql`coalesce((SELECT sum(c.people) FROM member_counts c WHERE c.tenant_id = ${tenantId} AND c.status = ${status}), 0)`

/** By the clock: whoever is past their end holds none, also before the Cron has moved them, however many they are. */
const active = (tenantId: Tenant, now: number) =>
  sql`(${kept(tenantId, 'active')} - (SELECT count(*) FROM (${endedUnmoved(tenantId, now)})))`

const openOf = (tenantId: Tenant, when: SQL) => sql`
  SELECT 1 FROM invitations i INDEXED BY invitations_open WHERE i.tenant_id = ${tenantId} AND i.state = 'open' AND i.expires_at ${when}`

/** Pending people whose invitation has not expired. Those whose has are counted, unless they are many: then the others are. */
const pending = (tenantId: Tenant, now: number) => sql`(
  SELECT iif(e.people <= ${COUNTED}, ${kept(tenantId, 'pending')} - e.people, (SELECT count(*) FROM (${openOf(tenantId, sql`> ${now}`)})))
  FROM (SELECT count(*) AS people FROM (${openOf(tenantId, sql`<= ${now}`)} LIMIT ${COUNTED + 1})) e)`

/**
 * How many seats are free, as SQL for a number: below zero where the operator has taken some away, and huge where there is no limit. Whoever is
 * active holds one, and whoever is pending with an invitation that has not expired. The nth new person of a list needs n of them.
 */
export const freeSeats = (tenantId: Tenant, now: number) => sql<number>`coalesce((
  SELECT t.seats - ${active(tenantId, now)} - ${pending(tenantId, now)} FROM tenants t WHERE t.id = ${tenantId} AND t.seats IS NOT NULL), ${UNLIMITED})`

/**
 * Whether nobody more can have a seat. Where there is one even for everybody who ever held one, the kept counts tell. It stands in FROM, since D1
 * takes no expression of more than a hundred levels.
 */
const isFull = (tenantId: Tenant, now: number) => sql`(SELECT f.none FROM (SELECT EXISTS (
    SELECT 1 FROM tenants t WHERE t.id = ${tenantId} AND t.seats <= ${kept(tenantId, 'active')} + ${kept(tenantId, 'pending')})
  AND ${freeSeats(tenantId, now)} < 1 AS none) f)`

/**
 * Why somebody who holds no seat cannot have one now; `when` is whether they would take one. It stands in the statement that gives the seat, so
 * that the last one goes to one of many who ask at once.
 */
export const seatRules = (tenantId: Tenant, now: number, when: SQL = sql`true`) =>
  [['no_seat', sql`(${when} AND ${isFull(tenantId, now)})`]] as const satisfies readonly Rule[]

/** The same for somebody before whom `before` others of a list take one; `free` is what `freeSeats` has found. */
export const seatRulesAfter = (before: SQL, free: SQL) =>
  [['no_seat', sql`${before} >= ${free}`]] as const satisfies readonly Rule[]

/** Of a pending member `m`: whether their seat went with their invitation. */
export const heldNoSeat = (now: number) =>
  sql`NOT EXISTS (SELECT 1 FROM invitations s WHERE s.member_id = m.id AND s.state = 'open' AND s.expires_at > ${now})`

export type Seats = { seats: number; active: number; pending: number }

/** At most one row: none where there is no limit. */
export const seatsOf = ({ db, tenantId, now }: Pick<Place, 'db' | 'tenantId' | 'now'>) =>
  raw<Seats>(
    db,
    sql`
    SELECT t.seats, ${active(tenantId, now)} AS active, ${pending(tenantId, now)} AS pending
    FROM tenants t WHERE t.id = ${tenantId} AND t.seats IS NOT NULL`,
  )
