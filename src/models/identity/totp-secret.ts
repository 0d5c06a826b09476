// The build that hashes with node:crypto: the one that bundlers choose brings every hash along, which is 18 KiB more.
import { Secret, TOTP } from 'otpauth/dist/otpauth.node.mjs'
import type { Keyring } from './keyring'
import { open, seal } from './sealed'
import { TOTP_SECRET } from './sealed-start'

/** RFC 4226, 4, R6, recommends 160 bits. */
const SECRET_BYTES = 20
/** What every authenticator app understands: RFC 6238 with the defaults of its reference implementation. */
const PERIOD_S = 30
const PINNED = { algorithm: 'SHA1', digits: 6, period: PERIOD_S } as const
/** How many steps a clock may be off, either way: RFC 6238, 5.2. */
const DRIFT_STEPS = 1

/** In base32, as apps take it. */
export const newTotpSecret = () => new Secret({ size: SECRET_BYTES }).base32

export type TotpLabel = { issuer: string; account: string }

/** What a QR code says to an app: `account` is what the app calls it by, below the name of the `issuer`. */
export const totpUri = (secret: string, { issuer, account }: TotpLabel) =>
  // Some apps take what stands before a colon for the issuer.
  new TOTP({ ...PINNED, secret, issuer: issuer.replaceAll(':', ' '), label: account }).toString()

/** The six digits of a code, in whatever groups and digits they were typed; undefined for anything else. */
export function codeIn(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s-]/g, '')
  return /^\d{6}$/.test(digits) ? digits : undefined
}

/** The time step of a code that the app shows about now (ms), or undefined. */
export function timeStepOf(secret: string, code: string, now: number): number | undefined {
  const off = TOTP.validate({ ...PINNED, secret: Secret.fromBase32(secret), token: code, timestamp: now, window: DRIFT_STEPS })
  return off === null ? undefined : Math.floor(now / 1000 / PERIOD_S) + off
}

/** For the row of this person alone: one that is moved to somebody else does not open. */
export const sealTotpSecret = (keys: Keyring, { userId, secret }: { userId: string; secret: string }, now: number) =>
  seal(keys, { type: TOTP_SECRET, subject: userId }, { secret }, now)

/** The secret of a row; undefined where none of the keys opens it for this person. */
export async function openTotpSecret(keys: Keyring, { userId, sealed }: { userId: string; sealed: string }, now: number) {
  const { secret } = (await open(keys, { type: TOTP_SECRET, subject: userId }, sealed, now)) ?? {}
  return typeof secret === 'string' ? secret : undefined
}
