import * as v from 'valibot'
import { TOTP_SETUP_MS } from '../../limits'
import { randomId } from '../core/random'
import type { NewFactor } from './add-factor'
import type { Keyring } from './keyring'
import { open, seal } from './sealed'
import { TOTP_SETUP } from './sealed-start'
import { codeIn, newTotpSecret, sealTotpSecret, timeStepOf } from './totp-secret'

/** What an authenticator app is set up with before anything is kept of it. `replaces`: the id of the app that it takes the place of, or null. */
export type TotpSetup = { secret: string; replaces: string | null }

/** Whose set-up, and where it began: the id of their session, or of the link that they opened. */
export type Holder = { userId: string; holder: string }

const SETUP = v.object({ secret: v.string(), replaces: v.nullable(v.string()), holder: v.string() })

export const newTotpSetup = (replaces: string | null = null): TotpSetup => ({ secret: newTotpSecret(), replaces })

/** As a field of the page that shows it, for an hour. */
export const sealSetup = (keys: Keyring, { userId, holder }: Holder, setup: TotpSetup, now: number) =>
  seal(keys, { type: TOTP_SETUP, subject: userId }, { ...setup, holder, exp: Math.floor((now + TOTP_SETUP_MS) / 1000) }, now)

/** Undefined for somebody else, in another session, after an hour, and for whatever was not sealed as this. */
export async function openSetup(
  keys: Keyring,
  { userId, holder }: Holder,
  sealed: string,
  now: number,
): Promise<TotpSetup | undefined> {
  const found = v.safeParse(SETUP, await open(keys, { type: TOTP_SETUP, subject: userId }, sealed, now))
  if (!found.success || found.output.holder !== holder) return undefined
  const { secret, replaces } = found.output
  return { secret, replaces }
}

/** The app that was set up with a secret, proven by a code that it shows about now (ms); or what is wrong with what was typed. */
export async function provenTotp(
  keys: Keyring,
  { userId, secret }: { userId: string; secret: string },
  typed: string,
  now: number,
): Promise<NewFactor | { problem: 'missing' | 'wrong' }> {
  const code = codeIn(typed)
  const counter = code && timeStepOf(secret, code, now)
  if (!counter) return { problem: typed.trim() ? 'wrong' : 'missing' }
  return { kind: 'totp', id: randomId(), secret: await sealTotpSecret(keys, { userId, secret }, now), counter }
}
