import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { base64url, decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { readEnv } from '../../env'
import { HOUR_MS, MINUTE_MS } from '../../limits'
import { MAILED_PATHS } from '../../paths'
import { randomSecret } from '../core/random'
import { type Keyring, letterOf } from './keyring'
import { jtiOf, signToken } from './token'

const { INVITATION_KEYS: keys, RESET_KEYS } = readEnv(env)
const [signer] = keys
const { key } = signer
const kid = letterOf(signer)
const claims = { jti: randomSecret(), iat: Date.now(), exp: Date.now() + HOUR_MS }

const token = () => signToken(signer, 'invitation', claims)
const read = (text: string, ring: Keyring = keys) => jtiOf(ring, 'invitation', text)

const HEADER = { alg: 'HS256', typ: 'i', kid }
const PAYLOAD = { iss: 'L', aud: 'i', sub: 'm', jti: claims.jti, iat: 1_800_000_000, exp: 1_900_000_000 }
type Change = { header?: object; payload?: object; key?: Uint8Array<ArrayBuffer>; hash?: string }

/** Signs whatever it is told, as jose would not. */
async function forge({ header = {}, payload = {}, key: by = key, hash = 'SHA-256' }: Change) {
  const body = [
    { ...HEADER, ...header },
    { ...PAYLOAD, ...payload },
  ]
    .map((part) => base64url.encode(JSON.stringify(part)))
    .join('.')
  const signer = await crypto.subtle.importKey('raw', by, { name: 'HMAC', hash }, false, ['sign'])
  const signature = await crypto.subtle.sign('HMAC', signer, new TextEncoder().encode(body))
  return `${body}.${base64url.encode(new Uint8Array(signature))}`
}

describe('a token', () => {
  it('names its link', async () => {
    expect(await read(await token())).toBe(claims.jti)
    expect(await read(await forge({}))).toBe(claims.jti)
  })

  it('holds type, key, issuer, audience, subject, id, times, and nothing else', async () => {
    const text = await token()

    expect(decodeProtectedHeader(text)).toEqual(HEADER)
    expect(decodeJwt(text)).toEqual({
      iss: 'L',
      aud: 'i',
      sub: 'm',
      jti: claims.jti,
      iat: Math.floor(claims.iat / 1000),
      exp: Math.floor(claims.exp / 1000),
    })
    expect(base64url.decode(claims.jti)).toHaveLength(32)
  })

  it('is the same whenever it is signed, so that none has to be stored', async () => {
    expect(await token()).toBe(await token())
  })

  it('that has expired still names its link', async () => {
    expect(await read(await forge({ payload: { iat: 1, exp: 2 } }))).toBe(claims.jti)
  })

  it('re-encoded in its last character still names the same link', async () => {
    const text = await token()
    const [body, last] = [text.slice(0, -1), text.at(-1) ?? '']
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const twins = [1, 2, 3].map((bits) => body + alphabet[alphabet.indexOf(last) ^ bits])

    for (const twin of twins) expect(await read(twin)).toBe(claims.jti)
    expect(await read(body + alphabet[alphabet.indexOf(last) ^ 4])).toBeUndefined()
  })
})

it('under an older key of the ring still names its link, and under one that is gone names nothing', async () => {
  const fresh = { kid: 'i2', startsAt: signer.startsAt + 5 * MINUTE_MS, key: crypto.getRandomValues(new Uint8Array(32)) }
  const next = await signToken(fresh, 'invitation', claims)

  expect(decodeProtectedHeader(next).kid).not.toBe(kid)
  expect([await read(await token(), [signer, fresh]), await read(next, [signer, fresh])]).toEqual([claims.jti, claims.jti])
  expect([await read(await token(), [fresh]), await read(next, [signer])]).toEqual([undefined, undefined])
})

it('of two keys that share a letter names its link under either', async () => {
  const twin = { kid: 'i3', startsAt: signer.startsAt + 64 * MINUTE_MS, key: crypto.getRandomValues(new Uint8Array(32)) }
  const next = await signToken(twin, 'invitation', claims)

  expect(decodeProtectedHeader(next).kid).toBe(kid)
  expect([await read(await token(), [signer, twin]), await read(next, [signer, twin])]).toEqual([claims.jti, claims.jti])
})

it.each(['invitation', 'password_reset'] as const)(
  'the link of an %s has 300 characters at most on an origin of 30',
  async (purpose) => {
    const link = `https://access.northwinds.test${MAILED_PATHS[purpose]}?token=${await signToken(signer, purpose, claims)}`

    expect(new URL(link).origin).toHaveLength(30)
    expect(link.length).toBeLessThanOrEqual(300)
  },
)

describe('what is not ours', () => {
  it.each<[string, Change]>([
    ['no type', { header: { typ: undefined } }],
    ['the general type', { header: { typ: 'JWT' } }],
    ['the type of a reset', { header: { typ: 'r' } }],
    ['no key id', { header: { kid: undefined } }],
    ['an unknown key id', { header: { kid: 'i9' } }],
    ['the key of a reset', { key: RESET_KEYS[0].key }],
    ['another algorithm under the same key', { header: { alg: 'HS512' }, hash: 'SHA-512' }],
    ['an unknown critical header', { header: { crit: ['exp'], exp: 1 } }],
    ['no issuer', { payload: { iss: undefined } }],
    ['another issuer', { payload: { iss: 'https://evil.test' } }],
    ['no audience', { payload: { aud: undefined } }],
    ['the audience of a reset', { payload: { aud: 'r' } }],
    ['an audience that is a list with ours', { payload: { aud: ['i', 'r'] } }],
    ['no subject', { payload: { sub: undefined } }],
    ['the subject of a reset', { payload: { sub: 'a' } }],
    ['no id', { payload: { jti: undefined } }],
    ['no time of issue', { payload: { iat: undefined } }],
    ['no end', { payload: { exp: undefined } }],
    ['an end that is no number', { payload: { exp: 'tomorrow' } }],
  ])('a token with %s names nothing', async (_, change) => {
    expect(await read(await forge(change))).toBeUndefined()
  })

  it('a token without a signature names nothing', async () => {
    const [header, payload] = (await token()).split('.')
    const none = base64url.encode(JSON.stringify({ ...HEADER, alg: 'none' }))

    for (const text of [`${none}.${payload}.`, `${none}.${payload}`, `${none}.${payload}.AAAA`, `${header}.${payload}.`])
      expect(await read(text)).toBeUndefined()
  })

  it('a token for one purpose names nothing for another', async () => {
    const ring: Keyring = [{ kid: 'r1', startsAt: 0, key }, ...keys]

    expect(await jtiOf(ring, 'password_reset', await token())).toBeUndefined()
  })

  it('a token whose content was changed names nothing', async () => {
    const [header, , signature] = (await token()).split('.')
    const payload = base64url.encode(JSON.stringify({ ...PAYLOAD, jti: randomSecret() }))

    expect(await read(`${header}.${payload}.${signature}`)).toBeUndefined()
  })

  it('any other text names nothing and throws nothing', async () => {
    const [header, payload, signature] = (await token()).split('.')
    const texts = ['', '.', '..', '...', 'a.b.c', '{}', ' ', 'e30.e30.e30', `${header}..${signature}`, `.${payload}.${signature}`]
    const huge = ['a'.repeat(1_000_000), `${header}.${'A'.repeat(1_000_000)}.${signature}`, '.'.repeat(100_000)]

    for (const text of [...texts, ...huge]) expect(await read(text), text.slice(0, 60)).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        expect(await read(text)).toBeUndefined()
        expect(await read(`${header}.${text}.${signature}`)).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })
})
