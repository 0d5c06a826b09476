import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HALF_SIGN_IN, MINUTE_MS } from '../../limits'
import { asOf, BEGUN, type Given, proceed, type SignInState } from './sign-in-state'

const NOW = Date.UTC(2026, 10, 24)
const FACTORS = ['passkey', 'totp', 'recovery'] as const
const of = (given: Partial<Given> & Pick<Given, 'kind'>): Given => ({ right: true, now: NOW, factors: 1, ...given }) as Given
const HALF: SignInState = { step: 'half', tries: 0, expiresAt: NOW + HALF_SIGN_IN.lifetimeMs }

describe('a sign-in', () => {
  it.each<[string, SignInState, Given, SignInState]>([
    ['a password where it is all', BEGUN, of({ kind: 'password', factors: 0 }), { step: 'signed_in', factor: undefined }],
    ['a password of somebody who has a second factor', BEGUN, of({ kind: 'password', factors: 2 }), HALF],
    ['a wrong password', BEGUN, of({ kind: 'password', right: false, factors: 0 }), BEGUN],
    ['a passkey, which is both', BEGUN, of({ kind: 'passkey' }), { step: 'signed_in', factor: 'passkey' }],
    ['a code and no password', BEGUN, of({ kind: 'totp' }), BEGUN],
    ['a recovery code and no password', BEGUN, of({ kind: 'recovery' }), BEGUN],
    ['a code after the password', HALF, of({ kind: 'totp' }), { step: 'signed_in', factor: 'totp' }],
    ['a passkey after the password', HALF, of({ kind: 'passkey' }), { step: 'signed_in', factor: 'passkey' }],
    ['a wrong code', HALF, of({ kind: 'recovery', right: false }), { ...HALF, tries: 1 }],
    ['a wrong passkey', HALF, of({ kind: 'passkey', right: false }), HALF],
    ['the password once more', HALF, of({ kind: 'password', factors: 0 }), HALF],
    ['the last wrong code', { ...HALF, tries: 4 }, of({ kind: 'totp', right: false }), { step: 'over', reason: 'too_many_codes' }],
    ['a right code after five', { ...HALF, tries: 5 }, of({ kind: 'totp' }), { step: 'over', reason: 'too_many_codes' }],
    ['a right code too late', HALF, of({ kind: 'totp', now: NOW + HALF_SIGN_IN.lifetimeMs }), { step: 'over', reason: 'expired' }],
  ])('after %s', (_, state, given, next) => expect(proceed(state, given)).toEqual(next))

  const given = fc.record({
    kind: fc.constantFrom('password' as const, ...FACTORS),
    right: fc.boolean(),
    factors: fc.integer({ min: 0, max: 3 }),
    waits: fc.integer({ min: 0, max: 2 * MINUTE_MS }),
  })

  it('is never finished without all that is asked, whatever is given in whatever order', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 12 }), (events) => {
        let [state, now]: [SignInState, number] = [BEGUN, NOW]
        const rightSoFar: Given[] = []
        for (const { waits, ...event } of events) {
          now += waits
          const one = { ...event, now } as Given
          state = proceed(state, one)
          if (one.right) rightSoFar.push(one)
          if (state.step === 'signed_in') return isEnough(rightSoFar)
        }
        return true
      }),
      { numRuns: 2000 },
    )
  })

  it('ends: whatever is given, time and five wrong codes lead to its end, which nothing undoes', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 8 }), (events) => {
        const late = asOf(HALF, NOW + HALF_SIGN_IN.lifetimeMs)
        expect(events.reduce((state, { waits: _, ...event }) => proceed(state, { ...event, now: NOW } as Given), late)).toEqual(
          late,
        )
      }),
    )
  })
})

/** Said another way than the rules are: a passkey, a password that is all, or a password and then a code within five minutes. */
function isEnough(right: Given[]) {
  const last = right.at(-1)
  if (last?.kind === 'passkey') return true
  if (last?.kind === 'password') return last.factors === 0
  return right.some((one) => one.kind === 'password' && one.factors > 0 && (last?.now ?? 0) - one.now < HALF_SIGN_IN.lifetimeMs)
}
