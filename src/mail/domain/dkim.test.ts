import { expect, it } from 'vitest'
import { dkimRecordOf, publicKeyIn } from './dkim'

/** What stands before the RSA key itself in a PKCS#8 document of 2048 bits. */
const PKCS8_HEAD_BYTES = 26

const base64 = (bytes: Uint8Array) => bytes.toBase64()

it('the record of a private key publishes its public half, whichever way the key is written', async () => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair of keys')
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey('pkcs8', pair.privateKey)) as ArrayBuffer)
  const spki = new Uint8Array((await crypto.subtle.exportKey('spki', pair.publicKey)) as ArrayBuffer)

  expect(publicKeyIn(dkimRecordOf(base64(pkcs8)) ?? '')).toBe(base64(spki))
  expect(publicKeyIn(dkimRecordOf(base64(pkcs8.slice(PKCS8_HEAD_BYTES))) ?? '')).toBe(base64(spki))
})

it('what is no key has no record', () => {
  expect(dkimRecordOf('MIIB')).toBeUndefined()
})
