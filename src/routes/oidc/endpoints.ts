import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { bearerOf, clientOf, secretIn } from '../../http/asking-app'
import { unchecked } from '../../http/door'
import { note } from '../../http/log'
import { originOf } from '../../http/origin'
import { answerOfProvider, newExchange } from '../../http/provider'
import { tooMany } from '../../http/throttle'
import { answerOf } from '../../models/apps/answer'
import { type App, isSecretOf } from '../../models/apps/app'
import { type Settled, settleExchange, type Write } from '../../models/apps/exchange'
import { countFailure, failuresOf } from '../../models/apps/failures'
import { isMetadataAddress } from '../../models/apps/metadata-document'
import { type Asked, readToken } from '../../models/apps/read-token'
import { type GrantRow, personOf, standingOf } from '../../models/apps/reads'
import { sha256 } from '../../models/core/random'
import type { Program, Somebody } from '../../oidc/exchange'
import { OAUTH_PATHS } from '../../paths'

/** What apps ask, not browsers: each proves itself by its secret or by what it was given, so its origin does not count. */
export const endpoints = new Hono<AppEnv>()

const BODY_BYTES = 64 * 1024
const limited = bodyLimit({
  maxSize: BODY_BYTES,
  onError: () => {
    throw new HTTPException(413)
  },
})

/** In seconds: the keys that sign next are told of for longer before they do. */
const PUBLISHED_S = 300

endpoints.on(
  ['GET', 'OPTIONS'],
  ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/jwks'],
  (c) => {
    c.set('cache', `public, max-age=${PUBLISHED_S}`)
    return answerOfProvider(c, c.req.raw, newExchange(Date.now()))
  },
)
endpoints.on('OPTIONS', ['/oauth/token', '/oauth/userinfo', '/oauth/introspect', '/oauth/revoke'], (c) =>
  answerOfProvider(c, c.req.raw, newExchange(Date.now())),
)

endpoints.on('POST', ['/oauth/token', '/oauth/userinfo', '/oauth/introspect', '/oauth/revoke'], limited, async (c) => {
  const text = await c.req.text()
  const form = new URLSearchParams(text)
  const headers = new Headers(c.req.raw.headers)
  // Without it Koa takes the body for empty.
  headers.set('Content-Length', String(new TextEncoder().encode(text).length))
  const request = new Request(c.req.url, { method: 'POST', headers, body: text })
  const value = form.get('code') ?? form.get('refresh_token') ?? form.get('token') ?? bearerOf(c) ?? undefined
  return exchange(c, request, { clientId: clientOf(c, form), value }, form)
})

/** What comes as a form goes on as a page, which a sign-in leads back to. */
endpoints.on('POST', [OAUTH_PATHS.authorize, OAUTH_PATHS.logout], limited, async (c) =>
  c.redirect(`${c.req.path}?${new URLSearchParams(await c.req.text())}`, 303),
)

endpoints.get('/oauth/userinfo', (c) => exchange(c, c.req.raw, { clientId: undefined, value: bearerOf(c) }))

async function exchange(c: Context<AppEnv>, request: Request, asked: Asked, form = new URLSearchParams()) {
  const { db, now } = unchecked(c)
  const failing = { clientId: asked.clientId ?? '', ip: originOf(c).ip }
  const { app, found, grant, blockedUntil } = await readToken(db, asked, failuresOf(failing), now)
  const shown = { ...asked, secret: secretIn(c, form), givenBy: grant?.appId }
  if (blockedUntil > now && !(await provesItself(app, shown, now))) return refuseForNow(c, blockedUntil, now)
  const program = programOf(grant?.client || asked.clientId, found?.payload.redirectUri)
  const method = form.has('client_secret') ? ('client_secret_post' as const) : undefined
  const somebody = app && grant && somebodyOf(app, grant, now)
  const state = { ...newExchange(now), app, program, method, found, somebody: somebody?.answer === 'yes' ? somebody : undefined }
  const answer = await answerOfProvider(c, request, state)
  note(c, { app: app?.id, ...(answer.status === 401 && { event: 'authn_login_fail' }), ...(isReused(answer, found) && REUSED) })
  if (answer.status === 401 && asked.clientId !== undefined) await countFailure(db, failing, now)
  const writes = answer.ok ? state.writes : state.writes.filter(({ kind }) => !GIVES.includes(kind))
  const settled = await settleExchange(db, { writes, grantId: found?.grantId }, now)
  return settled === 'kept' ? answer : refuse(c, settled, answer)
}

/** Whoever shows what nobody guesses is not stopped by others of their network: the right secret, or where there is none what the app gave. */
const provesItself = async (
  app: App | undefined,
  { clientId, secret, givenBy }: Asked & { secret: string; givenBy?: string | undefined },
  now: number,
) =>
  app?.auth === 'secret' && app.id === clientId
    ? isSecretOf(app, await sha256(secret), now)
    : app !== undefined && givenBy === app.id

/** A refused request uses nothing and is given nothing: it can be sent again as it should have been. */
const GIVES: Write['kind'][] = ['keep', 'use']

/** Not as the provider answered, which did not know that another request came first; where it may be read from stays. */
function refuse(c: Context<AppEnv>, settled: Exclude<Settled, 'kept'>, answer: Response) {
  note(c, { ...REUSED, reason: settled })
  const headers = new Headers(answer.headers)
  headers.delete('Content-Length')
  const { status, ...told } = REFUSALS[settled]
  return new Response(JSON.stringify(told), { status, headers })
}

const REFUSALS = {
  used: { status: 400, error: 'invalid_grant', error_description: 'grant request is invalid' },
  replayed: { status: 401, error: 'invalid_client', error_description: 'client authentication failed' },
}

function refuseForNow(c: Context<AppEnv>, until: number, now: number) {
  note(c, { event: 'authn_login_fail_max' })
  tooMany(c, until, now)
  return c.json({ error: 'temporarily_unavailable', error_description: 'too many failures to authenticate' })
}

/** In the words of OWASP's Logging Vocabulary. */
const REUSED = { event: 'authn_token_reuse' }
const isReused = (answer: Response, found: { consumedAt: number | null } | undefined) =>
  answer.status === 400 && !!found?.consumedAt

/** Where it leads was asked when somebody was signed in: here it counts only that it is where its code says. */
const programOf = (id: string | undefined, redirectUri: unknown): Program | undefined =>
  id && isMetadataAddress(id) ? { id, redirectUris: [String(redirectUri ?? id)] } : undefined

const somebodyOf = (app: App, grant: GrantRow, now: number): Somebody | undefined => ({
  person: personOf(grant, grant.sub),
  answer: grant.counts ? answerOf(app, standingOf(grant), now) : 'prove',
  authAt: grant.sessionAt,
  amr: [],
  sessionId: grant.sessionId,
  sid: grant.sid,
  grantId: grant.grantId,
  scope: grant.scope,
})
