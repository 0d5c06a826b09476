import { sql } from 'drizzle-orm'
import type { Act } from '../core/act'
import { codesOf, verifyCode } from './codes'
import { countCode, emailKeyIn, type HalfSignIn, halfSignIn, type NamedSignIn, stateOf, userIdIn } from './half-sign-in'
import type { Keyring } from './keyring'
import { activeMembersOf } from './session'
import { type Arrival, finishSignIn, type SignedIn } from './sign-in-finish'
import { asOf, proceed, type SignInState } from './sign-in-state'
import { type Counted, countedOf, countProof, failProof, mayTry, type Prover } from './sign-in-tries'
import { factorOf } from './verified'

/** Its page is that of a sign-in which is over where `half` is undefined. */
export type SecondStep = { half: HalfSignIn | undefined; state: SignInState }
export type CodeRefusal = SecondStep & ({ reason: 'wrong' } | { reason: 'over' } | { reason: 'too_many_tries'; retryAt: number })

/** What the page of a second step shows: whose sign-in it is, while it is theirs to finish in this browser. */
export async function secondStepOf(act: Act, named: NamedSignIn): Promise<SecondStep> {
  const [half] = await halfSignIn(act.db, named)
  return stepOf(half, act.now)
}

function stepOf(half: HalfSignIn | undefined, now: number): SecondStep {
  const state: SignInState = half ? asOf(stateOf(half), now) : { step: 'over', reason: 'expired' }
  return { half, state }
}

type Typed = { code: string; keys: Keyring }

/**
 * The code of an app, or a recovery code, finishes a sign-in whose password was right. It is counted before it is looked at: five for one sign-in, and
 * with everything else that is tried for the account. @throws UnreadableTotpSecret
 */
export async function giveCode(act: Act, signIn: string, { code, keys }: Typed, arrival: Arrival): Promise<SignedIn | CodeRefusal> {
  const { db, now } = act
  const named = { id: signIn, browser: arrival.browser }
  const prover: Prover = { emailKey: emailKeyIn(named, now), browser: arrival.browser, ip: arrival.from.ip }
  const [[mine], account, network, gate, [half], rows] = await db.batch([
    countCode(act, named, mayTry(prover, now)),
    ...countProof(act, prover),
    halfSignIn(db, named),
    codesOf(db, userIdIn(named, now)),
  ])
  const counted = countedOf([account, network, gate], now)
  if ('retryAt' in counted) return { ...stepOf(half, now), reason: 'too_many_tries', retryAt: counted.retryAt }
  const before = half && mine && beforeThis(half, now)
  if (before?.step !== 'half') return refuse(act, counted, stepOf(half, now))

  const proven = await verifyCode(keys, rows, code, now)
  const state = proceed(before, { kind: (proven && factorOf([proven])) ?? 'totp', right: proven !== undefined, now })
  if (!proven || state.step !== 'signed_in') return refuse(act, counted, { half, state })
  const proofs = [{ kind: 'sign_in', userId: proven.userId, id: named.id }, proven] as const
  const finished = await finishSignIn(act, proofs, arrival, { counted })
  return finished ?? refuse(act, counted, stepOf(half, now))
}

/** A code is counted before it is looked at; its own count is no wrong code before it. */
const beforeThis = (half: HalfSignIn, now: number) => asOf({ step: 'half', tries: half.tries - 1, expiresAt: half.expiresAt }, now)

async function refuse(act: Act, counted: Counted, step: SecondStep): Promise<CodeRefusal> {
  await failProof(act, counted, activeMembersOf(act, sql`${step.half?.userId ?? ''}`))
  return { ...step, reason: step.state.step === 'half' ? 'wrong' : 'over' }
}
