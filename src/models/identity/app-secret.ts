import { EncryptJWT, jwtDecrypt } from 'jose'
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
// The build that hashes with node:crypto: the one that bundlers choose brings every hash along, which is 18 KiB more.
import { Secret, TOTP } from 'otpauth/dist/otpauth.node.mjs'
import { type Keyring, signerOf } from './keyring'

/** Whose secret, and the rows' own text of it. */
export type SealedSecret = { userId: string; sealed: string }

const TYPE = 'latchkey-app+jwt'
const ENCRYPTION = 'A256GCM'

/** RFC 4226, 4, R6, recommends 160 bits. */
const SECRET_BYTES = 20
/** What every authenticator app understands: RFC 6238 with the defaults of its reference implementation. */
const PERIOD_S = 30
const PINNED = { algorithm: 'SHA1', digits: 6, period: PERIOD_S } as const
/** How many steps a clock may be off, either way: RFC 6238, 5.2. */
const DRIFT_STEPS = 1

/** In base32, as apps take it. */
export const newAppSecret = () => new Secret({ size: SECRET_BYTES }).base32

export type AppLabel = { issuer: string; account: string }

/** What a QR code says to an app: `account` is what the app calls it by, below the name of the `issuer`. */
export const appUri = (secret: string, { issuer, account }: AppLabel) =>
  // Some apps take what stands before a colon for the issuer.
  new TOTP({ ...PINNED, secret, issuer: issuer.replaceAll(':', ' '), label: account }).toString()

/** The time step of a code that the app shows about now (ms), or undefined. */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const off = TOTP.validate({ ...PINNED, secret: Secret.fromBase32(secret), token: code, timestamp: now, window: DRIFT_STEPS })
  return off === null ? undefined : Math.floor(now / 1000 / PERIOD_S) + off
}

/** For the row of this person alone: one that is moved to somebody else does not open. */
export const sealAppSecret = (keys: Keyring, { userId, secret }: { userId: string; secret: string }, now: number) => {
  const { kid, key } = signerOf(keys, now)
  return new EncryptJWT({ secret }).setProtectedHeader(headerOf(kid)).setSubject(userId).encrypt(key)
}

/** The secret; undefined where none of the keys opens it for this person. */
export async function openAppSecret(keys: Keyring, { userId, sealed }: SealedSecret): Promise<string | undefined> {
  try {
    const { payload } = await jwtDecrypt(sealed, ({ kid }) => keyNamed(keys, kid), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: [ENCRYPTION],
      typ: TYPE,
      subject: userId,
    })
    return typeof payload.secret === 'string' ? payload.secret : undefined
  } catch (error) {
    if (error instanceof JOSEError) return undefined
    throw error
  }
}

const headerOf = (kid: string) => ({ alg: 'dir', enc: ENCRYPTION, typ: TYPE, kid })

/** What every secret under this key begins with, for SQL. */
export const sealedStart = (kid: string) =>
  `${new TextEncoder().encode(JSON.stringify(headerOf(kid))).toBase64({ alphabet: 'base64url', omitPadding: true })}.`

function keyNamed(keys: Keyring, kid: string | undefined) {
  const found = keys.find((key) => key.kid === kid)
  if (!found) throw new JWKSNoMatchingKey()
  return found.key
}
