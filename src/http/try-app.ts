import type { Context } from 'hono'
import { decodeJwt } from 'jose'
import type { AppEnv } from '../env'
import type { Answer } from '../models/apps/answer'
import type { App } from '../models/apps/app'
import { randomSecret, sha256 } from '../models/core/random'
import type { Exchange } from '../oidc/exchange'
import { OAUTH_PATHS } from '../paths'
import { type Member, somebodyOf } from './app-sign-in'
import { answerOfProvider, newExchange } from './provider'

type Claims = Record<string, unknown>

/** What the tool would learn of somebody, or why they are not signed in; `failed` where the provider says neither. */
export type Tried = { idToken: Claims; userinfo: Claims } | { reason: Exclude<Answer, 'yes'> | 'failed' }

/**
 * Signs somebody in to an app of the workspace as a tool would: by the provider itself, with all three of its requests. Nothing is written, asked of the
 * tool or counted: what one request wants kept is what the next one finds.
 */
export async function tryApp(c: Context<AppEnv>, app: App, member: Member, now: number): Promise<Tried> {
  if (member.answer !== 'yes') return { reason: member.answer }
  const state = { ...newExchange(now), app: asProbe(app, c.env.APP_ORIGIN), somebody: somebodyOf(member), consented: true }
  const verifier = randomSecret()
  const code = await askForCode(c, state, verifier)
  const tokens = code && (await askForTokens(c, state, { ...code, verifier }))
  if (!tokens) return { reason: 'failed' }
  const answer = await answerOfProvider(c, bearing(c, tokens.value), { ...state, found: tokens.found, writes: [] })
  return { idToken: decodeJwt(tokens.idToken), userinfo: await answer.json() }
}

/** The same app, in the hands of a program of ours. */
const asProbe = (app: App, origin: string): App => ({
  ...app,
  auth: 'none',
  jwks: null,
  pkce: true,
  redirectUris: [backTo(origin)],
})

const backTo = (origin: string) => `${origin}/oauth/try`

/** What was given, and what of it would be kept. */
type Given = { value: string; found: Exchange['found'] }

async function askForCode(c: Context<AppEnv>, state: Exchange, verifier: string): Promise<Given | undefined> {
  const query = new URLSearchParams({
    client_id: state.app?.id ?? '',
    redirect_uri: backTo(c.env.APP_ORIGIN),
    response_type: 'code',
    scope: 'openid profile email groups',
    code_challenge: Uint8Array.fromHex(await sha256(verifier)).toBase64({ alphabet: 'base64url', omitPadding: true }),
    code_challenge_method: 'S256',
  })
  const exchange = { ...state, writes: [] }
  const answer = await answerOfProvider(c, new Request(`${c.env.APP_ORIGIN}${OAUTH_PATHS.authorize}?${query}`), exchange)
  const code = URL.parse(answer.headers.get('Location') ?? '')?.searchParams.get('code')
  return code ? { value: code, found: keptIn(exchange, 'AuthorizationCode') } : undefined
}

async function askForTokens(c: Context<AppEnv>, state: Exchange, code: Given & { verifier: string }) {
  const body = new URLSearchParams({
    client_id: state.app?.id ?? '',
    grant_type: 'authorization_code',
    code: code.value,
    redirect_uri: backTo(c.env.APP_ORIGIN),
    code_verifier: code.verifier,
  }).toString()
  // Without its length Koa takes the body for empty.
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(body.length) }
  const exchange = { ...state, found: code.found, writes: [] }
  const request = new Request(`${c.env.APP_ORIGIN}/oauth/token`, { method: 'POST', headers, body })
  const { access_token, id_token }: Partial<Record<string, string>> = await (await answerOfProvider(c, request, exchange)).json()
  if (!access_token || !id_token) return undefined
  return { value: access_token, idToken: id_token, found: keptIn(exchange, 'AccessToken') }
}

const bearing = (c: Context<AppEnv>, token: string) =>
  new Request(`${c.env.APP_ORIGIN}/oauth/userinfo`, { headers: { Authorization: `Bearer ${token}` } })

function keptIn({ writes }: Exchange, kind: string): Exchange['found'] {
  const kept = writes.flatMap((write) => (write.kind === 'keep' && write.token.kind === kind ? [write.token] : []))
  return kept[0] && { ...kept[0], consumedAt: null }
}
