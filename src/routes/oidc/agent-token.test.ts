import { env } from 'cloudflare:workers'
import { createLocalJWKSet, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all } from '../../../test/database'
import { begin, CALLBACK, connected, finish, SCOPE, signsInTo, TOOL_SECRET, type Tool, tool } from '../../../test/tool'

const RESOURCE = 'https://agent.example/mcp'
const OTHER = 'https://other.example/'

let helper: Tool

beforeEach(async () => {
  const agent = { section: null, agent_id: 'agent-release-notes' }
  await connected({ id: 'helper', ...agent, resource: RESOURCE })
  await connected({ id: 'other', ...agent, agent_id: 'agent-support-triage', resource: OTHER })
  helper = await tool('helper')
})

describe('a token for an agent', () => {
  it('is verified by its server without asking, and says who, for which client and workspace, for five minutes', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    const { payload, protectedHeader } = await verified(tokens.access_token)
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) })
    expect(payload).toEqual({
      iss: env.APP_ORIGIN,
      aud: RESOURCE,
      sub: tokens.claims()?.sub,
      client_id: 'helper',
      scope: SCOPE,
      workspace: 'acme',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 300,
    })
  })

  it('stays one when it is refreshed, whether the resource is named again or not', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    const again = await oidc.refreshTokenGrant(helper.config, tokens.refresh_token ?? '')
    expect((await verified(again.access_token)).payload.sub).toBe(tokens.claims()?.sub)
    const named = await oidc.refreshTokenGrant(helper.config, again.refresh_token ?? '', { resource: RESOURCE })
    expect((await verified(named.access_token)).payload.sub).toBe(tokens.claims()?.sub)
  })

  it('tells nobody at userinfo anything, which is for the app alone', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    await expect(oidc.fetchUserInfo(helper.config, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toMatchObject({
      status: 401,
    })
  })

  it('has its audience spelled as the server spells it', async () => {
    const other = await tool('other')
    const { tokens } = await signsInTo(other, 'bob', { resource: 'https://other.example' })
    expect((await verified(tokens.access_token, 'https://other.example')).payload).toMatchObject({
      client_id: 'other',
      scope: SCOPE,
    })
  })

  it('is not the token of another agent', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    await expect(verified(tokens.access_token, OTHER)).rejects.toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      claim: 'aud',
    })
    const other = await tool('other')
    expect(await oidc.tokenIntrospection(other.config, tokens.access_token)).toEqual({ active: false })
  })

  it('cannot be taken for an ID token, nor an ID token for one', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    await expect(verified(tokens.id_token ?? '', 'helper')).rejects.toMatchObject({ claim: 'typ' })
  })
})

describe('introspection', () => {
  it('knows it while the person may see the agent, and not a moment longer', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    expect(await oidc.tokenIntrospection(helper.config, tokens.access_token)).toMatchObject({
      active: true,
      aud: RESOURCE,
      client_id: 'helper',
      sub: tokens.claims()?.sub,
      workspace: 'acme',
    })
    const ada = await signedIn('ada')
    await ada.post('/w/acme/access/agents/bob', { mode: 'list' })
    expect(await oidc.tokenIntrospection(helper.config, tokens.access_token)).toEqual({ active: false })
    await expect(oidc.refreshTokenGrant(helper.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('does not know one that we did not make', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    const [head, , signature] = tokens.access_token.split('.')
    const payload = btoa(JSON.stringify({ ...(await verified(tokens.access_token)).payload, sub: 'ada' }))
    expect(await oidc.tokenIntrospection(helper.config, [head, payload, signature].join('.'))).toEqual({ active: false })
  })

  it('does not know it after it was revoked, which ends what the person was signed in by', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    await oidc.tokenRevocation(helper.config, tokens.access_token)
    expect(await oidc.tokenIntrospection(helper.config, tokens.access_token)).toEqual({ active: false })
    expect(await all('SELECT ended_at > 0 AS ended FROM app_grants')).toEqual([{ ended: 1 }])
  })
})

describe.each([
  ['of another agent', [OTHER]],
  ['that nobody knows', ['https://nobody.example/']],
  ['without https', ['http://agent.example/mcp']],
  ['with a fragment', [`${RESOURCE}#part`]],
  ['that is no URL', ['agent']],
  ['together with another', [RESOURCE, OTHER]],
  ['twice', [RESOURCE, RESOURCE]],
])('a resource %s', (_, resources) => {
  it('is refused where somebody is to be signed in', async () => {
    const { path } = await begin(helper)
    const bob = await signedIn('bob')
    const answer = await bob.get(path + resources.map((resource) => `&resource=${encodeURIComponent(resource)}`).join(''))
    expect(errorOf(answer)).toBe('invalid_target')
    expect(await all('SELECT id FROM app_grants')).toEqual([])
  })

  it('is refused for a code of the right one', async () => {
    const { path, verifier } = await begin(helper, { resource: RESOURCE })
    const bob = await signedIn('bob')
    const code = new URL((await bob.get(path)).headers.get('Location') ?? '').searchParams.get('code') ?? ''
    const answer = await asks([
      ['grant_type', 'authorization_code'],
      ['code', code],
      ['code_verifier', verifier],
      ['redirect_uri', CALLBACK],
      ...resources.map((resource) => ['resource', resource]),
    ])
    expect(answer).toEqual({ status: 400, error: 'invalid_target' })
  })

  it('is refused at a refresh, which can be tried again with the right one', async () => {
    const { tokens } = await signsInTo(helper, 'bob', { resource: RESOURCE })
    const refresh = tokens.refresh_token ?? ''
    const answer = await asks([
      ['grant_type', 'refresh_token'],
      ['refresh_token', refresh],
      ...resources.map((resource) => ['resource', resource]),
    ])
    expect(answer).toEqual({ status: 400, error: 'invalid_target' })
    expect((await oidc.refreshTokenGrant(helper.config, refresh)).access_token.split('.')).toHaveLength(3)
  })
})

it('an app for a section has no resource', async () => {
  await connected()
  const { path } = await begin(await tool(), { resource: RESOURCE })
  expect(errorOf(await (await signedIn('bob')).get(path))).toBe('invalid_target')
})

it('a code without a resource gives a token for userinfo, as ever, also to the app of an agent', async () => {
  const { tokens } = await signsInTo(helper, 'bob')
  expect(tokens.access_token.split('.')).toHaveLength(1)
  expect(await oidc.fetchUserInfo(helper.config, tokens.access_token, tokens.claims()?.sub ?? '')).toMatchObject({
    name: 'Bob Okafor',
  })
})

it('of no code and no token the database has what its holder shows', async () => {
  const { path, verifier } = await begin(helper)
  const back = (await (await signedIn('bob')).get(path)).headers.get('Location') ?? ''
  const code = new URL(back).searchParams.get('code') ?? 'none'
  const before = JSON.stringify(await all('SELECT * FROM app_tokens'))
  const { access_token, refresh_token } = await finish(helper, back, verifier)
  const after = JSON.stringify(await all('SELECT * FROM app_tokens'))
  for (const [kept, value] of [
    [before, code],
    [after, access_token],
    [after, refresh_token ?? 'none'],
  ] as const)
    expect(kept).not.toContain(value)
})

async function verified(token: string, audience = RESOURCE) {
  const jwks = createLocalJWKSet(await (await new Client().get('/oauth/jwks')).json())
  return jwtVerify(token, jwks, { issuer: env.APP_ORIGIN, audience, typ: 'at+jwt', algorithms: ['RS256'] })
}

const errorOf = (answer: Response) => URL.parse(answer.headers.get('Location') ?? '')?.searchParams.get('error')

async function asks(pairs: string[][]) {
  const basic = btoa(`helper:${TOOL_SECRET}`)
  const answer = await new Client().send('POST', '/oauth/token', new URLSearchParams(pairs), {
    headers: { Authorization: `Basic ${basic}`, Origin: undefined, 'Sec-Fetch-Site': undefined },
  })
  const { error } = await answer.json<{ error?: string }>()
  return { status: answer.status, error }
}
