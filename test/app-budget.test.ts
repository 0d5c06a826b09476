import * as oidc from 'openid-client'
import { beforeEach, expect, it } from 'vitest'
import { type Client, signedIn } from './client'
import { begin, CALLBACK, connected, finish, signsInTo, type Tool, tool } from './tool'

/** D1 round trips: one to read, and one more to write, or to read whom to ask. */
const READ = 1
const WRITE = 2

let traces: Tool
let bob: Client

beforeEach(async () => {
  await connected({ after_logout_uris: JSON.stringify([CALLBACK]) })
  traces = await tool()
  bob = await signedIn('bob')
})

const tripsOf = async (act: Promise<unknown>) => {
  traces.trips.length = 0
  await act
  return traces.trips
}

it('what an app asks for at first takes no round trip', async () => {
  for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/jwks']) {
    const answer = await bob.get(path)
    expect([answer.status, bob.roundTrips], path).toEqual([200, 0])
  }
})

it.each(['the first time', 'again'])('each question of an app keeps to its round trips, %s', async (when) => {
  if (when === 'again') await signsInTo(traces, bob)
  const { path, verifier } = await begin(traces)
  const answer = await bob.get(path)
  expect([answer.status, bob.roundTrips]).toEqual([303, WRITE])
  const tokens = await finish(traces, answer.headers.get('Location') ?? '', verifier)
  const [sub, refresh] = [tokens.claims()?.sub ?? '', tokens.refresh_token ?? '']
  expect(traces.trips.at(-1)).toEqual(['/oauth/token', WRITE])
  expect(await tripsOf(oidc.fetchUserInfo(traces.config, tokens.access_token, sub))).toEqual([['/oauth/userinfo', READ]])
  expect(await tripsOf(oidc.tokenIntrospection(traces.config, refresh))).toEqual([['/oauth/introspect', READ]])
  expect(await tripsOf(oidc.refreshTokenGrant(traces.config, refresh))).toEqual([['/oauth/token', WRITE]])
  expect(await tripsOf(oidc.tokenRevocation(traces.config, tokens.access_token))).toEqual([['/oauth/revoke', WRITE]])
})

it('what is refused is only read', async () => {
  const { tokens } = await signsInTo(traces, bob)
  const asked = async (params = {}) => {
    const answer = await bob.get((await begin(traces, params)).path)
    return [answer.status, bob.roundTrips]
  }
  const ada = await signedIn('ada')
  await ada.post('/w/acme/access/permissions/bob', { section: 'traces', access: 'off' })
  expect(await asked()).toEqual([403, READ + READ])
  expect(await asked({ prompt: 'none' })).toEqual([303, READ])
  expect(await tripsOf(oidc.tokenIntrospection(traces.config, tokens.access_token))).toEqual([['/oauth/introspect', READ]])
  await ada.post('/w/acme/access/users/bob/disable')
  expect(await asked()).toEqual([303, READ])
  expect(await asked({ client_id: 'nobody' })).toEqual([404, READ])
  bob.cookies.clear()
  expect(await asked()).toEqual([303, READ])
})
