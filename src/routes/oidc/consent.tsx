import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { askForConsent } from '../../http/app-pages'
import { enterForApp, type Member } from '../../http/app-sign-in'
import { afterConsent } from '../../http/asked-by-app'
import { readForm } from '../../http/forms'
import { ownPath } from '../../http/next'
import { goOnTo } from '../../http/to-app'
import { unknownApp } from '../../http/unknown-app'
import type { App } from '../../models/apps/app'
import { appNamed } from '../../models/apps/asked-app'
import { SCOPES } from '../../models/apps/claims'
import { consent } from '../../models/apps/consent'
import { BY_PAGE, OAUTH_PATHS } from '../../paths'

/** What the page before an app's first sign-in posts, and the page that leads on from forms of ours to an app. */
export const consents = new Hono<AppEnv>()

const FIELDS = {
  app: v.string(),
  client: v.exactOptional(v.string(), ''),
  version: v.pipe(v.string(), v.regex(/^\d+$/)),
  scope: v.string(),
  next: v.string(),
}

consents.post(OAUTH_PATHS.consent, async (c) => {
  const { version, scope, next, client, ...form } = await readForm(c, FIELDS)
  const { app, member } = await enterForApp(c, appNamed(form.app, client))
  if (!app || !member) return unknownApp(c)
  const scopes = scope.split(' ').filter((each) => SCOPES.includes(each))
  if (await agree(member, { app: { ...app, version: Number(version) }, client, scopes })) return c.redirect(onward(c, next), 303)
  c.status(409)
  // It stands alone, as the page that it takes the place of.
  c.set('person', undefined)
  c.set('signedIn', member.row.userId)
  return askForConsent(c, app, member, { next, cancel: cancelOf(next), scopes, client, changed: true })
})

/** Whoever may not be signed in agrees to nothing: where they go on to tells them why. */
const agree = async ({ act, answer, row }: Member, { app, client, scopes }: { app: App; client: string; scopes: string[] }) =>
  answer !== 'yes' || consent(act, { app, client, scopes, had: row.consent })

const cancelOf = (next: string) =>
  next.startsWith(`${OAUTH_PATHS.authorize}?`) ? next.replace(OAUTH_PATHS.authorize, OAUTH_PATHS.cancel) : undefined

/** To what asked for it, which has its answer now. */
function onward(c: Context<AppEnv>, next: string) {
  const url = URL.parse(next, c.env.APP_ORIGIN)
  return ownPath(c.env.APP_ORIGIN, url ? `${url.pathname}?${afterConsent(url.searchParams)}` : undefined) ?? '/'
}

for (const [asks, goesOn] of BY_PAGE) consents.get(goesOn, (c) => goOnTo(c, `${asks}?${new URL(c.req.url).searchParams}`))
