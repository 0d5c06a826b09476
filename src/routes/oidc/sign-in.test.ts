import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { all } from '../../../test/database'
import { begin, connected, finish, signsInTo, tool } from '../../../test/tool'

beforeEach(() => connected())

describe('a tool', () => {
  it('learns who somebody is, in two trips where something is written and one where not', async () => {
    const traces = await tool()
    const { path, verifier } = await begin(traces)
    const bob = await signedIn('bob')
    const answer = await bob.get(path)
    expect([answer.status, bob.roundTrips]).toEqual([303, 2])
    const tokens = await finish(traces, answer.headers.get('Location') ?? '', verifier)
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
    expect(await oidc.fetchUserInfo(traces.config, tokens.access_token, sub)).toEqual(bobs)
    const again = await oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')
    expect(await oidc.tokenIntrospection(traces.config, again.access_token)).toMatchObject({ active: true, sub })
    expect(traces.trips).toEqual([
      ['/.well-known/openid-configuration', 0],
      ['/oauth/token', 2],
      ['/oauth/userinfo', 1],
      ['/oauth/token', 2],
      ['/oauth/introspect', 1],
    ])
  })

  it('is told nothing any more of somebody who was disabled, whose grant has ended', async () => {
    const traces = await tool()
    const { tokens } = await signsInTo(traces, 'bob')
    const ada = await signedIn('ada')
    expect((await ada.post('/w/acme/access/users/bob/disable')).status).toBe(303)
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
    expect(await all('SELECT id FROM app_tokens')).toEqual([])
    await expect(oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    await expect(oidc.fetchUserInfo(traces.config, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow()
  })
})
