import { MINUTE_MS } from '../limits'
import type { WebhookKey } from '../variables'
import type { WebhookRejection } from './webhook'

/** Either way: a clock may be fast as well as slow. */
const TOLERANCE_MS = 5 * MINUTE_MS

/**
 * The one shape that we take of an HTTP message signature (RFC 9421): one signature over the content's digest and nothing else, with when, how
 * and with which key. What is covered is ours to say, not the request's.
 */
const INPUT = /^(\w+)=(\("content-digest"\)(?:;[a-z]+=(?:\d+|"[^"\\]*")){3})$/
const PARAMETER = /;([a-z]+)=(?:(\d+)|"([^"]*)")/g
const SIGNATURE = /^(\w+)=:([A-Za-z\d+/]{86}==):$/
const DIGEST = /^sha-256=:([A-Za-z\d+/]{43}=):$/i

type SignatureInput = { parameters: string; createdAt: number; keyId: string; signature: Uint8Array<ArrayBuffer>; digest: string }

/**
 * Checks an Ed25519 message signature against pinned keys, and the digest that it covers against the body.
 * @returns when it was made (ms), or why it is not believed
 */
export async function verifyMessage(
  keys: WebhookKey[],
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<{ signedAt: number } | { reason: WebhookRejection }> {
  const input = inputOf(headers)
  if (!input) return { reason: 'malformed signature' }
  const key = keys.find(({ id }) => id === input.keyId)
  if (!key) return { reason: 'unknown key' }
  // Not `>`: what is no number is not in time.
  if (!(Math.abs(now - input.createdAt) <= TOLERANCE_MS)) return { reason: 'created out of time' }
  if ((await digestOf(body)) !== input.digest) return { reason: 'wrong digest' }
  return (await isSigned(key, headers, input)) ? { signedAt: input.createdAt } : { reason: 'wrong signature' }
}

function inputOf(headers: Headers): SignatureInput | undefined {
  const [, label, parameters] = INPUT.exec(headers.get('Signature-Input') ?? '') ?? []
  const [, sameLabel, signature] = SIGNATURE.exec(headers.get('Signature') ?? '') ?? []
  const [, digest] = DIGEST.exec(headers.get('Content-Digest') ?? '') ?? []
  if (!label || !parameters || label !== sameLabel || !signature || !digest) return undefined
  const { created, alg, keyid } = Object.fromEntries(
    [...parameters.matchAll(PARAMETER)].map(([, name, number, text]) => [name, number ?? text]),
  )
  if (!created || alg !== 'ed25519' || !keyid) return undefined
  return { parameters, createdAt: Number(created) * 1000, keyId: keyid, signature: Uint8Array.fromBase64(signature), digest }
}

const digestOf = async (body: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', body)).toBase64()

async function isSigned({ spki }: WebhookKey, headers: Headers, { parameters, signature }: SignatureInput) {
  const base = `"content-digest": ${headers.get('Content-Digest')}\n"@signature-params": ${parameters}`
  const key = await crypto.subtle.importKey('spki', spki, 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, signature, new TextEncoder().encode(base))
}
