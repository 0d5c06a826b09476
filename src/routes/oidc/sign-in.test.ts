import { env } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, run } from '../../../test/database'
import { sha256 } from '../../models/core/random'

const CALLBACK = 'https://traces.example/callback'
const SECRET = 'a-secret-of-the-tests-that-nobody-else-has'

beforeEach(async () => {
  await run(
    `INSERT INTO apps (id, tenant_id, name, section, auth, secret_hash, redirect_uris, after_logout_uris, granted_at, created_at)
     VALUES ('traces', 'acme', 'Traces', 'traces', 'secret', ?, ?, '[]', 1, 1)`,
    await sha256(SECRET),
    JSON.stringify([CALLBACK]),
  )
})

/** The tool, which asks the real app over no network. */
async function tool() {
  const machine = new Client()
  const trips: [string, number][] = []
  const fetch = async (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url)
    const answer = await machine.send(init.method ?? 'GET', pathname + search, init.body as BodyInit, {
      headers: { ...Object.fromEntries(new Headers(init.headers)), Origin: undefined, 'Sec-Fetch-Site': undefined },
    })
    trips.push([pathname, machine.roundTrips])
    return answer
  }
  const config = await oidc.discovery(new URL(env.APP_ORIGIN), 'traces', SECRET, undefined, {
    [oidc.customFetch]: fetch as never,
  })
  return { config, trips, machine }
}

async function begin(config: oidc.Configuration, scope = 'openid profile email groups') {
  const verifier = oidc.randomPKCECodeVerifier()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope,
    state: 'state',
    nonce: 'nonce',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return { path: url.pathname + url.search, verifier }
}

describe('a tool', () => {
  it('learns who somebody is, in two trips where something is written and one where not', async () => {
    const { config, trips } = await tool()
    const { path, verifier } = await begin(config)
    const bob = await signedIn('bob')
    const answer = await bob.get(path)
    expect([answer.status, bob.roundTrips]).toEqual([303, 2])
    const tokens = await oidc.authorizationCodeGrant(config, new URL(answer.headers.get('Location') ?? ''), {
      pkceCodeVerifier: verifier,
      expectedState: 'state',
      expectedNonce: 'nonce',
    })
    const sub = tokens.claims()?.sub ?? ''
    const bobs = {
      sub,
      workspace: 'acme',
      role: 'user',
      name: 'Bob Okafor',
      email: 'bob@acme.test',
      email_verified: true,
      groups: ['role:user', 'section:traces'],
    }
    expect(tokens.claims()).toMatchObject(bobs)
    expect(await oidc.fetchUserInfo(config, tokens.access_token, sub)).toEqual(bobs)
    const again = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(await oidc.tokenIntrospection(config, again.access_token)).toMatchObject({ active: true, sub })
    expect(trips).toEqual([
      ['/.well-known/openid-configuration', 0],
      ['/oauth/token', 2],
      ['/oauth/userinfo', 1],
      ['/oauth/token', 2],
      ['/oauth/introspect', 1],
    ])
  })

  it('is told nothing any more of somebody who was disabled, whose grant has ended', async () => {
    const { config } = await tool()
    const { path, verifier } = await begin(config)
    const back = new URL((await (await signedIn('bob')).get(path)).headers.get('Location') ?? '')
    const tokens = await oidc.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      expectedState: 'state',
      expectedNonce: 'nonce',
    })
    const ada = await signedIn('ada')
    expect((await ada.post('/w/acme/access/users/bob/disable')).status).toBe(303)
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
    expect(await all('SELECT id FROM app_tokens')).toEqual([])
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(oidc.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow()
  })
})
