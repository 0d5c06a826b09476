import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { Address } from '../core/address'
import { HOUR_MS } from '../core/duration'
import { reissueStatements } from '../invitations/resend'
import type { Caps } from '../invitations/sending-limit'
import { blockedUntil, countTry, forgotByAddress, forgotByIp, signInByAccount } from './throttle'
import { newClaim, newJti } from './token'

/** SPEC section 7. */
export const RESET_LIFETIME_MS = 30 * 60_000

/** One request may find several occasions to write; together they stay within the hour's limit of the address (SPEC section 7). */
const MAILS_AN_HOUR = 3

/** An address pending in more workspaces than this gets the others' links with the next request. */
const MOST_PENDING = 3

export type Forgotten = { mailIds: string[] } | { reason: 'too_many_tries'; retryAt: number }

/**
 * Mails a reset link to an active account, a fresh invitation to a pending one, nothing to anyone else. All of them run the same
 * statements, which find somebody or do not; only the limit by IP shows, and it is blind to the address.
 */
export async function forgotPassword(db: Db, address: Address, ip: string, caps: Caps, now: number): Promise<Forgotten> {
  const byIp = forgotByIp(ip)
  const [mayIp, mayAddress, [blocked], pending] = await db.batch([
    countTry(db, byIp, now),
    countTry(db, forgotByAddress(address.key), now),
    blockedUntil(db, [byIp]),
    raw<{ id: string }>(
      db,
      sql`SELECT id FROM members WHERE email_key = ${address.key} AND status = 'pending' LIMIT ${MOST_PENDING}`,
    ),
  ])
  if (mayIp.length === 0) return { reason: 'too_many_tries', retryAt: blocked?.until ?? now }
  const key = mayAddress.length === 0 ? '' : address.key
  const mayMail = sql`(SELECT count(*) FROM mails x WHERE x.to_key = ${key} AND x.kind IN ('password_reset', 'fresh_invitation')
    AND x.created_at > ${now - HOUR_MS}) < ${MAILS_AN_HOUR}`

  const mailIds = Array.from({ length: MOST_PENDING }, () => crypto.randomUUID())
  const renewals = mailIds.map((mailId, i) =>
    reissueStatements(db, {
      by: sql`m.id = ${pending[i]?.id ?? ''} AND m.email_key = ${key} AND ${mayMail}`,
      actor: { id: null, name: null, ip },
      kind: 'renewed',
      caps,
      now,
      mailId,
    }),
  )
  const resetMailId = crypto.randomUUID()
  await db.batch([...resetStatements(db, sql`u.email_key = ${key} AND ${mayMail}`, resetMailId, now), ...renewals.flat()])
  return { mailIds: [resetMailId, ...mailIds] }
}

/** Active somewhere, or invited to an account whose password is forgotten: without it the invitation could not be accepted. */
const mayReset = sql`(EXISTS (SELECT 1 FROM members m WHERE m.user_id = u.id AND m.status = 'active')
  OR EXISTS (SELECT 1 FROM members p WHERE p.email_key = u.email_key AND p.status = 'pending'))`

/** Newest only: an older link dies with the batch that makes the new one. */
function resetStatements(db: Db, who: SQL, mailId: string, now: number) {
  const user = sql`users u WHERE ${who} AND ${mayReset}`
  const id = crypto.randomUUID()
  return [
    raw(
      db,
      sql`
      UPDATE password_resets SET state = 'superseded', closed_at = ${now}, claim = ${newClaim()}
      WHERE state = 'open' AND user_id = (SELECT u.id FROM ${user})`,
    ),
    raw(
      db,
      sql`
      INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at)
      SELECT ${id}, u.id, ${newJti()}, 'open', ${now}, ${now + RESET_LIFETIME_MS} FROM ${user}`,
    ),
    raw(
      db,
      sql`
      INSERT INTO mails (id, kind, to_email, to_key, password_reset_id, created_at)
      SELECT ${mailId}, 'password_reset', u.email, u.email_key, ${id}, ${now} FROM ${user}`,
    ),
  ] as const
}

export type ResetState = 'open' | 'expired' | 'used' | 'superseded'
export type PasswordReset = {
  jti: string
  email: string
  name: string | null
  tenantNames: string[]
  expiresAt: number
  state: ResetState
}
type Row = Omit<PasswordReset, 'tenantNames' | 'state'> & { tenantNames: string; state: Exclude<ResetState, 'expired'> }

export const passwordResetOf = (db: Db, jti: string) =>
  raw<Row>(
    db,
    sql`
    SELECT r.jti, u.email, u.name, r.expires_at AS expiresAt, r.state, (SELECT json_group_array(t.name) FROM members m JOIN tenants t ON t.id = m.tenant_id
      WHERE m.user_id = u.id) AS tenantNames
    FROM password_resets r JOIN users u ON u.id = r.user_id WHERE r.jti = ${jti}`,
  )

export const toPasswordReset = (row: Row, now: number): PasswordReset => ({
  ...row,
  tenantNames: JSON.parse(row.tenantNames),
  state: row.state === 'open' && row.expiresAt <= now ? 'expired' : row.state,
})

/** Sets the password once, ends every session and mails a notice. @returns false when the link was not open any more */
export async function resetPassword(
  db: Db,
  jti: string,
  passwordHash: string,
  mailId: string,
  ip: string,
  now: number,
): Promise<boolean> {
  const claim = newClaim()
  const user = sql`(SELECT user_id FROM password_resets WHERE claim = ${claim})`
  const [won] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      UPDATE password_resets SET state = 'used', closed_at = ${now}, claim = ${claim}
      WHERE jti = ${jti} AND state = 'open' AND expires_at > ${now}
        AND EXISTS (SELECT 1 FROM users u WHERE u.id = password_resets.user_id AND ${mayReset})
      RETURNING id`,
    ),
    ...replacePassword(db, user, passwordHash, mailId, now),
    raw(db, sql`DELETE FROM sessions WHERE user_id = ${user}`),
    record(
      db,
      'password_reset',
      { id: null, name: null, ip },
      sql`members m WHERE m.user_id = ${user} AND m.status = 'active'`,
      now,
    ),
    raw(db, sql`DELETE FROM throttles WHERE key = ${signInByAccount('').key} || (SELECT email_key FROM users WHERE id = ${user})`),
  ])
  return won.length === 1
}

/** Puts the new hash in place and writes the notice; `user` is SQL for a user's id, or for nobody's. */
export const replacePassword = (db: Db, user: SQL, passwordHash: string, mailId: string, now: number) =>
  [
    raw(db, sql`UPDATE users SET password_hash = ${passwordHash}, password_changed_at = ${now} WHERE id = ${user}`),
    raw(
      db,
      sql`
      INSERT INTO mails (id, kind, to_email, to_key, created_at)
      SELECT ${mailId}, 'password_changed', u.email, u.email_key, ${now} FROM users u WHERE u.id = ${user}`,
    ),
  ] as const
