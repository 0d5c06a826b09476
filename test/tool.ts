import { env } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { sha256 } from '../src/models/core/random'
import { Client, signedIn } from './client'
import { run } from './database'

export const CALLBACK = 'https://traces.example/callback'
export const TOOL_SECRET = 'a-secret-of-the-tests-that-nobody-else-has'
export const SCOPE = 'openid profile email groups'

type Columns = Record<string, string | number | null>

/** Connects an app for Traces to Acme, with consent for everybody, unless a column says something else. */
export async function connected(columns: Columns = {}) {
  const row: Columns = {
    id: 'traces',
    tenant_id: 'acme',
    name: 'Traces',
    section: 'traces',
    auth: 'secret',
    secret_hash: await sha256(TOOL_SECRET),
    redirect_uris: JSON.stringify([CALLBACK]),
    after_logout_uris: '[]',
    granted_at: 1,
    created_at: 1,
    ...columns,
  }
  const names = Object.keys(row)
  await run(
    `INSERT INTO apps (${names.join()}) VALUES (${names.map(() => '?').join()}) ON CONFLICT DO NOTHING`,
    ...Object.values(row),
  )
}

/** The connected tool, which asks the real app over no network. `trips`: the D1 round trips of each of its questions. */
export async function tool(id = 'traces', auth: oidc.ClientAuth | string = TOOL_SECRET, machine = new Client()) {
  const trips: [string, number][] = []
  const fetch = async (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url)
    const answer = await machine.send(init.method ?? 'GET', pathname + search, init.body as BodyInit, {
      headers: { ...Object.fromEntries(new Headers(init.headers)), Origin: undefined, 'Sec-Fetch-Site': undefined },
    })
    trips.push([pathname, machine.roundTrips])
    return answer
  }
  const [metadata, method] = typeof auth === 'string' ? [auth, undefined] : [undefined, auth]
  const config = await oidc.discovery(new URL(env.APP_ORIGIN), id, metadata, method, { [oidc.customFetch]: fetch as never })
  return { config, trips, machine }
}

export type Tool = Awaited<ReturnType<typeof tool>>

/** Where the tool sends somebody, and what it keeps until they are back. */
export async function begin({ config }: Tool, params: Record<string, string> = {}) {
  const verifier = oidc.randomPKCECodeVerifier()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: SCOPE,
    state: 'state',
    nonce: 'nonce',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...params,
  })
  return { path: url.pathname + url.search, verifier }
}

/** @throws what openid-client throws where the tool is not answered */
export const finish = ({ config }: Tool, back: string, verifier: string) =>
  oidc.authorizationCodeGrant(config, new URL(back), {
    pkceCodeVerifier: verifier,
    expectedState: 'state',
    expectedNonce: 'nonce',
  })

/** Signs somebody in to the tool by a session of theirs. @returns what the tool has then */
export async function signsInTo(by: Tool, browser: Client | 'ada' | 'bob' | 'cat', params?: Record<string, string>) {
  const client = typeof browser === 'string' ? await signedIn(browser) : browser
  const { path, verifier } = await begin(by, params)
  return { client, tokens: await finish(by, await backFrom(client, path), verifier) }
}

/** Where somebody is sent back to. Of many who sign in at once all but the first are asked once more. */
async function backFrom(client: Client, path: string): Promise<string> {
  const to = (await client.get(path)).headers.get('Location') ?? ''
  return to === path ? backFrom(client, path) : to
}
