import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { begin, CALLBACK, connected, tool } from '../../../test/tool'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let keys: Keys
let others: Keys

beforeAll(async () => {
  keys = await generateKeyPair('ES256', { extractable: true })
  others = await generateKeyPair('ES256', { extractable: true })
})

beforeEach(async () => {
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] })
  await connected({ auth: 'key', secret_hash: null, jwks })
})

type Said = { iss?: string; sub?: string; aud?: string; jti?: string; exp?: number }
const now = () => Math.floor(Date.now() / 1000)

const assertion = (said: Said = {}, by = keys.privateKey) =>
  new SignJWT({ iss: 'traces', sub: 'traces', aud: env.APP_ORIGIN, jti: crypto.randomUUID(), exp: now() + 60, ...said })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .sign(by)

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const send = (path: string, form: Record<string, string>, client_assertion: string) =>
  new Client().send('POST', path, new URLSearchParams({ ...form, client_assertion, client_assertion_type: TYPE }), {
    headers: { Origin: undefined },
  })
const asks = async (said?: Said, by?: Keys['privateKey']) => send('/oauth/introspect', { token: 'x' }, await assertion(said, by))

async function coded() {
  const bob = await signedIn('bob')
  const { path, verifier } = await begin(await tool())
  const back = new URL((await bob.get(path)).headers.get('Location') ?? '')
  const code = back.searchParams.get('code') ?? ''
  return { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier }
}

describe('an app with a key of its own', () => {
  it('proves itself by what it has signed', async () => {
    expect((await asks()).status).toBe(200)
    expect((await send('/oauth/token', await coded(), await assertion())).status).toBe(200)
  })

  it.each([
    ['signed by another key', {}, () => others.privateKey],
    ['of another app', { iss: 'other', sub: 'other' }, undefined],
    ['by one app about another', { sub: 'other' }, undefined],
    ['for another provider', { aud: 'https://other.test' }, undefined],
    ['that has expired', { exp: now() - 60 }, undefined],
    ['that expires in two hours', { exp: now() + 7200 }, undefined],
    ['without a name', { jti: '' }, undefined],
  ])('does not by one %s', async (_, said, by) => {
    expect((await asks(said, by?.())).status).toBe(401)
  })

  it('does not by a secret, or by none', async () => {
    const bare = (form: Record<string, string>) =>
      new Client().send('POST', '/oauth/introspect', new URLSearchParams({ token: 'x', client_id: 'traces', ...form }), {
        headers: { Origin: undefined },
      })
    expect([(await bare({})).status, (await bare({ client_secret: 'x' })).status]).toEqual([401, 401])
  })
})

describe('an assertion', () => {
  it('counts once, until it has expired', async () => {
    const form = { token: 'x' }
    const shown = await assertion({ jti: 'once' })
    expect((await send('/oauth/introspect', form, shown)).status).toBe(200)
    const again = await send('/oauth/introspect', form, shown)
    expect([again.status, await again.json()]).toEqual([401, expect.objectContaining({ error: 'invalid_client' })])
    expect((await asks({ jti: 'once' })).status).toBe(401)
    await run("UPDATE throttles SET resets_at = 1 WHERE key LIKE 'app:assertion:%'")
    expect((await asks({ jti: 'once' })).status).toBe(200)
  })

  it('that was shown before takes nothing: a code waits, and what was given stays', async () => {
    const form = await coded()
    const shown = await assertion()
    await send('/oauth/introspect', { token: 'x' }, shown)
    expect((await send('/oauth/token', form, shown)).status).toBe(401)
    expect(await all('SELECT consumed_at FROM app_tokens')).toEqual([{ consumed_at: null }])
    const tokens = (await (await send('/oauth/token', form, await assertion())).json()) as Record<string, string>
    expect((await send('/oauth/revoke', { token: tokens.refresh_token ?? '' }, shown)).status).toBe(401)
    expect((await send('/oauth/token', form, shown)).status).toBeGreaterThanOrEqual(400)
    expect(await one('SELECT ended_at FROM app_grants')).toEqual({ ended_at: null })
  })

  it('that many show at once proves one of them', async () => {
    await tryOften(async () => {
      const shown = await assertion()
      const answers = await together(() => send('/oauth/introspect', { token: 'x' }, shown))
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(answers.length - 1)
    }, 10)
  })
})
