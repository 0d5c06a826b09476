import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import { newClaim, randomText } from './token'

/** SPEC section 6. */
const IDLE_MS = 30 * 60_000
export const ABSOLUTE_MS = 12 * 60 * 60_000
const TOUCH_MS = 60_000

/** Where a request comes from, as the edge reports it. */
export type Origin = { ip: string; userAgent: string }
export type NewSession = { id: string; secret: string; secretHash: string }

const USER_AGENT_CHARACTERS = 300

/** A session `s` that is neither idle too long nor too old. */
export const isLive = (now: number) => sql`s.last_seen_at > ${now - IDLE_MS} AND s.expires_at > ${now}`

export async function newSession(): Promise<NewSession> {
  const secret = randomText(32)
  return { id: newClaim(), secret, secretHash: await sha256(secret) }
}

/** Somebody whose password was just verified: against this hash, as an active member of `tenantId` or with no workspace yet. */
export type Proven = { id: string; passwordHash: string; tenantId: string | null }

/**
 * Starts a session if what was proven still holds when it is written: hashing takes long enough for a reset or a *disable* to come
 * in between. Returns one row when it does.
 */
export const startSession = (db: Db, session: NewSession, { id, passwordHash, tenantId }: Proven, from: Origin, now: number) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO sessions (id, secret_hash, user_id, tenant_id, user_agent, ip, created_at, last_seen_at, expires_at)
    SELECT ${session.id}, ${session.secretHash}, u.id, ${tenantId}, ${from.userAgent.slice(0, USER_AGENT_CHARACTERS)}, ${from.ip},
      ${now}, ${now}, ${now + ABSOLUTE_MS}
    FROM users u WHERE u.id = ${id} AND u.password_hash = ${passwordHash} AND (${tenantId} IS NULL OR EXISTS (
      SELECT 1 FROM members m WHERE m.user_id = u.id AND m.tenant_id = ${tenantId} AND m.status = 'active'))
    RETURNING id`,
  )

/** Notes that an active member used a live session, at most once a minute. */
export const touchSession = (db: Db, secretHash: string, now: number) =>
  raw(
    db,
    sql`UPDATE sessions AS s SET last_seen_at = ${now}
    WHERE s.secret_hash = ${secretHash} AND s.last_seen_at <= ${now - TOUCH_MS} AND ${isLive(now)}
      AND EXISTS (SELECT 1 FROM members m WHERE m.user_id = s.user_id AND m.tenant_id = s.tenant_id AND m.status = 'active')`,
  )

/** The live sessions of the person behind `secretHash`, newest first; theirs only. */
export const sessionsOf = (db: Db, secretHash: string, now: number) =>
  raw<{ id: string; userAgent: string; ip: string; createdAt: number; lastSeenAt: number; current: number }>(
    db,
    sql`
    SELECT s.id, s.user_agent AS userAgent, s.ip, s.created_at AS createdAt, s.last_seen_at AS lastSeenAt, s.secret_hash = ${secretHash} AS current
    FROM sessions s WHERE s.user_id = (SELECT user_id FROM sessions WHERE secret_hash = ${secretHash}) AND ${isLive(now)}
    ORDER BY s.last_seen_at DESC LIMIT 50`,
  )

/** Who is behind a session, whatever workspace it has entered or none: for pages that need a person and no membership. */
export const personOf = (db: Db, secretHash: string, now: number) =>
  raw<{ userId: string; email: string; emailKey: string }>(
    db,
    sql`
    SELECT u.id AS userId, u.email, u.email_key AS emailKey FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.secret_hash = ${secretHash} AND ${isLive(now)}`,
  )

/** Ends one session, and keeps on the member when it was last used. */
export function endSession(db: Db, secretHash: string, ip: string, now: number) {
  const here = sql`SELECT m.id FROM sessions s JOIN members m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id WHERE s.secret_hash = ${secretHash}`
  return db.batch([
    record(db, 'signed_out', { id: null, name: null, ip }, sql`members m WHERE m.id = (${here})`, now),
    raw(db, sql`UPDATE members SET last_active_at = ${now} WHERE id = (${here})`),
    raw(db, sql`DELETE FROM sessions WHERE secret_hash = ${secretHash}`),
  ])
}

/** Moves a session to another workspace of the same person. @returns its id, or undefined when they are not active there */
export async function enterWorkspace(
  db: Db,
  by: { userId: string; sessionId: string; memberId: string },
  slug: string,
  now: number,
) {
  const tenant = sql`(SELECT t.id FROM tenants t JOIN members m ON m.tenant_id = t.id
    WHERE t.slug = ${slug} AND m.user_id = ${by.userId} AND m.status = 'active')`
  const [, [entered]] = await db.batch([
    raw(db, sql`UPDATE members SET last_active_at = ${now} WHERE id = ${by.memberId} AND ${tenant} IS NOT NULL`),
    raw<{ tenantId: string }>(
      db,
      sql`
      UPDATE sessions SET tenant_id = ${tenant} WHERE id = ${by.sessionId} AND ${tenant} IS NOT NULL RETURNING tenant_id AS tenantId`,
    ),
  ])
  return entered?.tenantId
}

/** @returns whether this person had such a session */
export async function endSessionOf(db: Db, userId: string, id: string): Promise<boolean> {
  const ended = await raw<{ id: string }>(db, sql`DELETE FROM sessions WHERE user_id = ${userId} AND id = ${id} RETURNING id`)
  return ended.length === 1
}

export const pruneSessions = (db: Db, now: number) =>
  raw(db, sql`DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ${now} ORDER BY expires_at LIMIT 500)`)

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return new Uint8Array(digest).toHex()
}
