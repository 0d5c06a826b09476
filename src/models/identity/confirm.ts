import { and, eq, sql } from 'drizzle-orm'
import { sessions, throttles } from '../../db/schema/identity'
import type { PersonAct } from '../core/act'
import { guessAt, guessesOf, ownPasswordOf } from './account'
import { isLive, isNamed, type Visitor } from './session'

/** What proving who one is reads: the hash of the password, and whether another guess at it is allowed. */
export const confirmation = (at: Visitor) => ({ hash: ownPasswordOf(at), ...guessAt(at) })

type Proof = { passwordHash: string; secretHash: string }

/**
 * Notes in this session that its person has just proven who they are, and moves it to a new secret (OWASP ASVS 7.2.4).
 * @returns false when the session ended, or the password was changed, while it was verified
 */
export async function confirm(act: PersonAct, { passwordHash, secretHash }: Proof): Promise<boolean> {
  const { db, now, userId } = act
  const holds = sql`EXISTS (SELECT 1 FROM credentials k WHERE k.user_id = ${userId} AND k.kind = 'password' AND k.secret = ${passwordHash})`
  const [proven] = await db.batch([
    db
      .update(sessions)
      .set({ provedAt: now, secretHash })
      .where(and(isNamed(act), isLive(now), holds))
      .returning({ id: sessions.id }),
    db.delete(throttles).where(and(eq(throttles.key, guessesOf(act).key), holds)),
  ])
  return proven.length === 1
}
