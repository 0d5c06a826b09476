import { createPrivateKey, createPublicKey } from 'node:crypto'

/** An Ed25519 key for tests, made of a word: its PKCS #8 (RFC 8410) is a fixed head and 32 bytes. */
export const privateWebhookKey = (word: string) =>
  Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, word)])

/** The same key as a deployment pins it. */
export const publicWebhookKey = (word: string) =>
  createPublicKey(createPrivateKey({ key: privateWebhookKey(word), format: 'der', type: 'pkcs8' }))
    .export({ format: 'der', type: 'spki' })
    .toString('base64')
