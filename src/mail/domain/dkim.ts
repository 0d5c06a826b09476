import { Buffer } from 'node:buffer'
import { createPrivateKey, createPublicKey } from 'node:crypto'

/** The TXT record that belongs to an RSA private key in Base64 (RFC 6376, 3.6.1). Undefined when it is no such key. */
export function dkimRecordOf(privateKey: string): string | undefined {
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    try {
      const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type })
      const published = createPublicKey(key).export({ format: 'der', type: 'spki' })
      return `v=DKIM1; k=rsa; p=${Buffer.from(published).toString('base64')}`
    } catch {}
  }
  return undefined
}

/** The key that a record publishes; empty when it was withdrawn. */
export const publicKeyIn = (record: string) =>
  record
    .split(';')
    .map((tag) => tag.replaceAll(/\s/g, ''))
    .find((tag) => tag.startsWith('p='))
    ?.slice(2) ?? ''
