import type { FACTORS } from '../../db/schema/identity'
import { HALF_SIGN_IN } from '../../limits'

type Factor = (typeof FACTORS)[number]

/**
 * Where a sign-in is. `half`: the password was right and the second factor is asked for, until `expiresAt` (ms); `tries` are the wrong codes so far.
 * `over`: it leads nowhere any more, and another has to begin.
 */
export type SignInState =
  | { step: 'begun' }
  | { step: 'half'; tries: number; expiresAt: number }
  | { step: 'over'; reason: 'expired' | 'too_many_codes' }
  | { step: 'signed_in'; factor: Factor | undefined }

/** What was given: right or not, when (ms), and of a password how many second factors its person has. */
export type Given = { right: boolean; now: number } & ({ kind: 'password'; factors: number } | { kind: Factor })

export const BEGUN: SignInState = { step: 'begun' }

/** The rules of signing in, all of them: a passkey is both factors, a password is one, a code is only the second. */
export function proceed(state: SignInState, given: Given): SignInState {
  const at = asOf(state, given.now)
  if (at.step === 'begun') return afterFirst(given)
  return at.step === 'half' ? afterSecond(at, given) : at
}

/** The same state later: what waits for a second factor does not wait for ever. */
export function asOf(state: SignInState, now: number): SignInState {
  if (state.step !== 'half') return state
  if (state.expiresAt <= now) return { step: 'over', reason: 'expired' }
  return state.tries < HALF_SIGN_IN.codes ? state : { step: 'over', reason: 'too_many_codes' }
}

function afterFirst(given: Given): SignInState {
  if (!given.right) return BEGUN
  if (given.kind === 'passkey') return { step: 'signed_in', factor: 'passkey' }
  if (given.kind !== 'password') return BEGUN
  if (given.factors === 0) return { step: 'signed_in', factor: undefined }
  return { step: 'half', tries: 0, expiresAt: given.now + HALF_SIGN_IN.lifetimeMs }
}

function afterSecond(half: SignInState & { step: 'half' }, { kind, right, now }: Given): SignInState {
  if (kind === 'password') return half
  if (right) return { step: 'signed_in', factor: kind }
  return kind === 'passkey' ? half : asOf({ ...half, tries: half.tries + 1 }, now)
}
