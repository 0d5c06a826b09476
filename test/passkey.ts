import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { connect } from '../src/db/connect'
import { insertFactor } from '../src/models/identity/add-factor'
import { makeChallenge } from '../src/models/identity/challenge'
import { verifyRegistration } from '../src/models/identity/passkey'
import { readAttestation } from '../src/models/identity/passkey-response'
import { somebody } from './cast'

/** An authenticator in software: it makes real ES256 passkeys, and does what a test wants that a real one never would. */
export type SoftPasskey = { id: string; keys: CryptoKeyPair; counter: number }
export type Misbehaviour = {
  origin?: string
  rpId?: string
  type?: string
  crossOrigin?: boolean
  verified?: boolean
  present?: boolean
  /** What it counts to, in the place of one more than before. */
  counter?: number
  backedUp?: boolean
  /** Signs with somebody else's key. */
  keys?: CryptoKeyPair
  /** Whose it says that it is, as those found without an address do. */
  userId?: string
  /** What an attestation says, and about which it lies as it likes. */
  attestation?: { fmt: string; attStmt: Uint8Array<ArrayBuffer> }
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256' } as const

export async function softPasskey(id = textOf(crypto.getRandomValues(new Uint8Array(32)))): Promise<SoftPasskey> {
  return { id, keys: await newKeys(), counter: 0 }
}

/** What a passkey is to sign; `holder` is the hash of the browser's cookie or the id of a session. */
export const challengeFor = (holder: string, purpose: Parameters<typeof makeChallenge>[1]['purpose'] = 'sign_in') =>
  makeChallenge({ db: connect(env.DB), now: Date.now() }, { purpose, holder })

/** Somebody of the cast has it, as adding one leaves it. */
export async function hasSoftPasskey(name: string, passkey?: SoftPasskey): Promise<SoftPasskey> {
  const given = passkey ?? (await softPasskey())
  const made = readAttestation(await attestationOf(given, 'bWFkZSBlYXJsaWVy'))
  const kept = made && (await verifyRegistration(env, made, made))
  if (!kept) throw new Error('no passkey was made')
  await insertFactor(somebody(), sql`${`user-${name}`}`, { ...kept, name: 'Phone' }, sql`true`)
  return given
}

/** No key of elliptic curves is one key. */
export async function newKeys(): Promise<CryptoKeyPair> {
  const keys = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify'])
  if (!('privateKey' in keys)) throw new Error('not a pair of keys')
  return keys
}

/** What the browser would post of a new passkey. */
export async function attestationOf(passkey: SoftPasskey, challenge: string, how: Misbehaviour = {}): Promise<string> {
  const credentialId = bytesOf(passkey.id)
  const attested = [new Uint8Array(16), uint16(credentialId.length), credentialId, await coseOf(how.keys ?? passkey.keys)]
  const authData = joined(await authenticatorData(passkey.counter, how, AT), ...attested)
  const { fmt, attStmt } = how.attestation ?? { fmt: 'none', attStmt: Uint8Array.of(0xa0) }
  const object = [Uint8Array.of(0xa3), cborText('fmt'), cborText(fmt), cborText('attStmt'), attStmt, cborText('authData')]
  return JSON.stringify({
    ...credential(passkey),
    response: {
      clientDataJSON: textOf(clientData('webauthn.create', challenge, how)),
      attestationObject: textOf(joined(...object, cborBytes(authData))),
      transports: ['internal', 'hybrid'],
    },
  })
}

/** What the browser would post when the passkey is used. */
export async function assertionOf(passkey: SoftPasskey, challenge: string, how: Misbehaviour = {}): Promise<string> {
  passkey.counter = how.counter ?? passkey.counter + 1
  const data = clientData('webauthn.get', challenge, how)
  const authData = await authenticatorData(passkey.counter, how)
  const signed = joined(authData, new Uint8Array(await crypto.subtle.digest('SHA-256', data)))
  const { privateKey } = how.keys ?? passkey.keys
  const signature = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, signed))
  return JSON.stringify({
    ...credential(passkey),
    response: {
      clientDataJSON: textOf(data),
      authenticatorData: textOf(authData),
      signature: textOf(derOf(signature)),
      ...(how.userId && { userHandle: textOf(new TextEncoder().encode(how.userId)) }),
    },
  })
}

const credential = ({ id }: SoftPasskey) => ({ id, rawId: id, type: 'public-key', clientExtensionResults: {} })

const clientData = (type: string, challenge: string, { origin = env.APP_ORIGIN, crossOrigin, ...how }: Misbehaviour) =>
  new TextEncoder().encode(JSON.stringify({ type: how.type ?? type, challenge, origin, crossOrigin }))

const [UP, UV, BE, BS, AT] = [0x01, 0x04, 0x08, 0x10, 0x40]

async function authenticatorData(counter: number, how: Misbehaviour, more = 0) {
  const { rpId = new URL(env.APP_ORIGIN).hostname, verified = true, present = true, backedUp = false } = how
  const flags = (present ? UP : 0) | (verified ? UV : 0) | (backedUp ? BE | BS : 0) | more
  const rpIdHash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(rpId)))
  return joined(rpIdHash, Uint8Array.of(flags), uint32(counter))
}

/** RFC 9053, 7.1.1. */
async function coseOf({ publicKey }: CryptoKeyPair) {
  const point = await crypto.subtle.exportKey('raw', publicKey)
  if (!(point instanceof ArrayBuffer)) throw new Error('not a point')
  const [x, y] = [new Uint8Array(point.slice(1, 33)), new Uint8Array(point.slice(33))]
  return joined(Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21), cborBytes(x), Uint8Array.of(0x22), cborBytes(y))
}

const cborText = (text: string) =>
  joined(
    Uint8Array.of(0x60 + text.length),
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  )
const cborBytes = (bytes: Uint8Array<ArrayBuffer>) =>
  joined(bytes.length < 256 ? Uint8Array.of(0x58, bytes.length) : joined(Uint8Array.of(0x59), uint16(bytes.length)), bytes)

/** WebCrypto gives r and s side by side, an authenticator as a sequence of two integers. */
function derOf(signature: Uint8Array<ArrayBuffer>) {
  const integers = joined(derInteger(signature.slice(0, 32)), derInteger(signature.slice(32)))
  return joined(Uint8Array.of(0x30, integers.length), integers)
}

function derInteger(bytes: Uint8Array<ArrayBuffer>) {
  const digits = bytes.slice(bytes.findIndex((byte) => byte > 0))
  const signed = (digits[0] ?? 0) > 127 ? joined(Uint8Array.of(0), digits) : digits
  return joined(Uint8Array.of(0x02, signed.length), signed)
}

const uint16 = (n: number) => Uint8Array.of(n >> 8, n & 255)
const uint32 = (n: number) => Uint8Array.of(n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255)

function joined(...parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const textOf = (bytes: Uint8Array) => bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
const bytesOf = (base64url: string) => Uint8Array.fromBase64(base64url, { alphabet: 'base64url' })
