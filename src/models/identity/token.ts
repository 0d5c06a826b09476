import { jwtVerify, SignJWT } from 'jose'
import { JOSEError, JWKSNoMatchingKey } from 'jose/errors'
import { type Key, type Keyring, letterOf } from './keyring'

/** What an emailed link may be used for; each purpose has keys, a type, an audience and a kind of subject of its own. */
export type Purpose = 'invitation' | 'password_reset' | 'join_link' | 'join' | 'factor_link'
export type Claims = { jti: string; iat: number; exp: number }

const ALGORITHM = 'HS256'
/** The keys tell deployments apart, so that links survive a move to another origin. */
const ISSUER = 'L'

/**
 * One letter each, since an email wraps long links and base64 in base64 makes nearly two characters of one (docs/rules.md, Invitation links). The
 * subject is a member, an account, a join link or an address; which one, the row of the `jti` knows. A join link's knows only its SHA-256.
 */
const PINNED = {
  invitation: { typ: 'i', issuer: ISSUER, audience: 'i', subject: 'm' },
  password_reset: { typ: 'r', issuer: ISSUER, audience: 'r', subject: 'a' },
  join_link: { typ: 'l', issuer: ISSUER, audience: 'l', subject: 'l' },
  join: { typ: 'j', issuer: ISSUER, audience: 'j', subject: 'e' },
  factor_link: { typ: 'f', issuer: ISSUER, audience: 'f', subject: 'a' },
} as const

/** The same row gives the same token under the same key, so no token has to be stored. `iat` and `exp` are ms. */
export function signToken(key: Key, purpose: Purpose, { jti, iat, exp }: Claims) {
  const { typ, issuer, audience, subject } = PINNED[purpose]
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ, kid: letterOf(key) })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setJti(jti)
    .setIssuedAt(Math.floor(iat / 1000))
    .setExpirationTime(Math.floor(exp / 1000))
    .sign(key.key)
}

/**
 * The `jti` of a token that we signed for this purpose, expired or not: an expired link still has to explain itself, and the row decides.
 * Undefined for anything else. Never key by the token's own bytes: base64url lets several spellings of one token verify.
 */
export async function jtiOf(keys: Keyring, purpose: Purpose, token: string): Promise<string | undefined> {
  for (const key of keys) {
    const jti = await jtiUnder(key, purpose, token)
    if (jti) return jti
  }
  return undefined
}

async function jtiUnder(key: Key, purpose: Purpose, token: string): Promise<string | undefined> {
  const { audience } = PINNED[purpose]
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid, key), {
      ...PINNED[purpose],
      algorithms: [ALGORITHM],
      requiredClaims: ['jti', 'iat', 'exp'],
      currentDate: new Date(0),
    })
    // A list that has ours in it is for somebody else, too.
    return payload.aud === audience ? payload.jti : undefined
  } catch (error) {
    if (error instanceof JOSEError) return undefined
    throw error
  }
}

function keyFor(kid: string | undefined, key: Key) {
  if (kid !== letterOf(key)) throw new JWKSNoMatchingKey()
  return key.key
}
