import { type SQL, sql } from 'drizzle-orm'
import type { Db, Statement } from '../../db/connect'
import { raw } from '../../db/raw'
import { DUE_NOW } from '../../db/settle'
import { LOGOUTS, OUTBOX } from '../../limits'
import { backoff } from '../outbox/backoff'

/**
 * Why an app has not been told. `refused`: it answered 400, which is its last word; `moved`: it redirected; `address`: nothing is sent there, or the app has
 * none any more; `status`, `timeout` and `unreachable` pass, perhaps.
 */
export type LogoutTrouble = 'refused' | 'moved' | 'address' | 'status' | 'timeout' | 'unreachable'
/** `status`: what was answered. `afterMs`: when it wants to be asked again. */
export type Told = 'told' | { trouble: LogoutTrouble; status?: number | undefined; afterMs?: number | undefined }

/** What an app has yet to be told, which is ours for a while. `uri` is null where the app cannot hear it any more. */
export type LeasedLogout = {
  id: string
  attempts: number
  createdAt: number
  clientId: string
  sub: string
  sid: string
  uri: string | null
}

/** Takes what is due, the oldest first. By now an app may be reached elsewhere than when the person signed in. */
export const leaseLogouts = (db: Db, now: number) =>
  raw<LeasedLogout>(
    db,
    sql`
    UPDATE app_logouts SET due_at = ${now + OUTBOX.leaseMs}, attempts = attempts + 1
    WHERE id IN (SELECT l.id FROM app_logouts l INDEXED BY app_logouts_due WHERE l.state = 'waiting' AND l.due_at <= max(${now}, ${sql.raw(DUE_NOW)})
      ORDER BY l.due_at LIMIT ${LOGOUTS.atOnce})
    RETURNING id, attempts, created_at AS createdAt, app_id AS clientId, sub, sid,
      iif(EXISTS (SELECT 1 FROM apps a WHERE a.id = app_id), (SELECT a.logout_uri FROM apps a WHERE a.id = app_id), uri) AS uri`,
  )

const LAST_WORDS = new Set<LogoutTrouble>(['refused', 'address'])

/**
 * Records what became of them, each only while nobody else has taken it since. What failed is tried again for a day. @returns when the next of all that wait
 * is due (ms), where one of these has to wait
 */
export async function recordLogouts(
  db: Db,
  attempts: { logout: LeasedLogout; told: Told }[],
  now: number,
): Promise<number | undefined> {
  const [first, ...others] = attempts.map(({ logout, told }) => outcome(db, logout, told, now))
  if (!first) return undefined
  const results = await db.batch([first, ...others, nextDue(db)])
  const [next] = results.at(-1) as { dueAt: number | null }[]
  const waits = results.slice(0, -1).some(([row]) => (row as { state: string } | undefined)?.state === 'waiting')
  return waits ? (next?.dueAt ?? undefined) : undefined
}

function outcome(db: Db, logout: LeasedLogout, told: Told, now: number): Statement<unknown> {
  if (told === 'told') return close(db, logout, sql`state = 'sent', done_at = ${now}, detail = NULL`)
  const ageMs = now - logout.createdAt
  const detail = told.status ? `${told.trouble} ${told.status}` : told.trouble
  if (LAST_WORDS.has(told.trouble) || ageMs > LOGOUTS.giveUpMs)
    return close(db, logout, sql`state = 'failed', done_at = ${now}, detail = ${detail}`)
  const dueAt = now + backoff({ attempts: logout.attempts, ageMs, afterMs: told.afterMs, firstMs: LOGOUTS.firstMs })
  return close(db, logout, sql`due_at = ${dueAt}, detail = ${detail}`)
}

const close = (db: Db, { id, attempts }: LeasedLogout, change: SQL) =>
  raw<{ state: string }>(
    db,
    sql`UPDATE app_logouts SET ${change} WHERE id = ${id} AND attempts = ${attempts} AND state = 'waiting' RETURNING state`,
  )

const nextDue = (db: Db) =>
  raw<{ dueAt: number | null }>(
    db,
    sql`SELECT due_at AS dueAt FROM app_logouts INDEXED BY app_logouts_due WHERE state = 'waiting' ORDER BY due_at LIMIT 1`,
  )

/** One row when something is due that the Queue may have lost. */
export const logoutsDue = (db: Db) =>
  raw<{ yes: 1 }>(
    db,
    sql`SELECT 1 AS yes FROM app_logouts INDEXED BY app_logouts_due WHERE state = 'waiting' AND due_at <= ${sql.raw(DUE_NOW)} LIMIT 1`,
  )
