import { and, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { sessions } from '../../db/schema/identity'
import { SESSION_FAILURES } from '../../limits'
import { record } from '../activity/activity'
import type { PersonAct } from '../core/act'
import { activeMembersOf, isLive, isNamed, type Visitor } from './session'
import { blockedUntil, countTry, forgetTries, returnTry, signInBySession } from './throttle'

/**
 * Proofs of somebody who is signed in count for their session alone, of whatever kind, each before it is looked at: whoever else tries their account
 * does not lock them out. `allowed` is empty where this one is refused, `blocked` says until when (ms).
 */
export function sessionTry({ db, secretHash, now }: Visitor) {
  const own = sql`sessions WHERE sessions.secret_hash = ${secretHash} AND ${isLive(now)}`
  const key = sql`${signInBySession('').key} || sessions.id`
  return {
    allowed: countTry({ db, now }, { ...signInBySession(''), key }, own),
    blocked: blockedUntil(db, [{ ...signInBySession(''), key: sql`(SELECT ${key} FROM ${own})` }]),
  }
}

/** For a proof that was counted by `sessionTry` as the `hits`-th, and was not looked at. */
export const returnSessionTry = ({ db, sessionId }: PersonAct, hits: number) => returnTry(db, signInBySession(sessionId), hits)

/** For the batch of a proof that was right. */
export const forgetSessionTries = ({ db, sessionId }: PersonAct, when = sql`true`) =>
  forgetTries(db, signInBySession(sessionId), when)

/** After a wrong proof: the `SESSION_FAILURES`-th ends the session. @returns whether it did */
export async function failInSession(act: PersonAct): Promise<boolean> {
  const { db, userId, sessionId } = act
  const spent = sql`EXISTS (SELECT 1 FROM throttles x WHERE x.key = ${signInBySession(sessionId).key} AND x.hits >= ${SESSION_FAILURES})`
  const [, ended] = await db.batch([
    record(act, 'session_ended', activeMembersOf(act, sql`${userId}`, spent), {
      after: sql`json_object('tries', ${SESSION_FAILURES})`,
    }),
    db
      .delete(sessions)
      .where(and(isNamed(act), spent))
      .returning({ id: sessions.id }),
    raw(db, sql`UPDATE throttles SET hits = hits WHERE key = ${signInBySession(sessionId).key}`),
  ])
  return ended.length === 1
}
