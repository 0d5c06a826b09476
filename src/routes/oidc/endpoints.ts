import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { answerOfProvider, newExchange } from '../../http/provider'
import { answerOf } from '../../models/apps/answer'
import type { App } from '../../models/apps/app'
import { settleExchange, type Write } from '../../models/apps/exchange'
import { type Asked, readToken } from '../../models/apps/read-token'
import { type GrantRow, personOf, standingOf } from '../../models/apps/reads'
import type { Somebody } from '../../oidc/exchange'
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

endpoints.on(
  ['GET', 'OPTIONS'],
  ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/oauth/jwks'],
  (c) => answerOfProvider(c, c.req.raw, newExchange(Date.now())),
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
  const { app, found, grant } = await readToken(db, asked, now)
  const method = form.has('client_secret') ? ('client_secret_post' as const) : undefined
  const somebody = app && grant && somebodyOf(app, grant, now)
  const state = { ...newExchange(now), app, method, found, somebody: somebody?.answer === 'yes' ? somebody : undefined }
  const answer = await answerOfProvider(c, request, state)
  const writes = answer.ok ? state.writes : state.writes.filter(takesAway)
  const kept = await settleExchange(db, { writes, grantId: found?.grantId }, now)
  return kept ? answer : c.json({ error: 'invalid_grant', error_description: 'grant request is invalid' }, 400)
}

/** A refused request uses nothing and is given nothing: it can be sent again as it should have been. */
const takesAway = ({ kind }: Write) => kind === 'end' || kind === 'drop'

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

const bearerOf = (c: Context) => /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]

/** Who says to ask, as yet unproven. Empty for somebody who does not say. */
function clientOf(c: Context, form: URLSearchParams): string | undefined {
  const basic = /^Basic +([\w+/=-]+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (basic) return decodeURIComponent(atob(basic).split(':')[0] ?? '')
  const named = form.get('client_id') ?? issuerOf(form.get('client_assertion'))
  return named ?? (bearerOf(c) ? undefined : '')
}

function issuerOf(assertion: string | null) {
  try {
    return String(JSON.parse(atob(assertion?.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')).iss)
  } catch {
    return undefined
  }
}
