import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'
import { keepChallenge, newChallenge, takeChallenge } from './challenge'
import { type HalfSignIn, halfSignIn, type NamedSignIn, stateOf, userIdIn } from './half-sign-in'
import { assertionOptions, type Known, passkeyOf, verifyPasskey } from './passkey'
import type { Assertion } from './passkey-response'
import { activeMembersOf } from './session'
import { type Arrival, finishSignIn, type SignedIn } from './sign-in-finish'
import { asOf } from './sign-in-state'
import { countedOf, countProof, failProof, type Prover } from './sign-in-tries'
import { blockedUntil, challengesByIp, countTry, notBlocked } from './throttle'
import type { Proofs, Verified } from './verified'

type Site = { APP_ORIGIN: string }

/**
 * What a passkey is asked to sign in this browser: any that its person's device has, or, for somebody whose password was right in it, one of theirs.
 * Of anybody else's passkeys nothing is told.
 */
export async function askForPasskey(
  act: Act,
  site: Site,
  { id, browser }: Required<NamedSignIn> & { browser: string },
  ip: string,
) {
  const { db, now } = act
  const [asked, network] = [newChallenge({ purpose: 'sign_in', holder: browser }), challengesByIp(ip)]
  const [, allowed, [blocked], passkeys] = await db.batch([
    keepChallenge(act, asked, notBlocked(network, now)),
    countTry(act, network),
    blockedUntil(db, [network]),
    theirPasskeys(act, { id, browser }),
  ])
  if (allowed.length === 0) return { retryAt: blocked?.until ?? now }
  return assertionOptions(site, asked.challenge, passkeys.map(readDetails))
}

const theirPasskeys = ({ db, now }: Act, named: NamedSignIn) =>
  raw<{ id: string; details: string }>(
    db,
    sql`SELECT id, details FROM credentials WHERE kind = 'passkey' AND user_id = ${userIdIn(named, now)}`,
  )

const readDetails = ({ id, details }: { id: string; details: string }): Known => ({ id, details: JSON.parse(details) })

/** `half` is the sign-in that waits for it, where there is one. */
export type PasskeySignInRefusal = { half: HalfSignIn | undefined } & (
  | { reason: 'passkey_wrong' | 'passkey_cloned'; email: string | undefined }
  | { reason: 'too_many_tries'; retryAt: number }
)

/**
 * A passkey is both factors. It is counted before it is looked at, like every proof; one that nobody has, that was removed, or whose challenge was
 * used or made for another browser is refused like one that signed wrongly. Named with a sign-in that waits for its second step, it must be theirs.
 */
export async function signInByPasskey(
  act: Act,
  site: Site,
  assertion: Assertion | undefined,
  signIn: string | undefined,
  arrival: Arrival,
): Promise<SignedIn | PasskeySignInRefusal> {
  const { db, now } = act
  const [credentialId, challenge] = [assertion?.response.id ?? '', assertion?.challenge ?? '']
  const { browser, from } = arrival
  const prover: Prover = { emailKey: ownerKeyOf(credentialId), browser, ip: from.ip }
  const [account, network, gate, [taken], [row], [half]] = await db.batch([
    ...countProof(act, prover),
    takeChallenge(db, { challenge, purpose: 'sign_in', holder: browser ?? '' }, now),
    passkeyOf(db, credentialId),
    halfSignIn(db, { id: signIn ?? '', browser }),
  ])
  const counted = countedOf([account, network, gate], now)
  if ('retryAt' in counted) return { half, reason: 'too_many_tries', retryAt: counted.retryAt }

  const theirs = half && half.userId !== row?.userId ? undefined : row
  const proven = assertion ? await verifyPasskey(site, assertion, theirs, taken) : WRONG
  const finished = 'reason' in proven ? undefined : await finishSignIn(act, withStep(proven, half, now), arrival, { counted })
  if (finished) return finished
  await failProof(act, counted, activeMembersOf(act, sql`${row?.userId ?? ''}`))
  const reason = 'reason' in proven && proven.reason === 'cloned' ? 'passkey_cloned' : 'passkey_wrong'
  return { half, reason, email: row?.email }
}

const WRONG = { reason: 'wrong' } as const

/** A sign-in that waited is used up with it; one that is over takes nothing from the passkey. */
const withStep = (proven: Verified, half: HalfSignIn | undefined, now: number): Proofs =>
  half && asOf(stateOf(half), now).step === 'half' ? [{ kind: 'sign_in', userId: half.userId, id: half.id }, proven] : [proven]

const ownerKeyOf = (credentialId: string) =>
  sql`(SELECT u.email_key FROM credentials k JOIN users u ON u.id = k.user_id WHERE k.kind = 'passkey' AND k.id = ${credentialId})`
