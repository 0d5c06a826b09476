import { importPKCS8, SignJWT } from 'jose'
import { type Key, type Keyring, signerOf } from '../identity/keyring'

/** OpenID Connect Back-Channel Logout 1.0, 2.4: two minutes at the most. */
const LIFETIME_S = 120
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Whom an app is told of: its client id, what it calls the person, and which sign-in is over. */
export type SignedOut = { clientId: string; sub: string; sid: string; jti: string }

/** What an app is told with, signed by the key that signs its ID tokens. `now` in ms. */
export async function logoutTokenOf({ origin, keys }: { origin: string; keys: Keyring }, about: SignedOut, now: number) {
  const signer = signerOf(keys, now)
  const iat = Math.floor(now / 1000)
  return new SignJWT({ sid: about.sid, events: { [EVENT]: {} } })
    .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt', kid: signer.kid })
    .setIssuer(origin)
    .setAudience(about.clientId)
    .setSubject(about.sub)
    .setJti(about.jti)
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_S)
    .sign(await privateKeyOf(signer))
}

const imported = new WeakMap<Key, Promise<CryptoKey>>()

function privateKeyOf(signer: Key) {
  const key = imported.get(signer) ?? importPKCS8(pemOf(signer), 'RS256')
  imported.set(signer, key)
  return key
}

const pemOf = ({ key }: Key) => `-----BEGIN PRIVATE KEY-----\n${key.toBase64()}\n-----END PRIVATE KEY-----`
