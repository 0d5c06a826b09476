import { and, type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { sessions } from '../../db/schema/identity'
import { PASSKEYS } from '../../limits'
import type { Act, PersonAct } from '../core/act'
import { tellOf } from './account-news'
import { isAskedForFactor } from './factor-asked'
import { insertRecoveryCodes, newRecoveryCodes } from './recovery-code'
import { isNamed, type NewSession, newSession, type Origin, provenPerson } from './session'

/**
 * A second factor as its row: of an app `id` is random, `secret` sealed and `counter` the step of the code that it was set up with; of a passkey
 * see migration 0043.
 */
export type NewFactor =
  | { kind: 'totp'; id: string; secret: string; counter: number }
  | { kind: 'passkey'; id: string; secret: string; counter: number; name: string; details: string }

/** `replaces`: the id of the app that the page showed, which the new one takes the place of. */
export type Adding = { factor: NewFactor; from: Origin; replaces?: string | undefined }
/** `codes` are theirs to see once, with their first factor only. The session has moved to the secret of `session`. */
export type Added = { session: NewSession; codes: string[] | undefined; mailIds: string[] }
/**
 * `not_proven`: not in this session, minutes ago. `needs_link`: the first one where a workspace asks for one is set up by an emailed link.
 * `changed`: they have another app, or none, by now; or the passkey is somebody's already. `too_many`: passkeys.
 */
export type AddRefusal = 'not_proven' | 'needs_link' | 'too_many' | 'changed'

/**
 * A signed-in person adds a second factor, in one batch. Their first one, and an app in the place of another, ends their other sessions; the first
 * one brings recovery codes. The session counts as having proven it and moves to a new secret (OWASP ASVS 7.2.4).
 */
export async function addFactor(act: PersonAct, { factor, from, replaces }: Adding): Promise<Added | { reason: AddRefusal }> {
  const { db, now, userId } = act
  const [session, codes, mailId] = [await newSession(), await newRecoveryCodes(), crypto.randomUUID()]
  const added = isAdded(userId, factor, now)
  const first = sql`(${replaces === undefined} AND ${added} AND (SELECT u.factors FROM users u WHERE u.id = ${userId}) = 1)`
  const may = sql`${provenPerson(act, now)} AND ${isAllowed(act, factor, replaces)}`
  const [[before], [begun], , , [code]] = await db.batch([
    raw<Standing>(db, standingOf(act)),
    insertFactor(act, sql`${userId}`, factor, may),
    db
      .update(sessions)
      .set({ secretHash: session.secretHash, factor: factor.kind, factorAt: now })
      .where(and(isNamed(act), added)),
    raw(
      db,
      sql`DELETE FROM sessions WHERE user_id = ${userId} AND id <> ${act.sessionId} AND (${first} OR (${replaces !== undefined} AND ${added}))`,
    ),
    insertRecoveryCodes(act, userId, codes, first),
    ...tellOf(act, 'factor_added', { userId, factor, from, mailId }, added),
  ])
  if (begun) return { session, codes: code && codes.codes, mailIds: [mailId] }
  return { reason: refusalOf(factor, before) }
}

/**
 * The row, where `when` holds and there is room; an app takes the place of the one that they had. Returns a row if it was written. `userId` is SQL.
 */
export const insertFactor = ({ db, now }: Act, userId: SQL, { kind, id, secret, counter, ...named }: NewFactor, when: SQL) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO credentials (id, user_id, kind, secret, counter, name, details, created_at, changed_at)
    SELECT ${id}, u.id, ${kind}, ${secret}, ${counter}, ${'name' in named ? named.name : null}, ${'details' in named ? named.details : null},
      ${now}, ${now} FROM users u WHERE u.id = ${userId} AND ${when} AND (${kind === 'totp'} OR ${passkeysOf(sql`u.id`)} < ${PASSKEYS})
    ON CONFLICT (user_id) WHERE kind = 'totp' DO UPDATE SET id = excluded.id, secret = excluded.secret, counter = excluded.counter,
      created_at = excluded.created_at, changed_at = excluded.changed_at, last_used_at = NULL
    ON CONFLICT DO NOTHING
    RETURNING id`,
  )

/** For what rides in the batch that adds it. */
export const isAdded = (userId: string, { kind, id }: Pick<NewFactor, 'kind' | 'id'>, now: number) =>
  sql`EXISTS (SELECT 1 FROM credentials k WHERE k.user_id = ${userId} AND k.kind = ${kind} AND k.id = ${id} AND k.created_at = ${now})`

const passkeysOf = (userId: SQL) => sql`(SELECT count(*) FROM credentials p WHERE p.user_id = ${userId} AND p.kind = 'passkey')`
const appOf = (userId: SQL) => sql`(SELECT a.id FROM credentials a WHERE a.user_id = ${userId} AND a.kind = 'totp')`

function isAllowed({ userId, now }: PersonAct, { kind }: NewFactor, replaces: string | undefined): SQL {
  const byHand = sql`(u.factors > 0 OR NOT ${isAskedForFactor(sql`u.id`, now)})`
  const asShown = sql`(${kind !== 'totp'} OR ${appOf(sql`${userId}`)} IS ${replaces ?? null})`
  return sql`${byHand} AND ${asShown}`
}

type Standing = { proven: number; asked: number; passkeys: number }

/** What a refusal is told from. */
const standingOf = (act: PersonAct) => {
  const id = sql`u.id`
  return sql`
    SELECT ${provenPerson(act, act.now)} AS proven, u.factors = 0 AND ${isAskedForFactor(id, act.now)} AS asked, ${passkeysOf(id)} AS passkeys
    FROM users u WHERE u.id = ${act.userId}`
}

function refusalOf({ kind }: NewFactor, before: Standing | undefined): AddRefusal {
  if (!before?.proven) return 'not_proven'
  if (before.asked) return 'needs_link'
  return kind === 'passkey' && before.passkeys >= PASSKEYS ? 'too_many' : 'changed'
}
