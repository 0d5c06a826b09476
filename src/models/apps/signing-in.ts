import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { DAY_MS } from '../../limits'
import { isLive, isNamed } from '../identity/session'
import type { App } from './app'

/** A grant that begins, or goes on with what was asked for now. */
export type NewGrant = {
  grantId: string
  app: App
  client: string
  tenantId: string
  memberId: string
  userId: string
  sessionId: string
  sessionAt: number
  factorAt: number
  sid: string
  sub: string
  scope: string
  offline: boolean
}

/** What a person is called by the apps of a workspace from now on, unless they are called something already. */
export const nameSubject = (db: Db, grant: NewGrant) =>
  raw(
    db,
    sql`INSERT INTO subjects (tenant_id, user_id, sub) SELECT m.tenant_id, m.user_id, ${grant.sub} FROM ${memberOf(grant)} ON CONFLICT DO NOTHING`,
  )

/** Still the member that was read, active or not: whatever else they lack ends the grant in the batch that begins it. */
const memberOf = ({ tenantId, memberId, userId }: NewGrant) =>
  sql`members m WHERE m.tenant_id = ${tenantId} AND m.id = ${memberId} AND m.user_id = ${userId}`

/**
 * Returns one row: whether the grant is the one that was read, and the person is called what was read, however many sign in at once, and neither has
 * the session ended nor the app been changed meanwhile. What may go on without the session goes on so until it ends.
 */
export const beginGrant = (db: Db, grant: NewGrant, now: number) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO app_grants (id, tenant_id, app_id, client, member_id, user_id, session_id, offline, factor_at, session_at, sid, sub, scope, created_at,
      used_at)
    SELECT ${grant.grantId}, x.tenant_id, ${grant.app.id}, ${grant.client}, ${grant.memberId}, x.user_id, ${grant.sessionId}, ${grant.offline ? 1 : 0},
      ${grant.factorAt}, ${grant.sessionAt}, ${grant.sid}, x.sub, ${grant.scope}, ${now}, ${now}
    FROM subjects x WHERE x.tenant_id = ${grant.tenantId} AND x.user_id = ${grant.userId} AND x.sub = ${grant.sub}
      AND EXISTS (SELECT 1 FROM ${memberOf(grant)}) AND NOT EXISTS (SELECT 1 FROM app_grants g WHERE g.id = ${grant.grantId} AND g.ended_at IS NOT NULL)
      AND EXISTS (SELECT 1 FROM apps a WHERE a.id = ${grant.app.id} AND a.version = ${grant.app.version})
      AND EXISTS (SELECT 1 FROM sessions WHERE ${isNamed(grant)} AND ${isLive(now)}) AND ${isLetIn(grant)}
    ON CONFLICT (app_id, session_id, client) WHERE ended_at IS NULL DO UPDATE SET scope = excluded.scope, offline = max(offline, excluded.offline),
      factor_at = excluded.factor_at, used_at = excluded.used_at WHERE id = excluded.id
    RETURNING id`,
  )

/** It has been agreed to, by an admin for everybody or by the person, and of a program the workspace still takes such. */
const isLetIn = ({ client, tenantId, memberId, app }: NewGrant) =>
  client === '' && app.grantedAt !== null
    ? sql`true`
    : sql`EXISTS (SELECT 1 FROM app_consents c JOIN tenants t ON t.id = ${tenantId} AND (${client} = '' OR t.metadata_clients = 1)
    WHERE c.member_id = ${memberId} AND c.app_id = ${app.id} AND c.client = ${client})`

/** For what follows in the batch that begins it. */
export const hasBegun = (grantId: string, now: number) =>
  sql`EXISTS (SELECT 1 FROM app_grants g WHERE g.id = ${grantId} AND g.created_at = ${now})`

/** What a code or token is kept as. `ttl` is in seconds. */
export type NewToken = { id: string; kind: string; payload: Record<string, unknown>; ttl: number }

/** Kept while its grant lasts, and `when` holds. */
export const keepToken = (db: Db, { id, kind, payload, ttl }: NewToken, now: number, when: SQL = sql`true`) =>
  raw(
    db,
    sql`
    INSERT INTO app_tokens (id, kind, grant_id, payload, created_at, expires_at)
    SELECT ${id}, ${kind}, g.id, ${JSON.stringify(payload)}, ${now}, ${now + ttl * 1000} FROM app_grants g
    WHERE g.id = ${String(payload.grantId)} AND g.ended_at IS NULL AND ${when}`,
  )

/** So long it is noticed that a code or refresh token is used once more, and what it has given ends. */
const REUSED_MS = 7 * DAY_MS

/** Returns one row for whoever uses it first. The nonce is what the rest of the batch rests on. */
export const useToken = (db: Db, id: string, nonce: string, now: number, when: SQL) =>
  raw<{ id: string }>(
    db,
    sql`
    UPDATE app_tokens SET consumed_at = ${now}, write_nonce = ${nonce}, expires_at = min(expires_at, ${now + REUSED_MS})
    WHERE id = ${id} AND consumed_at IS NULL AND expires_at > ${now} AND ${when} RETURNING id`,
  )

export const isUsedBy = (id: string, nonce: string) =>
  sql`EXISTS (SELECT 1 FROM app_tokens k WHERE k.id = ${id} AND k.write_nonce = ${nonce})`

/** What nobody can use any more, of a grant that is in use: the next tokens take their place. A day later, so that a code used again is noticed. */
export const dropExpired = (db: Db, grantId: string, now: number) =>
  raw(db, sql`DELETE FROM app_tokens WHERE grant_id = ${grantId} AND expires_at < ${now - DAY_MS}`)

export const dropToken = (db: Db, id: string, when: SQL) => raw(db, sql`DELETE FROM app_tokens WHERE id = ${id} AND ${when}`)

/** Nobody is signed in by it any more: its tokens go, and the app is told. */
export const endGrant = (db: Db, grantId: string, now: number, when: SQL = sql`true`) =>
  raw(db, sql`UPDATE app_grants SET ended_at = ${now} WHERE id = ${grantId} AND ended_at IS NULL AND ${when}`)

/** Nobody is signed in as this user any more, offline neither, to the apps of any workspace. */
export const endGrantsOf = (db: Db, userId: string, now: number, when: SQL = sql`true`) =>
  raw(db, sql`UPDATE app_grants SET ended_at = ${now} WHERE user_id = ${userId} AND ended_at IS NULL AND ${when}`)

/** So that a grant which is in use does not end for being unused. */
export const touchGrant = (db: Db, grantId: string, now: number, when: SQL = sql`true`) =>
  raw(db, sql`UPDATE app_grants SET used_at = ${now} WHERE id = ${grantId} AND ended_at IS NULL AND ${when}`)
