import { createPrivateKey } from 'node:crypto'
import type { JWK } from 'oidc-provider'
import { type Keyring, signerOf } from '../models/identity/keyring'

export type SigningKey = JWK

/** The key that signs first, and the others, whose tokens go on to verify: the next one is known to the apps before it signs anything. */
export function signingKeys(ring: Keyring, now: number): SigningKey[] {
  const signer = signerOf(ring, now)
  return [signer, ...ring.filter((key) => key !== signer)].map(({ kid, key }) => ({
    ...(createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' }) as JWK),
    kid,
    use: 'sig',
    alg: 'RS256',
  }))
}
