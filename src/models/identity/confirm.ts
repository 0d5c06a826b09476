import { and, sql } from 'drizzle-orm'
import { credentials, sessions } from '../../db/schema/identity'
import type { PersonAct } from '../core/act'
import { queueAccountMail } from '../mail/queue-mail'
import { ownPasswordOf } from './account'
import { codesOf, verifyCode } from './codes'
import { usersWhere } from './credential'
import type { Keyring } from './keyring'
import { verifyPassword } from './password'
import { hasStarted, isLive, isNamed, type Person, type Visitor } from './session'
import { forgetSessionTries, sessionTry } from './session-tries'
import { factorOf, type Proofs, spend, stillHold, type Verified } from './verified'

/** How somebody proves who they are: by one of their second factors, or by their password where they have none. */
export type Ways = { password: true } | { passkey: boolean; app: boolean; recovery: boolean }

/** What somebody gives for it. */
export type Given = { kind: 'password'; typed: string } | { kind: 'code'; typed: string }

/** What it is compared with, and whether another try is allowed, which this counts. */
export const confirmation = (at: Visitor) => ({
  kinds: ownKindsOf(at),
  hash: ownPasswordOf(at),
  codes: codesOf(at.db, ownerOf(at)),
  ...sessionTry(at),
})

const ownerOf = ({ secretHash }: Visitor) => sql`(SELECT s.user_id FROM sessions s WHERE s.secret_hash = ${secretHash})`

/** Which kinds of second factor the person behind a session has. */
export const ownKindsOf = (at: Visitor) =>
  at.db
    .selectDistinct({ kind: credentials.kind })
    .from(credentials)
    .where(sql`${credentials.userId} = ${ownerOf(at)} AND ${credentials.kind} IN ('passkey', 'totp', 'recovery')`)

export type Kinds = Awaited<ReturnType<typeof ownKindsOf>>

export function waysOf({ factors }: Pick<Person, 'factors'>, kinds: Kinds): Ways {
  const has = (kind: Kinds[number]['kind']) => kinds.some((each) => each.kind === kind)
  return factors > 0 ? { passkey: has('passkey'), app: has('totp'), recovery: has('recovery') } : { password: true }
}

type Evidence = {
  hash: Awaited<ReturnType<typeof ownPasswordOf>>
  codes: Awaited<ReturnType<typeof codesOf>>
}

/** Undefined for what is wrong, and for a password where there is a second factor. `keys` are those of authenticator apps. */
export async function verifyGiven(
  { userId, factors }: Pick<Person, 'userId' | 'factors'>,
  given: Given,
  { hash, codes }: Evidence,
  keys: Keyring,
  now: number,
): Promise<Verified | undefined> {
  if (given.kind === 'code') return factors > 0 ? verifyCode(keys, codes, given.typed, now) : undefined
  const secret = hash[0]?.passwordHash
  if (factors > 0 || !secret || !(await verifyPassword(secret, given.typed)).ok) return undefined
  return { kind: 'password', userId, secret }
}

export type Confirmed = { mailIds: string[] }

/**
 * Notes in this session that its person has just proven who they are, and by which second factor, and moves it to the secret of `moved` (OWASP
 * ASVS 7.2.4). A recovery code is used up, which an email tells them.
 * @returns undefined when the session ended, or what was proven was changed or used, while it was verified
 */
export async function confirm(act: PersonAct, proofs: Proofs, secretHash: string): Promise<Confirmed | undefined> {
  const { db, now } = act
  const factor = factorOf(proofs)
  const rested = hasStarted({ secretHash })
  const mailId = crypto.randomUUID()
  const [proven] = await db.batch([
    db
      .update(sessions)
      .set({ provedAt: now, secretHash, ...(factor && { factor, factorAt: now }) })
      .where(and(isNamed(act), isLive(now), stillHold(proofs, now)))
      .returning({ id: sessions.id }),
    forgetSessionTries(act, rested),
    ...(factor === 'recovery'
      ? [queueAccountMail(db, { id: mailId, kind: 'recovery_code_used', now }, usersWhere(sql`u.id = ${act.userId} AND ${rested}`))]
      : []),
    ...spend(act, proofs, rested),
  ])
  if (proven.length === 0) return undefined
  return { mailIds: factor === 'recovery' ? [mailId] : [] }
}
