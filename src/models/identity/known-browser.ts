import { and, desc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { knownBrowsers } from '../../db/schema/identity'
import { KNOWN_BROWSER_MS, KNOWN_BROWSERS, MINUTE_MS, SWEPT_ROWS, USER_AGENT_CHARACTERS } from '../../limits'
import type { Act, PersonAct } from '../core/act'
import { randomId, randomSecret, sha256 } from '../core/random'
import { queueAccountMail } from '../mail/queue-mail'
import { usersWhere } from './credential'
import type { Origin, Visitor } from './session'

export type NewBrowser = { secret: string; hash: string }

/** What the cookie of a browser is to hold, and what of it the database does. */
export async function newBrowser(): Promise<NewBrowser> {
  const secret = randomSecret()
  return { secret, hash: await sha256(secret) }
}

/** What somebody signed in with: the hash of the secret that it had before, if it had one, and the secret that it has from now on. */
export type SignedInBrowser = { userId: string; from: Origin; before: string | undefined; next: NewBrowser }

/**
 * Tells somebody that they signed in with a browser which is not known, where `started` holds. It stands before `knowBrowser` in a batch. Not at
 * their first sign-in, not within a quarter of an hour after they reset their password, which forgot their browsers and was emailed itself, and not
 * twice for a form that was sent twice: the first answer has the new secret.
 */
export const tellOfNewBrowser = (
  { db, now }: Act,
  { userId, from, before }: Omit<SignedInBrowser, 'next'>,
  id: string,
  started: SQL,
) =>
  queueAccountMail(
    db,
    { id, kind: 'new_browser', now, about: browserIn(from) },
    usersWhere(sql`u.id = ${userId} AND u.browsers_since IS NOT NULL AND ${started}
      AND NOT EXISTS (SELECT 1 FROM known_browsers b WHERE b.browser_hash = ${before ?? ''} AND b.user_id = u.id AND b.last_used_at > ${now - KNOWN_BROWSER_MS})
      AND NOT EXISTS (SELECT 1 FROM known_browsers b WHERE b.user_id = u.id AND b.user_agent = ${browserIn(from).userAgent} AND b.ip = ${from.ip}
        AND b.last_used_at > ${now - MINUTE_MS})
      AND NOT EXISTS (SELECT 1 FROM password_resets r WHERE r.user_id = u.id AND r.state = 'used' AND r.closed_at > ${now - JUST_RESET_MS})`),
  )

const JUST_RESET_MS = 15 * MINUTE_MS

/** What an email says of a browser. */
export const browserIn = ({ userAgent, ip }: Origin) => ({ userAgent: userAgent.slice(0, USER_AGENT_CHARACTERS), ip })

/**
 * Where `started` holds, the browser is known to this account, and has a new secret for every account that knew it: whoever planted the former one
 * gains nothing. Those used longest ago are forgotten beyond `KNOWN_BROWSERS`.
 */
export const knowBrowser = ({ db, now }: Act, { userId, from, before, next }: SignedInBrowser, started: SQL) => [
  raw(db, sql`UPDATE known_browsers SET browser_hash = ${next.hash} WHERE browser_hash = ${before ?? ''} AND ${started}`),
  // The same person's sign-in in another tab goes on.
  raw(
    db,
    sql`UPDATE sign_ins SET browser_hash = ${next.hash} WHERE user_id = ${userId} AND browser_hash = ${before ?? ''} AND ${started}`,
  ),
  raw(
    db,
    sql`
    INSERT INTO known_browsers (user_id, id, browser_hash, user_agent, ip, created_at, last_used_at)
    SELECT id, ${randomId()}, ${next.hash}, ${browserIn(from).userAgent}, ${from.ip}, ${now}, ${now}
    FROM users WHERE id = ${userId} AND ${started}
    ON CONFLICT (browser_hash, user_id) DO UPDATE SET user_agent = excluded.user_agent, ip = excluded.ip, last_used_at = excluded.last_used_at`,
  ),
  raw(
    db,
    sql`
    DELETE FROM known_browsers WHERE user_id = ${userId} AND ${started} AND id IN (
      SELECT id FROM known_browsers WHERE user_id = ${userId} ORDER BY last_used_at DESC LIMIT -1 OFFSET ${KNOWN_BROWSERS})`,
  ),
  raw(db, sql`UPDATE users SET browsers_since = ${now} WHERE id = ${userId} AND browsers_since IS NULL AND ${started}`),
]

/** The browsers that the person behind a session has signed in with, the last used first. */
export const knownBrowsersOf = ({ db, secretHash, now }: Visitor) =>
  db
    .select({
      id: knownBrowsers.id,
      userAgent: knownBrowsers.userAgent,
      ip: knownBrowsers.ip,
      createdAt: knownBrowsers.createdAt,
      lastUsedAt: knownBrowsers.lastUsedAt,
      browserHash: knownBrowsers.browserHash,
    })
    .from(knownBrowsers)
    .where(
      and(
        sql`${knownBrowsers.userId} = (SELECT s.user_id FROM sessions s WHERE s.secret_hash = ${secretHash})`,
        gt(knownBrowsers.lastUsedAt, now - KNOWN_BROWSER_MS),
      ),
    )
    .orderBy(desc(knownBrowsers.lastUsedAt))
    .limit(KNOWN_BROWSERS)

export type KnownBrowser = Awaited<ReturnType<typeof knownBrowsersOf>>[number]

/** One of the person's own. @returns whether they had it */
export async function forgetBrowser({ db, userId }: PersonAct, id: string): Promise<boolean> {
  const forgotten = await db
    .delete(knownBrowsers)
    .where(and(eq(knownBrowsers.userId, userId), eq(knownBrowsers.id, id)))
    .returning({ id: knownBrowsers.id })
  return forgotten.length === 1
}

/** Each counts as a stranger's from now on; `userId` is SQL. */
export const forgetBrowsers = (db: Db, userId: SQL) => raw(db, sql`DELETE FROM known_browsers WHERE user_id = ${userId}`)

/** Reads all of them: an index by time would cost a row at every sign-in. */
export const pruneBrowsers = (db: Db, now: number) =>
  raw(
    db,
    sql`DELETE FROM known_browsers WHERE (user_id, id) IN (
      SELECT user_id, id FROM known_browsers WHERE last_used_at <= ${now - KNOWN_BROWSER_MS} LIMIT ${SWEPT_ROWS})`,
  )
