import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { PersonAct } from '../core/act'
import { tellOf } from './account-news'
import { areWritten, insertRecoveryCodes, newRecoveryCodes, type RecoveryCodes } from './recovery-code'
import { type Origin, provenPerson } from './session'

/** `madeAt`: when those were made that the page showed (ms), or 0 where none were left. */
export type Remaking = { madeAt: number; from: Origin }
/** `codes` are theirs to see once. */
export type Remade = { codes: string[]; mailIds: string[] }
/** `codes_changed`: they have other codes by now. `no_factor`: there is nothing that the codes would stand in for. */
export type RemakeRefusal = 'not_proven' | 'no_factor' | 'codes_changed'

/** A signed-in person has their recovery codes made anew, which takes the old ones away, in one batch; an email and the log tell. */
export async function remakeRecoveryCodes(act: PersonAct, { madeAt, from }: Remaking): Promise<Remade | { reason: RemakeRefusal }> {
  const { db, now, userId } = act
  const [made, mailId] = [await newRecoveryCodes(), crypto.randomUUID()]
  const standing = sql`
    SELECT ${provenPerson(act, now)} AS proven, u.factors,
      coalesce((SELECT max(c.created_at) FROM credentials c WHERE c.user_id = u.id AND c.kind = 'recovery'), 0) AS made_at
    FROM users u WHERE u.id = ${userId}`
  const may = sql`EXISTS (SELECT 1 FROM (${standing}) s WHERE s.proven AND s.factors > 0 AND s.made_at = ${madeAt})`
  const [[before], written] = await db.batch([
    raw<{ proven: number; factors: number }>(db, standing),
    insertRecoveryCodes(act, userId, made, may),
    forgetOthers(act, made),
    ...tellOf(act, 'recovery_codes_made', { userId, from, mailId }, areWritten(userId, made)),
  ])
  if (written.length > 0) return { codes: made.codes, mailIds: [mailId] }
  if (!before?.proven) return { reason: 'not_proven' }
  return { reason: before.factors === 0 ? 'no_factor' : 'codes_changed' }
}

/** Once these are written. */
const forgetOthers = ({ db, userId }: PersonAct, made: RecoveryCodes) =>
  raw(
    db,
    sql`
    DELETE FROM credentials WHERE user_id = ${userId} AND kind = 'recovery' AND ${areWritten(userId, made)}
      AND id NOT IN (SELECT j.value ->> 0 FROM json_each(${JSON.stringify(made.rows)}) j)`,
  )
