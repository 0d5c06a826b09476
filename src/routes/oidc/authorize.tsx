import type { Context } from 'hono'
import { Hono } from 'hono'
import type { AppEnv } from '../../env'
import { visitorIfAny } from '../../http/door'
import { confirmPath, ownSecondFactorPath, pathOf, signInPath } from '../../http/next'
import { answerOfProvider, newExchange } from '../../http/provider'
import { answerOf } from '../../models/apps/answer'
import type { App } from '../../models/apps/app'
import { signInTo } from '../../models/apps/exchange'
import { readSignIn } from '../../models/apps/read-sign-in'
import { personOf, type SignedInRow, standingOf } from '../../models/apps/reads'
import { randomId } from '../../models/core/random'
import type { Exchange, Somebody } from '../../oidc/exchange'

/** Where an app sends somebody to be signed in to it. Its origin does not count: it only asks, and the answer goes where its app is registered. */
export const authorize = new Hono<AppEnv>()

authorize.get('/', async (c) => {
  const at = await visitorIfAny(c)
  const query = new URL(c.req.url).searchParams
  const { app, row, person } = await readSignIn(at, { clientId: query.get('client_id') ?? '', client: '' })
  if (!app || (person && !row)) return unknownApp(c)
  const somebody = row && somebodyOf(app, row, at.now)
  const exchange: Exchange = { ...newExchange(at.now), app, somebody, consented: hasConsented(app, row, query) }
  const answer = await answerOfProvider(c, c.req.raw, exchange)
  if (exchange.refused) return unknownApp(c)
  if (exchange.prompt) return ask(c, exchange, !!person)
  if (!row || !somebody || !exchange.writes.some(({ kind }) => kind === 'keep')) return answer
  const scope = query.get('scope') ?? 'openid'
  const grant = {
    ...row,
    ...somebody,
    app,
    client: '',
    sub: somebody.person.sub,
    offline: scope.split(' ').includes('offline_access'),
    scope,
  }
  if (await signInTo(at.db, grant, exchange.writes, at.now)) return answer
  return c.redirect(pathOf(c.req.url), 303)
})

const hasConsented = (app: App, row: SignedInRow | undefined, query: URLSearchParams) =>
  app.grantedAt !== null || (query.get('scope') ?? '').split(' ').every((scope) => row?.consent?.split(' ').includes(scope))

const somebodyOf = (app: App, row: SignedInRow, now: number): Somebody => ({
  person: personOf(row, row.sub ?? randomId()),
  answer: answerOf(app, standingOf(row), now),
  authAt: row.authAt,
  amr: row.factor ? ['mfa'] : ['pwd'],
  sessionId: row.sessionId,
  sid: row.sid ?? randomId(),
  grantId: row.grantId ?? randomId(),
  scope: 'openid profile email groups offline_access',
})

function ask(c: Context<AppEnv>, { prompt, somebody }: Exchange, signedIn: boolean) {
  const next = pathOf(c.req.url)
  if (prompt?.name === 'login' && !signedIn) return c.redirect(signInPath(next), 303)
  if (prompt?.name === 'login') return c.redirect(somebody?.answer === 'enrol' ? ownSecondFactorPath(next) : confirmPath(next), 303)
  return c.text(`prompt ${prompt?.name}`, prompt?.name === 'access' ? 403 : 200)
}

const unknownApp = (c: Context<AppEnv>) => c.text('This app is not known here.', 404)
