import { createRemoteJWKSet, customFetch, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { beforeEach, expect, it } from 'vitest'
import { Client } from '../../../test/client'
import { connected, signsInTo, TOOL_SECRET, type Tool, tool } from '../../../test/tool'
import { MINUTE_MS } from '../../limits'
import { kidOf } from '../../models/identity/keyring'

const BYE = 'https://traces.example/bye'
const OLD = '20260101T0000Z'

let traces: Tool

beforeEach(async () => {
  await connected({ after_logout_uris: JSON.stringify([BYE]) })
  traces = await tool()
})

/** A deployment that has another key beside the one of all tests, as `npm run rotate` leaves it. */
async function rotated(startsInMs: number) {
  const kid = kidOf(Math.floor((Date.now() + startsInMs) / MINUTE_MS) * MINUTE_MS)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
  const { privateKey } = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey('pkcs8', privateKey)) as ArrayBuffer)
  const key = pkcs8.toBase64({ alphabet: 'base64url', omitPadding: true })
  return { kid, machine: new Client({ [`OIDC_KEY_${kid}`]: key } as Partial<Cloudflare.Env>) }
}

const published = async (machine: Client) =>
  ((await (await machine.get('/oauth/jwks')).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)

/** As a tool verifies it, which reads the keys as they are published now. */
const verify = (token: string, machine: Client) =>
  jwtVerify(
    token,
    createRemoteJWKSet(new URL('https://latchkey.test/oauth/jwks'), { [customFetch]: () => machine.get('/oauth/jwks') }),
  )

it('a key is published before it signs', async () => {
  const { kid, machine } = await rotated(60 * MINUTE_MS)
  expect(await published(machine)).toEqual([OLD, kid])
  const { tokens } = await signsInTo(await tool('traces', TOOL_SECRET, machine), 'bob')
  expect(decodeProtectedHeader(tokens.id_token ?? '').kid).toBe(OLD)
})

it('a new key breaks no sign-in: the tool refreshes, its tokens from before verify, and it can still sign people out by one', async () => {
  const { client, tokens } = await signsInTo(traces, 'bob')
  const { kid, machine } = await rotated(-MINUTE_MS)
  const later = await tool('traces', TOOL_SECRET, machine)
  expect(await published(machine)).toEqual([kid, OLD])

  const refreshed = await oidc.refreshTokenGrant(later.config, tokens.refresh_token ?? '')
  expect(decodeProtectedHeader(refreshed.id_token ?? '').kid).toBe(kid)
  expect(await oidc.fetchUserInfo(later.config, tokens.access_token, tokens.claims()?.sub ?? '')).toMatchObject({
    workspace: 'acme',
  })
  for (const token of [tokens.id_token, refreshed.id_token])
    expect((await verify(token ?? '', machine)).payload.sub).toBe(tokens.claims()?.sub)

  for (const [name, value] of client.cookies) machine.cookies.set(name, value)
  await machine.post('/logout')
  const { pathname, search } = oidc.buildEndSessionUrl(later.config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: BYE,
  })
  expect((await machine.get(pathname + search)).headers.get('Location')).toBe(BYE)
})
