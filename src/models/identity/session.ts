import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { sessions, users } from '../../db/schema/identity'
import { as, flag } from '../../db/select'
import { FRESH_MS, SESSION, SWEPT_ROWS, USER_AGENT_CHARACTERS } from '../../limits'
import { record } from '../activity/activity'
import { endGrantsOf } from '../apps/signing-in'
import type { Act, PersonAct } from '../core/act'
import { randomId, randomSecret, sha256 } from '../core/random'
import { isActive } from '../members/active'
import { forgetBrowsers } from './known-browser'
import { factorOf, type Proofs, stillHold } from './verified'

/** Where a request comes from, as the edge reports it. */
export type Origin = { ip: string; userAgent: string }
export type NewSession = { id: string; secret: string; secretHash: string }

/** What a session cookie names, and when. */
export type Visitor = { db: Db; secretHash: string; now: number }

/** The id of the session behind a cookie, as SQL: for what rides in the batch that looks it up. */
export const sessionIdOf = ({ secretHash }: Pick<Visitor, 'secretHash'>) =>
  sql`(SELECT s.id FROM sessions s WHERE s.secret_hash = ${secretHash})`

/** The same of its person. */
export const userIdOf = ({ secretHash }: Pick<Visitor, 'secretHash'>) =>
  sql`(SELECT s.user_id FROM sessions s WHERE s.secret_hash = ${secretHash})`

/** Of a row of `sessions`: neither idle too long nor too old. */
export const isLive = (now: number) => sql`(${sessions.lastSeenAt} > ${now - SESSION.idleMs} AND ${sessions.expiresAt} > ${now})`

/** Of a row of `sessions` beside its `users`: the person proved a moment ago who they are, by signing in or since, and by a second factor where they have one. */
export const isFresh = (now: number) => sql`(max(${sessions.createdAt}, ${sessions.provedAt}) > ${now - FRESH_MS}
  AND (${users.factors} = 0 OR ${sessions.factorAt} > ${now - FRESH_MS}))`

/** The person is still an admin, behind a session of theirs that is live and fresh: for a statement that must not rest on what its page read. */
export const provenSession = ({ userId, sessionId }: Named, memberId: string, now: number) => sql`EXISTS (
  SELECT 1 FROM sessions JOIN users ON users.id = sessions.user_id JOIN members b ON b.user_id = sessions.user_id AND b.id = ${memberId} AND b.role = 'admin' AND ${isActive(now, 'b')}
  WHERE sessions.user_id = ${userId} AND sessions.id = ${sessionId} AND ${isLive(now)} AND ${isFresh(now)})`

/** The person of a session of theirs that is live and fresh: for a statement that must not rest on what its page read. */
export const provenPerson = ({ userId, sessionId }: Named, now: number) => sql`EXISTS (
  SELECT 1 FROM sessions JOIN users ON users.id = sessions.user_id
  WHERE sessions.user_id = ${userId} AND sessions.id = ${sessionId} AND ${isLive(now)} AND ${isFresh(now)})`

/** Of a row of `sessions`: too old, however much in use. */
export const isExpired = (now: number) => sql`${sessions.expiresAt} <= ${now}`

export async function newSession(): Promise<NewSession> {
  const secret = randomSecret()
  return { id: randomId(), secret, secretHash: await sha256(secret) }
}

/**
 * Starts a session if what was proven still holds when it is written, and is all that is asked of this person: hashing takes long enough for a reset
 * to come in between, and a second factor for one to be set up. With it end the former session of the same browser, by the hash of its secret, and
 * those used longest ago beyond ten. The first statement returns one row when the session began; `spend` follows it in the batch. `when` is what else
 * has to hold.
 */
export const startSession = (
  act: Act,
  session: NewSession,
  proofs: Proofs,
  from: Origin,
  former: string | undefined,
  when = sql`true`,
) => {
  const [{ userId }, factor] = [proofs[0], factorOf(proofs)]
  const started = hasStarted(session)
  return [
    raw<{ id: string }>(
      act.db,
      sql`
      INSERT INTO sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at, factor, factor_at)
      SELECT ${session.id}, ${session.secretHash}, id, ${from.userAgent.slice(0, USER_AGENT_CHARACTERS)}, ${from.ip},
        ${act.now}, ${act.now}, ${act.now + SESSION.absoluteMs}, ${factor ?? null}, ${factor ? act.now : 0}
      FROM users WHERE id = ${userId} AND ${stillHold(proofs, act.now)} AND (factors = 0 OR ${factor !== undefined}) AND ${when}
      RETURNING id`,
    ),
    raw(act.db, sql`DELETE FROM sessions WHERE secret_hash = ${former ?? ''} AND ${started}`),
    raw(
      act.db,
      sql`
      DELETE FROM sessions WHERE secret_hash IN (SELECT secret_hash FROM sessions WHERE user_id = ${userId} AND id <> ${session.id}
        ORDER BY last_seen_at DESC LIMIT -1 OFFSET ${SESSION.perPerson - 1}) AND ${started}`,
    ),
  ] as const
}

/** For what rides in the batch that starts it. */
export const hasStarted = ({ secretHash }: Pick<NewSession, 'secretHash'>) =>
  sql`EXISTS (SELECT 1 FROM sessions x WHERE x.secret_hash = ${secretHash})`

/** At most one row: the person behind a cookie, whatever workspace they are in; `live` is false once their session is over. */
export const personOf = ({ db, secretHash, now }: Visitor) =>
  db
    .select({
      sessionId: as(sessions.id, 'session_id'),
      userId: as(users.id, 'user_id'),
      email: users.email,
      emailKey: users.emailKey,
      name: users.name,
      provedAt: users.provedAt,
      factors: users.factors,
      factorAt: sessions.factorAt,
      confirmedAt: as(sessions.provedAt, 'confirmed_at'),
      lastTenantId: users.lastTenantId,
      lastSeenAt: sessions.lastSeenAt,
      live: flag(isLive(now), 'live'),
      expired: flag(isExpired(now), 'expired'),
      fresh: flag(isFresh(now), 'fresh'),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.secretHash, secretHash))

export type Person = Awaited<ReturnType<typeof personOf>>[number]

/** The live sessions of the person behind a cookie, newest first; theirs only. */
export const sessionsOf = ({ db, secretHash, now }: Visitor) =>
  db
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      ip: sessions.ip,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      factor: sessions.factor,
      current: flag(sql`${sessions.secretHash} = ${secretHash}`, 'current'),
    })
    .from(sessions)
    .where(and(sql`${sessions.userId} = ${userIdOf({ secretHash })}`, isLive(now)))
    .orderBy(desc(sessions.lastSeenAt))
    .limit(50)

export type OwnSession = Awaited<ReturnType<typeof sessionsOf>>[number]

/** A session by its id, which is looked for among the person's own. */
type Named = { userId: string; sessionId: string }
export const isNamed = ({ userId, sessionId }: Named) => and(eq(sessions.userId, userId), eq(sessions.id, sessionId))

/** Notes that a session is in use; not a write of a page, which D1 could then not read again after trouble. */
export const touchSession = ({ db, now }: Pick<Act, 'db' | 'now'>, { userId, sessionId }: Named) =>
  db
    .update(sessions)
    .set({ lastSeenAt: now })
    .where(and(isNamed({ userId, sessionId }), isLive(now)))

export const isTouchDue = ({ lastSeenAt }: { lastSeenAt: number }, now: number) => lastSeenAt <= now - SESSION.touchMs

/** The same statements whether the cookie names a session or not. */
export const signOut = (act: Act, secretHash: string) =>
  act.db.batch([
    record(act, 'signed_out', activeMembersOf(act, userIdOf({ secretHash }))),
    act.db.delete(sessions).where(eq(sessions.secretHash, secretHash)),
  ])

/** Every session of theirs, this one too, and all that they are signed in to; no browser stays known: one stolen device reaches every workspace. */
export const signOutEverywhere = (act: PersonAct) =>
  act.db.batch([
    record(act, 'signed_out_everywhere', activeMembersOf(act, sql`${act.userId}`)),
    act.db.delete(sessions).where(eq(sessions.userId, act.userId)),
    endGrantsOf(act.db, act.userId, act.now),
    forgetBrowsers(act.db, sql`${act.userId}`),
  ])

/** Their own, by its id. @returns whether this person had such a session */
export async function endSessionOf(act: PersonAct, id: string): Promise<boolean> {
  const own = isNamed({ userId: act.userId, sessionId: id })
  const had = sql`EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = ${act.userId} AND s.id = ${id})`
  const [, ended] = await act.db.batch([
    record(act, 'session_ended', activeMembersOf(act, sql`${act.userId}`, had)),
    act.db.delete(sessions).where(own).returning({ id: sessions.id }),
  ])
  return ended.length === 1
}

/** What someone does as a person is recorded in every workspace where they are active; `userId` is SQL. */
export const activeMembersOf = ({ now }: Pick<Act, 'now'>, userId: SQL, when: SQL = sql`true`) =>
  membersWhere(sql`m.user_id = ${userId} AND ${isActive(now, 'm')} AND ${when}`)

/** Reads all of them: an index by time would cost a row at every sign-in. */
export const pruneSessions = (db: Db, now: number) =>
  raw(
    db,
    sql`DELETE FROM sessions WHERE secret_hash IN (SELECT secret_hash FROM sessions WHERE expires_at <= ${now} LIMIT ${SWEPT_ROWS})`,
  )
