import * as oidc from 'openid-client'
import { describe, expect, it } from 'vitest'
import { signedIn } from '../../../test/client'
import { all } from '../../../test/database'
import { begin, connected, finish, signsInTo, TOOL_SECRET, tool } from '../../../test/tool'

const { privateKey, publicKey } = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
  'sign',
  'verify',
])) as CryptoKeyPair
const jwks = async () =>
  JSON.stringify({ keys: [{ ...(await crypto.subtle.exportKey('jwk', publicKey)), alg: 'ES256', use: 'sig' }] })

type Way = { columns: () => Promise<Record<string, string | null>>; auth: oidc.ClientAuth }

/** How an app proves itself, as the column `auth` and openid-client know it. */
const WAYS: Record<string, Way> = {
  'its secret in a header': { columns: async () => ({}), auth: oidc.ClientSecretBasic(TOOL_SECRET) },
  'its secret in the form': { columns: async () => ({}), auth: oidc.ClientSecretPost(TOOL_SECRET) },
  'a key of its own': {
    columns: async () => ({ auth: 'key', secret_hash: null, jwks: await jwks() }),
    auth: oidc.PrivateKeyJwt(privateKey),
  },
  'nothing but PKCE': { columns: async () => ({ auth: 'none', secret_hash: null }), auth: oidc.None() },
}

describe.each(Object.entries(WAYS))('openid-client, which proves itself by %s,', (_, { columns, auth }) => {
  it('signs somebody in, keeps them signed in and lets them go', async () => {
    await connected(await columns())
    const traces = await tool('traces', auth)
    const { tokens } = await signsInTo(traces, 'bob')
    const sub = tokens.claims()?.sub ?? ''
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'openid profile email groups' })

    const again = await oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')
    expect(again.claims()).toMatchObject({ sub, email: 'bob@acme.test' })
    expect(again.refresh_token).not.toBe(tokens.refresh_token)
    expect(await oidc.fetchUserInfo(traces.config, again.access_token, sub)).toMatchObject({
      name: 'Bob Okafor',
      workspace: 'acme',
    })

    await oidc.tokenRevocation(traces.config, again.refresh_token ?? '')
    await expect(oidc.refreshTokenGrant(traces.config, again.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(oidc.fetchUserInfo(traces.config, again.access_token, sub)).rejects.toMatchObject({ status: 401 })
    expect(await all('SELECT id FROM app_tokens')).toEqual([])
  })

  it('is refused what another one was given', async () => {
    await connected(await columns())
    await connected({ id: 'logs', name: 'Logs', section: 'logs' })
    const logs = await tool('logs')
    const { tokens } = await signsInTo(await tool('traces', auth), 'bob')
    await expect(oidc.refreshTokenGrant(logs.config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    expect(await oidc.tokenIntrospection(logs.config, tokens.access_token)).toEqual({ active: false })
  })
})

it('a tool that proves itself by a wrong secret is given nothing', async () => {
  await connected()
  const traces = await tool()
  const { path, verifier } = await begin(traces)
  const back = (await (await signedIn('bob')).get(path)).headers.get('Location') ?? ''
  const other = await tool('traces', 'a wrong secret of the tests')
  await expect(finish(other, back, verifier)).rejects.toMatchObject({ error: 'invalid_client' })
  expect((await finish(traces, back, verifier)).claims()).toMatchObject({ email: 'bob@acme.test' })
})

it('a tool that signs somebody out sends them to a page that ends their session, and gets them back', async () => {
  const signedOut = 'https://traces.example/signed-out'
  await connected({ after_logout_uris: JSON.stringify([signedOut]) })
  const traces = await tool()
  const { client, tokens } = await signsInTo(traces, 'bob')
  const { pathname, search, searchParams } = oidc.buildEndSessionUrl(traces.config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: signedOut,
    state: 'gone',
  })
  expect((await client.get(pathname + search)).status).toBe(200)
  const back = await client.submit('/oauth/sign-out', { next: searchParams.toString() })
  expect(await back.text()).toContain(`${signedOut}?state=gone`)
  await expect(oidc.refreshTokenGrant(traces.config, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
  expect((await client.get('/w/acme/agents')).headers.get('Location')).toContain('/login')
})
