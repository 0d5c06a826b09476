import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { HALF_SIGN_IN, SWEPT_ROWS } from '../../limits'
import type { Act } from '../core/act'
import type { SignInState } from './sign-in-state'
import { stillHold, type Verified } from './verified'

/** A sign-in that waits for its second factor: the form says its id, and the cookie's hash that this is the browser in which it began. */
export type NamedSignIn = { id: string; browser: string | undefined }

/** The password that was given for an emailed link waits longer, and for no sign-in (`givePassword`). */
const isNamed = ({ id, browser }: NamedSignIn) =>
  sql`h.id = ${id} AND h.browser_hash = ${browser ?? ''} AND h.expires_at - h.created_at <= ${HALF_SIGN_IN.lifetimeMs}`

/** Where the password still holds and its person has a second factor. */
export const beginHalf = ({ db, now }: Act, proven: Verified, { id, browser }: NamedSignIn, expiresAt: number) =>
  raw(
    db,
    sql`
    INSERT INTO sign_ins (id, user_id, browser_hash, created_at, expires_at)
    SELECT ${id}, id, ${browser ?? ''}, ${now}, ${expiresAt} FROM users
    WHERE id = ${proven.userId} AND factors > 0 AND ${stillHold([proven], now)}`,
  )

type Row = { id: string; userId: string; email: string; tries: number; expiresAt: number; passkeys: number; apps: number }
export type HalfSignIn = Row

/** At most one row, over or not: whose sign-in it is, and what they can give. */
export const halfSignIn = (db: Db, named: NamedSignIn) =>
  raw<Row>(
    db,
    sql`
    SELECT h.id, h.user_id AS userId, u.email, h.tries, h.expires_at AS expiresAt,
      (SELECT count(*) FROM credentials k WHERE k.user_id = u.id AND k.kind = 'passkey') AS passkeys,
      (SELECT count(*) FROM credentials k WHERE k.user_id = u.id AND k.kind = 'totp') AS apps
    FROM sign_ins h JOIN users u ON u.id = h.user_id WHERE ${isNamed(named)}`,
  )

export const stateOf = ({ tries, expiresAt }: Row): SignInState => ({ step: 'half', tries, expiresAt })

/** `tries` are codes that were counted before this one. */
const ownerOf = (named: NamedSignIn, column: 'id' | 'email_key', now: number) => sql`(
  SELECT u.${sql.raw(column)} FROM sign_ins h JOIN users u ON u.id = h.user_id
  WHERE ${isNamed(named)} AND h.expires_at > ${now} AND h.tries <= ${HALF_SIGN_IN.codes})`

/** Whose it is, as SQL; NULL where it is nobody's, or over. */
export const userIdIn = (named: NamedSignIn, now: number) => ownerOf(named, 'id', now)
/** The same by their canonical address. */
export const emailKeyIn = (named: NamedSignIn, now: number) => ownerOf(named, 'email_key', now)

/**
 * Counts a code before it is looked at, where `allowed` holds. Stands before every other statement that asks whose the sign-in is: one code too many
 * is counted too, and by that is nobody's. Returns no row where it does not count.
 */
export const countCode = ({ db, now }: Act, named: NamedSignIn, allowed = sql`true`) =>
  raw<{ tries: number }>(
    db,
    sql`
    UPDATE sign_ins AS h SET tries = h.tries + 1
    WHERE ${isNamed(named)} AND h.expires_at > ${now} AND h.tries <= ${HALF_SIGN_IN.codes} AND ${allowed} RETURNING tries`,
  )

/** Reads all of them, which are few. */
export const pruneSignIns = (db: Db, now: number) =>
  raw(db, sql`DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE expires_at <= ${now} LIMIT ${SWEPT_ROWS})`)
