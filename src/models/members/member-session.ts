import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { isLive } from '../identity/session'

/** How many a member's page shows; the newest first. */
const ROWS = 20

export type SessionEntry = { id: string; userAgent: string; ip: string; lastSeenAt: number }

/** Only the sessions that have entered this workspace: what a person does elsewhere is not this tenant's to see. */
export const memberSessionsOf = (db: Db, tenantId: string, memberId: string, now: number) =>
  raw<SessionEntry>(
    db,
    sql`
    SELECT s.id, s.user_agent AS userAgent, s.ip, s.last_seen_at AS lastSeenAt
    FROM members m JOIN sessions s ON s.user_id = m.user_id AND s.tenant_id = m.tenant_id
    WHERE m.tenant_id = ${tenantId} AND m.id = ${memberId} AND ${isLive(now)} ORDER BY s.last_seen_at DESC LIMIT ${ROWS}`,
  )
