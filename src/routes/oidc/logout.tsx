import type { Context } from 'hono'
import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { SignedOutPage, SignOutPage } from '../../../views/oidc/sign-out'
import type { AppEnv } from '../../env'
import { readAppSignIn } from '../../http/app-sign-in'
import { unchecked } from '../../http/door'
import { readForm } from '../../http/forms'
import { answerOfProvider, newExchange } from '../../http/provider'
import { clearSessionCookie, sessionCookie } from '../../http/session-cookie'
import { goOnTo } from '../../http/to-app'
import { expectPerson } from '../../http/whose'
import type { App } from '../../models/apps/app'
import { appNamed } from '../../models/apps/asked-app'
import { leaveApp } from '../../models/apps/leave'
import { signOut } from '../../models/identity/session'
import { OAUTH_PATHS } from '../../paths'

/** Where an app sends somebody whom it has signed out (OpenID Connect RP-Initiated Logout 1.0). Only they decide whether that ends more than the app's own. */
export const appLogout = new Hono<AppEnv>()

appLogout.get(OAUTH_PATHS.logout, async (c) => {
  const query = queryOf(c)
  const { app, person, member, at } = await readAppSignIn(c, appNamed(clientIn(query)))
  const to = await wayBack(c, query, app, at.now)
  if (!person) return to ? c.redirect(to, 303) : showSignedOut(c, false)
  c.set('signedIn', person.userId)
  return c.render(<SignOutPage app={member && app} person={person} next={query.toString()} />, { title: 'Sign out' })
})

const FIELDS = { app: v.optional(v.string()), next: v.string(), stay: v.optional(v.literal('yes')) }

appLogout.post(OAUTH_PATHS.signOut, async (c) => {
  const form = await readForm(c, FIELDS)
  const { person, member } = await readAppSignIn(c, appNamed(form.app ?? ''))
  if (person) await expectPerson(c, person)
  if (form.stay && member) await leaveApp(member.act, { appId: form.app ?? '', sessionId: member.row.sessionId })
  if (!form.stay) await endSession(c)
  const query = new URLSearchParams(form.next)
  if (form.stay) query.set('stayed', 'yes')
  return c.redirect(`${OAUTH_PATHS.signedOut}?${query}`, 303)
})

async function endSession(c: Context<AppEnv>) {
  const secretHash = await sessionCookie(c)
  if (secretHash) await signOut(unchecked(c), secretHash)
  clearSessionCookie(c)
}

appLogout.get(OAUTH_PATHS.signedOut, async (c) => {
  const query = queryOf(c)
  const { app, at } = await readAppSignIn(c, appNamed(clientIn(query)))
  const to = await wayBack(c, query, app, at.now)
  return to && app ? goOnTo(c, to, app.name) : showSignedOut(c, query.get('stayed') === 'yes')
})

const queryOf = (c: Context<AppEnv>) => new URLSearchParams(new URL(c.req.url).search)

const showSignedOut = (c: Context<AppEnv>, stayed: boolean) =>
  c.render(<SignedOutPage stayed={stayed} />, { title: stayed ? 'Signed in' : 'Signed out' })

/** What it claims to be; the provider says whether it is. */
function clientIn(query: URLSearchParams): string {
  try {
    return query.get('client_id') ?? String(decodeJwt(query.get('id_token_hint') ?? '').aud)
  } catch {
    return ''
  }
}

/** Where the app wants them back, where that is registered, and what it gave as a hint is a token of ours, however old. */
async function wayBack(c: Context<AppEnv>, query: URLSearchParams, app: App | undefined, now: number) {
  const exchange = { ...newExchange(now), app }
  const headers = { Accept: 'text/html' }
  await answerOfProvider(c, new Request(`${c.env.APP_ORIGIN}${OAUTH_PATHS.logout}?${query}`, { headers }), exchange)
  const { uri, state } = exchange.logout ?? {}
  if (exchange.refused?.error === 'server_error') throw exchange.refused.cause
  if (!uri || exchange.refused) return undefined
  const to = new URL(uri)
  if (state !== undefined) to.searchParams.set('state', state)
  return to.href
}
