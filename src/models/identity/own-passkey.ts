import { and, eq } from 'drizzle-orm'
import { credentials } from '../../db/schema/identity'
import type { PersonAct } from '../core/act'
import { accountPage } from './account'
import { type Challenge, takeChallenge } from './challenge'
import type { Attestation } from './passkey-response'
import { sessionIdOf, type Visitor } from './session'

/** What adding a passkey reads; the challenge that it was made for is used up. */
export const addingPasskey = (made: Attestation | undefined) => (at: Visitor) => ({
  ...accountPage(at),
  taken: takeChallenge(at.db, challengeOf(made, at), at.now),
})

const challengeOf = (made: Attestation | undefined, at: Visitor): Challenge => ({
  challenge: made?.challenge ?? '',
  purpose: 'register',
  holder: sessionIdOf(at),
})

/** @returns whether they have this passkey */
export async function namePasskey({ db, userId }: PersonAct, id: string, name: string): Promise<boolean> {
  const theirs = and(eq(credentials.userId, userId), eq(credentials.kind, 'passkey'), eq(credentials.id, id))
  const named = await db.update(credentials).set({ name }).where(theirs).returning({ id: credentials.id })
  return named.length === 1
}
