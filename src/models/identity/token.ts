import { jwtVerify, SignJWT } from 'jose'
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
import type { WebOrigin } from '../../paths'
import type { Key, Keyring } from './keyring'

/** What a mailed link may be used for; each purpose has keys, a type and an audience of its own. */
export type Purpose = 'invitation' | 'password_reset'
export type Claims = { id: string; jti: string; iat: number; exp: number }

const ALGORITHM = 'HS256'
const typeOf = (purpose: Purpose) => `latchkey-${purpose}+jwt`

/** The same row gives the same token under the same key, so no token has to be stored. `iat` and `exp` are ms. */
export const signToken = ({ kid, key }: Key, purpose: Purpose, origin: WebOrigin, { id, jti, iat, exp }: Claims) =>
  new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: typeOf(purpose), kid })
    .setIssuer(origin)
    .setAudience(purpose)
    .setSubject(id)
    .setJti(jti)
    .setIssuedAt(Math.floor(iat / 1000))
    .setExpirationTime(Math.floor(exp / 1000))
    .sign(key)

/**
 * The `jti` of a token that we signed for this purpose, expired or not: an expired link still has to explain itself, and the row decides.
 * Undefined for anything else. Never key by the token's own bytes: base64url lets several spellings of one token verify.
 */
export async function jtiOf(keys: Keyring, purpose: Purpose, origin: WebOrigin, token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyNamed(keys, kid).key, {
      algorithms: [ALGORITHM],
      typ: typeOf(purpose),
      issuer: origin,
      audience: purpose,
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      currentDate: new Date(0),
    })
    return payload.jti
  } catch (error) {
    if (error instanceof JOSEError) return undefined
    throw error
  }
}

/** @throws JWKSNoMatchingKey, which jose's callers know, for a key that is not on the ring (any more) */
export function keyNamed(keys: Keyring, kid: string | undefined): Key {
  const found = keys.find((key) => key.kid === kid)
  if (!found) throw new JWKSNoMatchingKey()
  return found
}
