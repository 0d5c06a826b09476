import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import { keyOf } from '../core/address'
import { toViewer, type Viewer, viewerOf } from '../members/viewer'
import { hashPassword, verifyPassword } from './password'
import { type NewSession, newSession, type Origin, startSession } from './session'
import { blockedUntil, countTry, forgetTries, signInByAccount, signInByIp } from './throttle'

export type Credentials = { email: string; password: string }
export type SignedIn = { session: NewSession; viewer: Viewer | undefined }
export type SignInRefusal = { reason: 'wrong' } | { reason: 'too_many_tries'; retryAt: number }

type Account = { id: string; passwordHash: string; tenantId: string | null; memberId: string | null; invited: number }

/**
 * Unknown, pending, disabled and known addresses cost the same reads, one hash and the same writes. The workspace entered is the
 * one used last. Somebody with an account and no workspace gets in only with an open invitation to their own address (`invitationJti`),
 * and then into no workspace: just far enough to accept it.
 */
export async function signIn(
  db: Db,
  { email, password }: Credentials,
  from: Origin,
  invitationJti: string | undefined,
  now: number,
): Promise<SignedIn | SignInRefusal> {
  const key = keyOf(email)
  const [account, ip] = [signInByAccount(key), signInByIp(from.ip)]
  const [mayIp, mayAccount, [blocked], [found]] = await db.batch([
    countTry(db, ip, now),
    countTry(db, account, now),
    blockedUntil(db, [account, ip]),
    accountOf(db, key, invitationJti, now),
  ])
  if (mayIp.length === 0 || mayAccount.length === 0) return { reason: 'too_many_tries', retryAt: blocked?.until ?? now }

  const { ok, stale } = await verifyPassword(found?.passwordHash, password)
  const session = await newSession()
  if (!ok || !found || !(found.tenantId || found.invited)) {
    await db.batch([recordFailure(db, key, from.ip, now)])
    return { reason: 'wrong' }
  }
  const claim = { secretHash: session.secretHash, tenantId: found.tenantId ?? '' }
  const started = sql`EXISTS (SELECT 1 FROM sessions WHERE id = ${session.id})`
  const [[begun], [viewer]] = await db.batch([
    startSession(db, session, found, from, now),
    viewerOf(db, claim, now),
    ...forgetTries(db, account, ip, started),
    ...arrival(db, found, from, started, now),
    ...(stale ? [upgrade(db, found, await hashPassword(password))] : []),
  ])
  return begun ? { session, viewer: viewer && toViewer(viewer) } : { reason: 'wrong' }
}

/** Only over the hash that was verified: a new password must not be undone by the old one. */
const upgrade = (db: Db, { id, passwordHash }: Account, hash: string) =>
  raw(db, sql`UPDATE users SET password_hash = ${hash} WHERE id = ${id} AND password_hash = ${passwordHash}`)

const accountOf = (db: Db, key: string, invitationJti: string | undefined, now: number) =>
  raw<Account>(
    db,
    sql`
    SELECT u.id, u.password_hash AS passwordHash, m.tenant_id AS tenantId, m.id AS memberId,
      EXISTS (SELECT 1 FROM invitations i JOIN members p ON p.id = i.member_id
        WHERE i.jti = ${invitationJti ?? ''} AND i.state = 'open' AND i.expires_at > ${now} AND p.email_key = u.email_key) AS invited
    FROM users u LEFT JOIN members m ON m.user_id = u.id AND m.status = 'active'
    WHERE u.email_key = ${key} ORDER BY m.last_active_at DESC, m.joined_at DESC LIMIT 1`,
  )

const recordFailure = (db: Db, key: string, ip: string, now: number) =>
  record(db, 'sign_in_failed', { id: null, name: null, ip }, sql`members m WHERE m.email_key = ${key} AND m.status = 'active'`, now)

function arrival(db: Db, { id, memberId }: Account, from: Origin, started: SQL, now: number) {
  const here = sql`m.id = ${memberId} AND m.user_id = ${id} AND ${started}`
  return [
    raw(db, sql`UPDATE members AS m SET last_active_at = ${now} WHERE ${here}`),
    record(db, 'signed_in', { id: memberId, name: null, ip: from.ip }, sql`members m WHERE ${here}`, now),
  ]
}
