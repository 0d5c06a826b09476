import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { PersonAct } from '../core/act'
import { tellOf } from './account-news'
import type { NewFactor } from './add-factor'
import { askingWorkspace } from './factor-asked'
import { type Origin, provenPerson } from './session'

/** `name`: what they called a passkey, for the email. */
export type Removing = { factor: Pick<NewFactor, 'kind' | 'id'> & { name?: string }; from: Origin }
export type Removed = { mailIds: string[] }
/**
 * `gone`: it is not theirs, or no longer. `not_proven`: not in this session, minutes ago. `asked_for`: the last one, while a workspace asks for one.
 * `only_way_in`: the last passkey of somebody without a password.
 */
export type RemoveRefusal = { reason: 'gone' | 'not_proven' | 'only_way_in' } | { reason: 'asked_for'; workspace: string }

/** A person removes one of their second factors, in one batch: their other sessions end, and with the last factor the recovery codes go. */
export async function removeFactor(act: PersonAct, { factor, from }: Removing): Promise<Removed | RemoveRefusal> {
  const { db, userId, sessionId } = act
  const [{ kind, id }, mailId] = [factor, crypto.randomUUID()]
  const theirs = sql`k.user_id = ${userId} AND k.kind = ${kind} AND k.id = ${id}`
  const may = sql`EXISTS (SELECT 1 FROM (${standingOf(act, factor)}) s WHERE s.has AND s.proven AND s.asking IS NULL AND NOT s.only)`
  const [[before]] = await db.batch([
    raw<Standing>(db, standingOf(act, factor)),
    // What belongs to it goes before it, while it can still be told that it will.
    ...tellOf(act, 'factor_removed', { userId, factor, from, mailId }, may),
    raw(db, sql`DELETE FROM sessions WHERE user_id = ${userId} AND id <> ${sessionId} AND ${may}`),
    raw(
      db,
      sql`DELETE FROM credentials WHERE user_id = ${userId} AND kind = 'recovery' AND (SELECT u.factors FROM users u WHERE u.id = ${userId}) = 1 AND ${may}`,
    ),
    raw(db, sql`DELETE FROM credentials AS k WHERE ${theirs} AND ${may}`),
  ])
  return refusalOf(before) ?? { mailIds: [mailId] }
}

/** `has`: it is there. `only`: without it there is no way to sign in. `asking`: the workspace because of which it cannot go, or null. */
type Standing = { has: number; proven: number; only: number; asking: string | null }

function standingOf(act: PersonAct, { kind, id }: Pick<NewFactor, 'kind' | 'id'>) {
  const { userId, now } = act
  const others = sql`(SELECT count(*) FROM credentials o WHERE o.user_id = u.id AND o.kind IN ('password', 'passkey') AND o.id <> ${id})`
  return sql`
    SELECT EXISTS (SELECT 1 FROM credentials k WHERE k.user_id = u.id AND k.kind = ${kind} AND k.id = ${id}) AS has, ${provenPerson(act, now)} AS proven,
      ${kind === 'passkey'} AND ${others} = 0 AS only, iif(u.factors > 1, NULL, ${askingWorkspace(sql`u.id`, now)}) AS asking
    FROM users u WHERE u.id = ${userId}`
}

function refusalOf(before: Standing | undefined): RemoveRefusal | undefined {
  if (!before?.has) return { reason: 'gone' }
  if (!before.proven) return { reason: 'not_proven' }
  if (before.asking !== null) return { reason: 'asked_for', workspace: before.asking }
  return before.only ? { reason: 'only_way_in' } : undefined
}
