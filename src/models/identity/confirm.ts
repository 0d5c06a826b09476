import { and, type SQL, sql } from 'drizzle-orm'
import { credentials, sessions } from '../../db/schema/identity'
import { json } from '../../db/select'
import type { PersonAct } from '../core/act'
import { ownPasswordOf } from './account'
import { tellOf } from './account-news'
import { makeChallenge, takeChallenge } from './challenge'
import { codesOf, verifyCode } from './codes'
import type { Keyring } from './keyring'
import { assertionOptions, type Known, type PasskeyRefusal, passkeyOf, verifyPasskey } from './passkey'
import type { Assertion } from './passkey-response'
import { verifyPassword } from './password'
import { hasStarted, isLive, isNamed, type Origin, type Person, sessionIdOf, userIdOf, type Visitor } from './session'
import { forgetSessionTries, sessionTry } from './session-tries'
import { factorOf, type Proofs, spend, stillHold, type Verified } from './verified'

/** How somebody proves who they are: by one of their second factors, or by their password where they have none. */
export type Ways = { password: true } | { passkey: boolean; app: boolean; recovery: boolean }

/** What somebody gives for it; no assertion where a form says nothing that a passkey could have signed. */
export type GivenProof = { kind: 'password' | 'code'; typed: string } | { kind: 'passkey'; assertion: Assertion | undefined }

/** What it is compared with, and whether another try is allowed, which this counts. What a passkey signed is used up. */
export function confirmation(at: Visitor, given: GivenProof) {
  const assertion = given.kind === 'passkey' ? given.assertion : undefined
  return {
    kinds: ownKindsOf(at),
    hash: ownPasswordOf(at),
    codes: codesOf(at.db, userIdOf(at)),
    taken: takeChallenge(at.db, { challenge: assertion?.challenge ?? '', ...heldIn(sessionIdOf(at)) }, at.now),
    passkey: passkeyOf(at.db, assertion?.response.id ?? ''),
    ...sessionTry(at),
  }
}

const heldIn = (holder: string | SQL) => ({ purpose: 'confirm', holder }) as const

/** Which kinds of second factor the person behind a session has. */
export const ownKindsOf = (at: Visitor) =>
  at.db
    .selectDistinct({ kind: credentials.kind })
    .from(credentials)
    .where(sql`${credentials.userId} = ${userIdOf(at)} AND ${credentials.kind} IN ('passkey', 'totp', 'recovery')`)

export type Kinds = Awaited<ReturnType<typeof ownKindsOf>>

export function waysOf({ factors }: Pick<Person, 'factors'>, kinds: Kinds): Ways {
  const has = (kind: Kinds[number]['kind']) => kinds.some((each) => each.kind === kind)
  return factors > 0 ? { passkey: has('passkey'), app: has('totp'), recovery: has('recovery') } : { password: true }
}

/** The passkeys of the person behind a session, as a browser finds them. */
export const ownPasskeysOf = (at: Visitor) =>
  at.db
    .select({ id: credentials.id, details: json<Known['details']>(credentials.details, 'details') })
    .from(credentials)
    .where(sql`${credentials.userId} = ${userIdOf(at)} AND ${credentials.kind} = 'passkey'`)

/** What one of these passkeys is asked to sign, in this session. */
export const askForPasskey = async (act: PersonAct, site: Site, passkeys: Known[]) =>
  assertionOptions(site, await makeChallenge(act, heldIn(act.sessionId)), passkeys)

type Site = { APP_ORIGIN: string }
type Rows<Of> = { [K in keyof Of]: Of[K] extends PromiseLike<infer Found> ? Found : never }
type Evidence = Pick<Rows<ReturnType<typeof confirmation>>, 'hash' | 'codes' | 'taken' | 'passkey'>

/** `cloned`: by a passkey that there are two of. Anything but a second factor is wrong where there is one. TOTP_KEYS are those of authenticator apps. */
export async function verifyGiven(
  { userId, factors }: Pick<Person, 'userId' | 'factors'>,
  given: GivenProof,
  { hash, codes, taken, passkey }: Evidence,
  env: Site & { TOTP_KEYS: Keyring },
  now: number,
): Promise<Verified | PasskeyRefusal> {
  if (given.kind === 'passkey') {
    const own = passkey.find((row) => row.userId === userId)
    return given.assertion ? verifyPasskey(env, given.assertion, own, taken[0]) : WRONG
  }
  if (given.kind === 'code') return (await verifyCode(env.TOTP_KEYS, factors > 0 ? codes : [], given.typed, now)) ?? WRONG
  const secret = hash[0]?.passwordHash
  if (factors > 0 || !secret || !(await verifyPassword(secret, given.typed)).ok) return WRONG
  return { kind: 'password', userId, secret }
}

const WRONG = { reason: 'wrong' } as const

export type Confirmed = { mailIds: string[] }

/**
 * Notes in this session that its person has just proven who they are, and by which second factor, and moves it to another secret (OWASP
 * ASVS 7.2.4). A recovery code is used up, which an email and the log tell.
 * @returns undefined when the session ended, or what was proven was changed, used or no longer enough, while it was verified
 */
export async function confirm(
  act: PersonAct,
  proofs: Proofs,
  { secretHash, from }: { secretHash: string; from: Origin },
): Promise<Confirmed | undefined> {
  const { db, now } = act
  const factor = factorOf(proofs)
  const rested = hasStarted({ secretHash })
  const mailId = crypto.randomUUID()
  const [proven] = await db.batch([
    db
      .update(sessions)
      .set({ provedAt: now, secretHash, ...(factor && { factor, factorAt: now }) })
      .where(and(isNamed(act), isLive(now), stillHold(proofs, now), factor ? undefined : hasNoFactor(act)))
      .returning({ id: sessions.id }),
    forgetSessionTries(act, rested),
    ...(factor === 'recovery' ? tellOf(act, 'recovery_code_used', { userId: act.userId, from, mailId }, rested) : []),
    ...spend(act, proofs, rested),
  ])
  if (proven.length === 0) return undefined
  return { mailIds: factor === 'recovery' ? [mailId] : [] }
}

/** One may be set up while a password is verified. */
const hasNoFactor = ({ userId }: PersonAct) => sql`(SELECT u.factors FROM users u WHERE u.id = ${userId}) = 0`
