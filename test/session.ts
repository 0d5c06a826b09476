import type { NewSession } from '../src/models/identity/session'
import { run } from './database'

const LIFETIME_MS = 12 * 60 * 60_000

/** A session as signing in leaves it, of anybody and without a password: also of somebody who was disabled behind its back. */
export const insertSession = (session: NewSession, userId: string, now = Date.now(), ip = '203.0.113.7') =>
  run(
    `INSERT INTO sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at)
     VALUES (?, ?, ?, 'Test', ?, ?, ?, ?)`,
    session.id,
    session.secretHash,
    userId,
    ip,
    now,
    now,
    now + LIFETIME_MS,
  )

/** That this session was in a workspace a moment ago, so that its next page has nothing to note. */
export const insertVisit = (session: Pick<NewSession, 'id'>, userId: string, tenantId: string, now = Date.now()) =>
  run(
    `INSERT INTO visits (session_id, tenant_id, member_id, entered_at, last_at)
     SELECT ?, tenant_id, id, ?, ? FROM members WHERE user_id = ? AND tenant_id = ?`,
    session.id,
    now,
    now,
    userId,
    tenantId,
  )
