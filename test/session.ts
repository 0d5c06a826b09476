import type { NewSession } from '../src/models/identity/session'
import { run } from './database'

const LIFETIME_MS = 12 * 60 * 60_000

/** A session as signing in leaves it, of anybody and without a password: also of somebody who was disabled behind its back. */
export const insertSession = (session: NewSession, userId: string, tenantId: string | null, now = Date.now(), ip = '203.0.113.7') =>
  run(
    `INSERT INTO sessions (id, secret_hash, user_id, tenant_id, user_agent, ip, created_at, last_seen_at, expires_at)
     VALUES (?, ?, ?, ?, 'Test', ?, ?, ?, ?)`,
    session.id,
    session.secretHash,
    userId,
    tenantId,
    ip,
    now,
    now,
    now + LIFETIME_MS,
  )
