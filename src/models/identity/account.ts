import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type Actor, record } from '../activity/activity'
import { keyOf } from '../core/address'
import { noticeChoiceOf } from '../invitations/notice'
import type { Claim, Viewer } from '../members/viewer'
import { replacePassword } from './password-reset'
import { isLive, sessionsOf } from './session'
import { blockedUntil, countTry, signInByAccount } from './throttle'

export const accountPage = (db: Db, at: Claim, now: number) => ({
  sessions: sessionsOf(db, at.secretHash, now),
  choice: noticeChoiceOf(db, at),
})

/** The hash of the person behind a session, to prove who is changing the password. */
export const passwordHashOf = (db: Db, secretHash: string) =>
  raw<{ passwordHash: string }>(
    db,
    sql`
    SELECT u.password_hash AS passwordHash FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.secret_hash = ${secretHash}`,
  )

export const rename = (db: Db, viewer: Viewer, name: string | null) =>
  raw(db, sql`UPDATE users SET name = ${name} WHERE id = ${viewer.userId}`)

/**
 * Ends the person's other sessions and moves this one to a new secret, so that no older cookie works; mails a notice.
 * @returns false when this session ended meanwhile: a reset that came first must not be undone by whoever it shut out
 */
export async function changePassword(
  db: Db,
  viewer: Viewer,
  actor: Actor,
  hashes: { password: string; secret: string },
  mailId: string,
  now: number,
): Promise<boolean> {
  const user = sql`(SELECT user_id FROM sessions WHERE id = ${viewer.sessionId})`
  const [moved] = await db.batch([
    raw<{ id: string }>(db, sql`UPDATE sessions SET secret_hash = ${hashes.secret} WHERE id = ${viewer.sessionId} RETURNING id`),
    ...replacePassword(db, user, hashes.password, mailId, now),
    raw(db, sql`DELETE FROM sessions WHERE user_id = ${user} AND id <> ${viewer.sessionId}`),
    raw(db, sql`DELETE FROM throttles WHERE key = ${signInByAccount(keyOf(viewer.email)).key}`),
    record(db, 'password_changed', { ...actor, id: null }, sql`members m WHERE m.user_id = ${user} AND m.status = 'active'`, now),
  ])
  return moved.length === 1
}

/**
 * Guesses at the current password count with those at signing in, each before it is made: the first read is empty
 * when this one is refused, the second says until when (ms).
 */
export function guessAt(db: Db, secretHash: string, now: number) {
  const key = sql`${signInByAccount('').key} || u.email_key`
  const whose = sql`sessions s JOIN users u ON u.id = s.user_id WHERE s.secret_hash = ${secretHash} AND ${isLive(now)}`
  const account = { ...signInByAccount(''), key }
  return {
    allowed: countTry(db, account, now, whose),
    blocked: blockedUntil(db, [{ ...account, key: sql`(SELECT ${key} FROM ${whose})` }]),
  }
}
