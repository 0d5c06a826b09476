import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { OUTBOX } from '../../limits'

/**
 * A table of work that is due, each row done at least once: written in the batch of what caused it, done by a Queue's consumer, found by the
 * Cron's sweep when the Queue or the consumer lost it. It has the columns `id`, `state` ('queued' until the work is settled), `attempts`,
 * `leased_until` and `created_at`, and an index on `leased_until` where the state is 'queued'.
 */
export type Outbox = { table: string }

/** A row that is ours for `OUTBOX.leaseMs`, and which of its attempts this is: whoever leases it next counts one further. */
export type Attempt = { id: string; attempts: number }

/** Takes those rows that are due. A row that is not among them is somebody else's, waits, or is settled. */
export const lease = (db: Db, { table }: Outbox, ids: string[], now: number) =>
  raw<Attempt & { createdAt: number }>(
    db,
    sql`
    UPDATE ${sql.identifier(table)} SET leased_until = ${now + OUTBOX.leaseMs}, attempts = attempts + 1
    WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND state = 'queued' AND leased_until <= ${now}
    RETURNING id, attempts, created_at AS createdAt`,
  )

/** Of a row that `lease` has just taken, in its batch. */
export const isLeasedAt = (now: number) => sql`state = 'queued' AND leased_until = ${now + OUTBOX.leaseMs}`

/** What should have been done by now: the Queue dropped it, or its consumer died. Those that are due for longest, at most a sweep's worth. */
export const lost = (db: Db, { table }: Outbox, now: number) => {
  const due = now - OUTBOX.graceMs
  return raw<{ id: string }>(
    db,
    sql`
    SELECT id FROM ${sql.identifier(table)} WHERE state = 'queued' AND leased_until <= ${due} AND created_at <= ${due}
    ORDER BY leased_until LIMIT ${OUTBOX.sweepRows}`,
  )
}

/** Only the last attempt writes, so that a consumer that comes back from the dead changes nothing. */
export const isTheLast = ({ id, attempts }: Attempt) => sql`id = ${id} AND attempts = ${attempts}`

/** The same while nothing has settled the row in the meantime. */
export const isOpen = (attempt: Attempt) => sql`${isTheLast(attempt)} AND state = 'queued'`

/** Ends the work of an attempt in a state. `also` sets other columns of the row. */
export const settle = (db: Db, { table }: Outbox, attempt: Attempt, state: string, also?: SQL) =>
  raw(db, sql`UPDATE ${sql.identifier(table)} SET state = ${state}${and(also)} WHERE ${isOpen(attempt)}`)

/** Leaves the row queued, and nobody takes it before `until`. */
export const postpone = (db: Db, { table }: Outbox, attempt: Attempt, until: number, also?: SQL) =>
  raw(db, sql`UPDATE ${sql.identifier(table)} SET leased_until = ${until}${and(also)} WHERE ${isOpen(attempt)}`)

const and = (also: SQL | undefined) => (also ? sql`, ${also}` : sql``)
