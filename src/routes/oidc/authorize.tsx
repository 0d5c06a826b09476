import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { askForConsent, sayWhomToAsk } from '../../http/app-pages'
import { type Member, readAppSignIn, somebodyOf } from '../../http/app-sign-in'
import { type AskedByApp, afterProof, askedIn, forProvider } from '../../http/asked-by-app'
import { documentOf, refuseProgram } from '../../http/metadata-client'
import { confirmPath, ownSecondFactorPath, pathOf, signInPath } from '../../http/next'
import { answerOfProvider, newExchange } from '../../http/provider'
import { backToApp } from '../../http/to-app'
import { unknownApp } from '../../http/unknown-app'
import { AUTHORIZE_CHARACTERS } from '../../limits'
import type { App } from '../../models/apps/app'
import { appAskedBy } from '../../models/apps/asked-app'
import { hasConsented } from '../../models/apps/consent'
import { signInTo } from '../../models/apps/exchange'
import type { Exchange } from '../../oidc/exchange'
import { OAUTH_PATHS } from '../../paths'

/** Where an app sends somebody to be signed in to it. Its origin does not count: it only asks, and the answer goes where its app is registered. */
export const authorize = new Hono<AppEnv>()

authorize.get(OAUTH_PATHS.authorize, (c) => answer(c, false))

/** Somebody goes back without having been signed in, which the app is told as it asked to be told. */
authorize.get(OAUTH_PATHS.cancel, (c) => answer(c, true))

async function answer(c: Context<AppEnv>, cancelled: boolean) {
  // A code is written for whoever comes: what only looks gets none.
  if (c.req.method === 'HEAD') return c.body(null)
  const query = queryOf(c)
  const asked = askedIn(query)
  const { id, client } = appAskedBy(asked.clientId, asked.resources)
  const { at, app, known, person, member } = await readAppSignIn(c, { id, client })
  if (!app || (person && !member)) return unknownApp(c)
  const who = await whoAsks(c, { at, client, known, member, query })
  if (who instanceof Response) return who
  if (cancelled) query.set('prompt', 'none')
  const exchange = { ...exchangeOf({ app, member, asked, client, had: who.had }, at.now), cancelled, program: who.program }
  const answered = await answerOfProvider(c, asking(c, query), exchange)
  if (exchange.refused) return unknownApp(c, exchange.refused)
  if (exchange.prompt) return ask(c, { app, member, exchange, query, asked, client })
  if (!member || !exchange.writes.some(({ kind }) => kind === 'keep')) return backToApp(c, answered, query)
  return (await signIn(app, member, exchange)) ? backToApp(c, answered, query) : c.redirect(pathOf(c.req.url), 303)
}

type Who = Pick<Awaited<ReturnType<typeof readAppSignIn>>, 'at' | 'known' | 'member'> & { client: string; query: URLSearchParams }

/** The program that asks in the place of the app, if one does, and what the person has agreed to; or an answer where that is not to be known. */
async function whoAsks(c: Context<AppEnv>, { at, client, known, member, query }: Who) {
  const had = member?.row.consent ?? null
  if (!client) return { program: undefined, had }
  if (!member || !isProven(member)) return query.get('prompt') === 'none' ? unknownApp(c) : askToSignIn(c, member, query)
  const read = await documentOf(c, at, { clientId: client, userId: member.row.userId, known })
  if ('reason' in read) return refuseProgram(c, read.reason, client)
  return { program: read.client, had: read.changed ? null : had }
}

/** @throws HTTPException 400 for one that no browser of a person would get through a sign-in */
function queryOf(c: Context<AppEnv>) {
  const { search, searchParams } = new URL(c.req.url)
  if (search.length > AUTHORIZE_CHARACTERS) throw new HTTPException(400)
  return new URLSearchParams(searchParams)
}

const asking = (c: Context<AppEnv>, query: URLSearchParams) =>
  new Request(`${c.env.APP_ORIGIN}${OAUTH_PATHS.authorize}?${forProvider(query)}`, { headers: c.req.raw.headers })

type Judged = { app: App; member: Member | undefined; asked: AskedByApp; client: string; had: string | null }

const exchangeOf = ({ app, member, asked, client, had }: Judged, now: number): Exchange => ({
  ...newExchange(now),
  app,
  somebody: member && somebodyOf(member),
  again: asked.again,
  choice: asked.choice,
  consented: hasConsented(app, had, asked.scopes, client) && !(asked.consent && (app.grantedAt === null || client !== '')),
})

/** Nothing is asked of another host before we know who somebody is, as their workspace wants it known. */
const isProven = ({ answer }: Member) => answer === 'yes' || answer === 'no_access'

async function signIn(app: App, { row, act }: Member, { somebody, writes, program }: Exchange) {
  if (!somebody) return false
  const scope = scopeIn(writes)
  const offline = scope.split(' ').includes('offline_access')
  return signInTo(act, { ...row, ...somebody, app, client: program?.id ?? '', sub: somebody.person.sub, offline, scope }, writes)
}

/** What the provider gives, which may be less than was asked for. */
const scopeIn = (writes: Exchange['writes']) =>
  writes
    .map((write) => (write.kind === 'keep' ? write.token.payload.scope : undefined))
    .find((scope) => typeof scope === 'string') ?? 'openid'

type Asking = {
  app: App
  member: Member | undefined
  exchange: Exchange
  query: URLSearchParams
  asked: AskedByApp
  client: string
}

function ask(c: Context<AppEnv>, { app, member, exchange, query, asked, client }: Asking) {
  if (!member || exchange.prompt?.name === 'login') return askToSignIn(c, member, query)
  const way = { next: `${OAUTH_PATHS.authorize}?${query}`, cancel: `${OAUTH_PATHS.cancel}?${query}` }
  if (exchange.prompt?.name === 'access') return sayWhomToAsk(c, app, member, way)
  return askForConsent(c, app, member, { ...way, scopes: asked.scopes, client })
}

function askToSignIn(c: Context<AppEnv>, member: Member | undefined, query: URLSearchParams) {
  const next = `${OAUTH_PATHS.authorize}?${afterProof(query)}`
  if (!member) return c.redirect(signInPath(next), 303)
  return c.redirect(member.answer === 'enrol' ? ownSecondFactorPath(next) : confirmPath(next), 303)
}
