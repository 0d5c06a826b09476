import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { CHALLENGE_PURPOSES } from '../../db/schema/identity'
import { CHALLENGE_MS, SWEPT_ROWS } from '../../limits'
import type { Act } from '../core/act'
import { randomSecret } from '../core/random'

type Holding = { purpose: (typeof CHALLENGE_PURPOSES)[number]; holder: string | SQL }
/** 32 random bytes, what they are for, and who may answer: the hash of a browser's cookie or the id of a session, or SQL for it. */
export type Challenge = Holding & { challenge: string }

export const newChallenge = (of: Holding): Challenge => ({ ...of, challenge: randomSecret() })

/** For five minutes. `whose` is text after FROM that says whether to keep it at all. */
export const keepChallenge = (
  { db, now }: Pick<Act, 'db' | 'now'>,
  { challenge, purpose, holder }: Challenge,
  whose = sql`(SELECT 1) WHERE true`,
) =>
  raw(
    db,
    sql`
    INSERT INTO challenges (challenge, purpose, holder, created_at, expires_at)
    SELECT ${challenge}, ${purpose}, ${holder}, ${now}, ${now + CHALLENGE_MS} FROM ${whose}`,
  )

/** One trip. Where something is read besides, `keepChallenge` goes into the same batch. */
export async function makeChallenge(act: Pick<Act, 'db' | 'now'>, of: Holding): Promise<string> {
  const made = newChallenge(of)
  await keepChallenge(act, made)
  return made.challenge
}

/** Uses it up, whatever becomes of the answer. Returns one row where it was made for this purpose and holder, has not expired and was not used. */
export const takeChallenge = (db: Db, { challenge, purpose, holder }: Challenge, now: number) =>
  raw<{ challenge: string }>(
    db,
    sql`
    DELETE FROM challenges WHERE challenge = ${challenge} AND purpose = ${purpose} AND holder = ${holder} AND expires_at > ${now}
    RETURNING challenge`,
  )

/** Reads all of them: an index by time would cost a row for each. */
export const pruneChallenges = (db: Db, now: number) =>
  raw(
    db,
    sql`DELETE FROM challenges WHERE challenge IN (SELECT challenge FROM challenges WHERE expires_at <= ${now} LIMIT ${SWEPT_ROWS})`,
  )
