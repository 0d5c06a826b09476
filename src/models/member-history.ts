import { sql } from 'drizzle-orm'
import type { Db } from '../db/connect'
import { isLive } from './session'

/** How many of each a member's page shows; the newest first. */
const ROWS = 20

export type InvitationEntry = {
  id: string
  state: string
  inviterName: string
  createdAt: number
  expiresAt: number
  closedAt: number | null
}
export type MailEntry = {
  id: string
  kind: string
  state: string
  reason: string | null
  attempts: number
  createdAt: number
  sentAt: number | null
}
export type SessionEntry = { id: string; userAgent: string; ip: string; lastSeenAt: number }

/** The plus keeps SQLite from walking the whole workspace by time, which it takes for the quicker way to the newest. */
export const invitationsOf = (db: Db, tenantId: string, memberId: string) =>
  db.all<InvitationEntry>(sql`
    SELECT id, state, inviter_name AS inviterName, created_at AS createdAt, expires_at AS expiresAt, closed_at AS closedAt
    FROM invitations WHERE member_id = ${memberId} AND +tenant_id = ${tenantId} ORDER BY created_at DESC LIMIT ${ROWS}`)

export const mailsOf = (db: Db, tenantId: string, memberId: string) =>
  db.all<MailEntry>(sql`
    SELECT id, kind, state, reason, attempts, created_at AS createdAt, sent_at AS sentAt
    FROM mails WHERE member_id = ${memberId} AND +tenant_id = ${tenantId} ORDER BY created_at DESC LIMIT ${ROWS}`)

/** Only the sessions that have entered this workspace: what a person does elsewhere is not this tenant's to see. */
export const memberSessionsOf = (db: Db, tenantId: string, memberId: string, now: number) =>
  db.all<SessionEntry>(sql`
    SELECT s.id, s.user_agent AS userAgent, s.ip, s.last_seen_at AS lastSeenAt
    FROM members m JOIN sessions s ON s.user_id = m.user_id AND s.tenant_id = m.tenant_id
    WHERE m.tenant_id = ${tenantId} AND m.id = ${memberId} AND ${isLive(now)} ORDER BY s.last_seen_at DESC LIMIT ${ROWS}`)
