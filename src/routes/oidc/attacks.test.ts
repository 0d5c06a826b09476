import { env } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, one, run } from '../../../test/database'
import { listen } from '../../../test/logged'
import { begin, CALLBACK, connected, finish, signsInTo, TOOL_SECRET, type Tool, tool } from '../../../test/tool'
import { sha256 } from '../../models/core/random'

/** What RFC 9700 and RFC 6749, 7636, 8252, 9207 tell a provider to withstand; races are in races.test.ts, sign-out in logout.test.ts. */

let bob: Client

beforeEach(async () => {
  bob = await signedIn('bob')
})

/** What the tool's server sends, by any form and header. */
const send = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  new Client().send('POST', path, new URLSearchParams(form), { headers: { Origin: undefined, ...headers } })
const basic = (id = 'traces', secret = TOOL_SECRET) => ({ Authorization: `Basic ${btoa(`${id}:${secret}`)}` })
const told = async (answer: Response) => [answer.status, ((await answer.json()) as { error?: string }).error]

/** A code for the tool, and what else it has to show for it. */
async function coded(by: Tool, params: Record<string, string> = {}) {
  const { path, verifier } = await begin(by, params)
  const back = new URL((await bob.get(path)).headers.get('Location') ?? '')
  const form = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: CALLBACK }
  return { back, verifier, form: { ...form, code_verifier: verifier } }
}

describe('an address to go back to', () => {
  const OTHERS = [
    'https://traces.example/callback/',
    'https://traces.example/callback?x=1',
    'https://traces.example/callback#x',
    'https://traces.example/Callback',
    'https://traces.example/callback/../callback',
    'https://traces.example:443/callback',
    'https://traces.example:8443/callback',
    'http://traces.example/callback',
    'https://traces.example.evil.test/callback',
    'https://traces.example@evil.test/callback',
    'https://evil.test/callback?https://traces.example/callback',
    'https://sub.traces.example/callback',
    'javascript:alert(1)',
    '//traces.example/callback',
    '',
  ]

  it.each(OTHERS)('that is not exactly a registered one leads nowhere: %s', async (redirect_uri) => {
    await connected()
    const { path } = await begin(await tool(), { redirect_uri })
    const answer = await bob.get(path)
    expect([answer.status, answer.headers.get('Location')]).toEqual([404, null])
    expect(await answer.text()).not.toContain('evil.test')
  })

  it('on a device may have any port, where the app runs there', async () => {
    await connected({
      auth: 'none',
      secret_hash: null,
      redirect_uris: '["http://127.0.0.1/callback"]',
    })
    const traces = await tool('traces', oidc.None())
    for (const [redirect_uri, status] of [
      ['http://127.0.0.1:51234/callback', 303],
      ['http://127.0.0.1:51234/other', 404],
      ['http://127.0.0.2:51234/callback', 404],
      ['http://evil.test:51234/callback', 404],
    ] as const)
      expect([redirect_uri, (await bob.get((await begin(traces, { redirect_uri })).path)).status]).toEqual([redirect_uri, status])
  })

  it.each([
    [
      'runs in a browser',
      { auth: 'none', secret_hash: null, redirect_uris: '["https://traces.example/callback","http://localhost:3000/callback"]' },
    ],
    ['has a secret', { redirect_uris: '["http://localhost:3000/callback"]' }],
  ])('on a device has the registered port, where the app %s', async (_, columns) => {
    await connected(columns)
    const traces = await tool()
    const answers = [3000, 3001].map(
      async (port) => (await bob.get((await begin(traces, { redirect_uri: `http://localhost:${port}/callback` })).path)).status,
    )
    expect(await Promise.all(answers)).toEqual([303, 404])
  })

  it('is the same one when the code is shown', async () => {
    await connected({ redirect_uris: JSON.stringify([CALLBACK, 'https://traces.example/other']) })
    const { form } = await coded(await tool())
    expect(await told(await send('/oauth/token', { ...form, redirect_uri: 'https://traces.example/other' }, basic()))).toEqual([
      400,
      'invalid_grant',
    ])
    expect(await told(await send('/oauth/token', { ...form, redirect_uri: '' }, basic()))).toEqual([400, 'invalid_request'])
    expect((await send('/oauth/token', form, basic())).status).toBe(200)
  })
})

describe('PKCE', () => {
  const errorAt = async (params: Record<string, string>) =>
    new URL((await bob.get((await begin(await tool(), params)).path)).headers.get('Location') ?? '').searchParams.get('error')

  it('is needed, and by SHA-256', async () => {
    await connected()
    expect(await errorAt({ code_challenge: '', code_challenge_method: '' })).toBe('invalid_request')
    expect(await errorAt({ code_challenge_method: 'plain' })).toBe('invalid_request')
    expect(await errorAt({ code_challenge_method: '' })).toBe('invalid_request')
    expect(await errorAt({ code_challenge: 'short' })).toBe('invalid_request')
  })

  it('is needed of what has no secret, whatever an admin says', async () => {
    await connected({ auth: 'none', secret_hash: null, pkce: 0 })
    expect(await errorAt({ code_challenge: '', code_challenge_method: '' })).toBe('invalid_request')
  })

  it('cannot be left out or made up afterwards: a code counts with its own verifier alone, and waits for it', async () => {
    await connected()
    const { form } = await coded(await tool())
    for (const code_verifier of ['', 'x'.repeat(43)])
      expect(await told(await send('/oauth/token', { ...form, code_verifier }, basic()))).toEqual([400, 'invalid_grant'])
    expect((await send('/oauth/token', form, basic())).status).toBe(200)
  })

  it('that was not asked for is not shown: a code from another session cannot be put in its place', async () => {
    await connected({ pkce: 0 })
    const { form } = await coded(await tool(), { code_challenge: '', code_challenge_method: '' })
    expect(await told(await send('/oauth/token', form, basic()))).toEqual([400, 'invalid_grant'])
    const { code_verifier: _, ...without } = form
    expect((await send('/oauth/token', without, basic())).status).toBe(200)
  })
})

describe('a code', () => {
  it('of one app is worth nothing to another', async () => {
    await connected()
    await connected({ id: 'other', name: 'Other' })
    const { form } = await coded(await tool())
    expect(await told(await send('/oauth/token', form, basic('other')))).toEqual([400, 'invalid_grant'])
    expect((await send('/oauth/token', form, basic())).status).toBe(200)
  })

  it('that is shown twice ends what it gave, and the log says so', async () => {
    await connected()
    const traces = await tool()
    const { form } = await coded(traces)
    const { access_token } = (await (await send('/oauth/token', form, basic())).json()) as { access_token: string }
    const ear = listen()
    expect(await told(await send('/oauth/token', form, basic()))).toEqual([400, 'invalid_grant'])
    expect(ear.stop().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ action: 'POST /oauth/token', event: 'authn_token_reuse', app: 'traces' }),
    ])
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
    await expect(oidc.fetchUserInfo(traces.config, access_token, oidc.skipSubjectCheck)).rejects.toThrow()
  })

  it('counts for a minute', async () => {
    await connected()
    const { form } = await coded(await tool())
    await run("UPDATE app_tokens SET expires_at = expires_at - 60001, payload = json_set(payload, '$.exp', payload ->> 'exp' - 61)")
    expect(await told(await send('/oauth/token', form, basic()))).toEqual([400, 'invalid_grant'])
  })
})

it('a refresh token ends a year after the sign-in, however often it is used', async () => {
  await connected()
  const { tokens } = await signsInTo(await tool(), bob, { scope: 'openid offline_access' })
  const left = () =>
    one(
      "SELECT max(expires_at - created_at) / 86400000 AS days FROM app_tokens WHERE kind = 'RefreshToken' AND consumed_at IS NULL",
    )
  expect(await left()).toEqual({ days: 30 })
  await run("UPDATE app_tokens SET payload = json_set(payload, '$.iiat', payload ->> 'iiat' - 363 * 86400)")
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }
  expect((await send('/oauth/token', form, basic())).status).toBe(200)
  expect(await left()).toEqual({ days: 2 })
})

it('every answer says who gives it, so that two providers cannot be mixed up', async () => {
  await connected()
  const traces = await tool()
  const { back } = await coded(traces)
  const refused = new URL((await bob.get((await begin(traces, { max_age: '-1' })).path)).headers.get('Location') ?? '')
  expect([back, refused].map(({ searchParams }) => searchParams.get('iss'))).toEqual([env.APP_ORIGIN, env.APP_ORIGIN])
  expect(traces.config.serverMetadata()).toMatchObject({ authorization_response_iss_parameter_supported: true })
  const { verifier } = await coded(traces)
  back.searchParams.set('iss', 'https://other.test')
  await expect(finish(traces, back.href, verifier)).rejects.toThrow()
})

describe('a token of one app', () => {
  it('is none to another: it learns nothing of it, and takes nothing back', async () => {
    await connected()
    await connected({ id: 'other', name: 'Other' })
    const traces = await tool()
    const { tokens } = await signsInTo(traces, bob)
    for (const token of [tokens.access_token, tokens.refresh_token ?? '']) {
      const asked = await send('/oauth/introspect', { token }, basic('other'))
      expect([asked.status, await asked.json()]).toEqual([200, { active: false }])
      await send('/oauth/revoke', { token }, basic('other'))
      expect(await told(await send('/oauth/token', { grant_type: 'refresh_token', refresh_token: token }, basic('other')))).toEqual(
        [400, 'invalid_grant'],
      )
    }
    expect(await oidc.tokenIntrospection(traces.config, tokens.access_token)).toMatchObject({ active: true })
  })

  it('is asked about by no one who is not an app', async () => {
    await connected()
    const { tokens } = await signsInTo(await tool(), bob)
    for (const path of ['/oauth/introspect', '/oauth/revoke'])
      for (const [form, headers] of [
        [{}, {}],
        [{ client_id: 'traces' }, {}],
        [{}, { Authorization: `Bearer ${tokens.access_token}` }],
      ] as const)
        expect((await send(path, { token: tokens.access_token, ...form }, headers)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('nothing is given away', () => {
  it('by the log: no code, token, secret, state or address of the tool', async () => {
    await connected()
    const traces = await tool()
    const ear = listen()
    const { back, form } = await coded(traces, { state: 'state-of-nightjar' })
    const tokens = (await (await send('/oauth/token', form, basic())).json()) as Record<string, string>
    await send('/oauth/token', { ...form, client_id: 'traces', client_secret: 'wrong-secret-of-nightjar' })
    await oidc.fetchUserInfo(traces.config, tokens.access_token ?? '', oidc.skipSubjectCheck)
    const lines = ear.stop().join('\n')
    const secrets = [
      form.code,
      form.code_verifier,
      tokens.access_token,
      tokens.refresh_token,
      tokens.id_token,
      TOOL_SECRET,
      back.search,
    ]
    for (const secret of [...secrets, 'nightjar', 'traces.example']) expect(lines).not.toContain(secret)
    expect(lines).toContain('POST /oauth/token')
  })

  it('by the database: what is kept of a code or token opens nothing', async () => {
    await connected()
    const { tokens } = await signsInTo(await tool(), bob)
    const kept = JSON.stringify(await all('SELECT * FROM app_tokens'))
    for (const token of [tokens.access_token, tokens.refresh_token ?? '']) expect(kept).not.toContain(token)
  })

  it.each(['/oauth/continue?client_id=traces', '/oauth/signed-out', '/oauth/logout'])(
    'by a page: %s stands in no frame and in no cache, and tells other sites nothing',
    async (path) => {
      const { headers } = await bob.get(path)
      expect(headers.get('X-Frame-Options')).toBe('DENY')
      expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'")
      expect([headers.get('Referrer-Policy'), headers.get('Cache-Control')]).toEqual(['same-origin', 'private, no-store'])
    },
  )

  it('by an answer with a token, which nobody keeps', async () => {
    await connected()
    const { form } = await coded(await tool())
    const answer = await send('/oauth/token', form, basic())
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
  })
})

describe('a way on', () => {
  it.each([
    '/oauth/continue?next=https://evil.test/',
    '/oauth/continue?client_id=traces&redirect_uri=https://evil.test/',
    '/oauth/continue?url=%0d%0aLocation:https://evil.test/',
    '/oauth/forward/continue?to=https://evil.test/',
  ])('leads to no other site: %s', async (path) => {
    const answer = await new Client().get(path)
    const to = new URL(answer.headers.get('Refresh')?.split('url=')[1] ?? '', env.APP_ORIGIN)
    expect([answer.headers.get('Location'), to.origin]).toEqual([null, env.APP_ORIGIN])
    expect(to.pathname).toMatch(/^\/oauth\/(authorize|forward)$/)
  })

  it.each(['https://evil.test/', '//evil.test/', '/\\evil.test', 'javascript:alert(1)', ''])(
    'of a consent leads to no other site: %s',
    async (next) => {
      await connected({ granted_at: null })
      const answer = await bob.post('/oauth/consent', { app: 'traces', version: '1', scope: 'openid', next })
      expect(new URL(answer.headers.get('Location') ?? '', env.APP_ORIGIN).origin).toBe(env.APP_ORIGIN)
    },
  )
})

describe('another site', () => {
  const from = (origin: string) => ({ Origin: origin })
  const PUBLIC = {
    auth: 'none',
    secret_hash: null,
    redirect_uris: '["https://traces.example/callback"]',
  }

  it('reads no answer, but that of an app which runs in a browser reads its own', async () => {
    await connected(PUBLIC)
    const { form } = await coded(await tool('traces', oidc.None()))
    for (const [origin, allowed] of [
      ['https://evil.test', null],
      ['null', null],
      ['https://traces.example', 'https://traces.example'],
    ] as const) {
      const answer = await send('/oauth/token', { ...form, client_id: 'traces' }, from(origin))
      expect([origin, answer.headers.get('Access-Control-Allow-Origin'), answer.ok]).toEqual([origin, allowed, allowed !== null])
    }
  })

  it('reads nothing of an app with a secret, which no browser has', async () => {
    await connected()
    const { form } = await coded(await tool())
    const answer = await send('/oauth/token', form, { ...basic(), ...from('https://traces.example') })
    expect([answer.ok, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([false, null])
  })

  it('may read what is public, by nobody’s cookie', async () => {
    for (const path of ['/.well-known/openid-configuration', '/oauth/jwks']) {
      const answer = await new Client().get(path, { headers: from('https://evil.test') })
      expect([answer.headers.get('Access-Control-Allow-Origin'), answer.headers.get('Access-Control-Allow-Credentials')]).toEqual([
        'https://evil.test',
        null,
      ])
      expect(answer.headers.get('Cache-Control')).toBe('public, max-age=300')
    }
  })
})

describe('an app proves itself', () => {
  beforeEach(() => connected())

  it.each([
    ['by a wrong secret', basic('traces', 'wrong'), {}, 401],
    ['by none', {}, { client_id: 'traces' }, 401],
    ['by two ways at once', basic(), { client_secret: TOOL_SECRET }, 400],
    ['as another one', basic(), { client_id: 'other' }, 400],
    ['as one that there is not', basic('nobody'), {}, 401],
    ['by what is not base64', { Authorization: 'Basic a' }, {}, 400],
    ['by what is not encoded', { Authorization: `Basic ${btoa('%:%')}` }, {}, 400],
    ['by no assertion', {}, { client_id: 'traces', client_assertion: 'x.y', client_assertion_type: 'x' }, 400],
    ['by nothing', {}, {}, 400],
  ])('and not %s', async (_, headers, fields, status) => {
    const { form } = await coded(await tool())
    const answer = await send('/oauth/token', { ...form, ...fields }, headers as Record<string, string>)
    expect(answer.status).toBe(status)
    expect((await send('/oauth/token', form, basic())).status).toBe(200)
  })

  it('by its secret in a header or in the form', async () => {
    for (const [headers, fields] of [
      [basic(), {}],
      [{}, { client_id: 'traces', client_secret: TOOL_SECRET }],
    ] as const)
      expect((await send('/oauth/token', { ...(await coded(await tool())).form, ...fields }, headers)).status).toBe(200)
  })

  it('by its former secret until that ends', async () => {
    const change = 'UPDATE apps SET secret_hash = ?, former_secret_hash = ?, former_secret_until = ?'
    await run(change, await sha256('new'), await sha256(TOOL_SECRET), Date.now() + 60_000)
    for (const secret of [TOOL_SECRET, 'new'])
      expect((await send('/oauth/token', (await coded(await tool())).form, basic('traces', secret))).status).toBe(200)
    await run('UPDATE apps SET former_secret_until = ?', Date.now() - 1)
    expect((await send('/oauth/token', (await coded(await tool())).form, basic())).status).toBe(401)
  })

  it('within limits: after twenty failures from a network nothing is looked at from there but what proves itself', async () => {
    const { form } = await coded(await tool())
    const shared = new Client()
    const tries = (by: Client, secret: string, id = 'traces') =>
      by.send('POST', '/oauth/token', new URLSearchParams(form), { headers: { Origin: undefined, ...basic(id, secret) } })
    for (let i = 0; i < 20; i++) expect((await tries(shared, 'wrong')).status).toBe(401)
    expect(shared.roundTrips).toBe(2)
    const refused = await tries(shared, 'wrong')
    expect([refused.status, shared.roundTrips, Number(refused.headers.get('Retry-After')) > 200]).toEqual([429, 1, true])
    expect((await tries(shared, TOOL_SECRET)).status).toBe(200)
  })

  it.each([
    ['a secret', { auth: 'secret' }, basic()],
    ['no secret', { auth: 'none', secret_hash: null }, {}],
  ])('and nobody else in its network locks it out, which has %s', async (_, columns, headers) => {
    await run('DELETE FROM apps')
    await connected(columns)
    const { form } = await coded(await tool('traces', columns.auth === 'none' ? oidc.None() : TOOL_SECRET))
    const shared = new Client()
    const asks = (fields: object, by: Record<string, string>) =>
      shared.send('POST', '/oauth/token', new URLSearchParams({ ...fields }), { headers: { Origin: undefined, ...by } })
    for (let i = 0; i < 20; i++) await asks(form, basic('traces', 'wrong'))
    expect((await asks({ ...form, code: 'guessed' }, basic('traces', 'wrong'))).status).toBe(429)
    expect((await asks({ ...form, client_id: 'traces' }, headers)).status).toBe(200)
  })

  it('also beside a tool whose app is gone, which asks again and again', async () => {
    const { form } = await coded(await tool())
    const network = new Client()
    const tries = (id: string) =>
      network.send('POST', '/oauth/token', new URLSearchParams(form), { headers: { Origin: undefined, ...basic(id, TOOL_SECRET) } })
    for (let i = 0; i < 101; i++) expect((await tries('gone')).status).toBe(401)
    expect((await tries('traces')).status).toBe(200)
    expect(await all("SELECT key FROM throttles WHERE key LIKE 'app:%'")).toEqual([])
  })
})
