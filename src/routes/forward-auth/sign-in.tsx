import { type Context, Hono } from 'hono'
import type { AppEnv } from '../../env'
import { askForConsent, sayWhomToAsk } from '../../http/app-pages'
import { memberOf } from '../../http/app-sign-in'
import { visitorIfAny } from '../../http/door'
import { pathAt } from '../../http/forwarded'
import { confirmPath, ownSecondFactorPath, pathOf, signInPath } from '../../http/next'
import { unknownApp } from '../../http/unknown-app'
import type { App } from '../../models/apps/app'
import { hasConsented } from '../../models/apps/consent'
import { signInTo } from '../../models/apps/exchange'
import { newForwardCode, readForwardSignIn, type Way } from '../../models/apps/forward-sign-in'
import { hostIn } from '../../models/apps/hosts'
import type { SignedInRow } from '../../models/apps/reads'
import { randomId } from '../../models/core/random'
import { OAUTH_PATHS } from '../../paths'

/** Where a proxy sends somebody to be signed in to its tool, which leads back to a host of the app and nowhere else. */
export const forwardSignIn = new Hono<AppEnv>()

forwardSignIn.get(OAUTH_PATHS.forward, async (c) => {
  // A code is written for whoever comes: what only looks gets none.
  if (c.req.method === 'HEAD') return c.body(null)
  const at = await visitorIfAny(c)
  const way = wayIn(c)
  const { app, row, person } = await readForwardSignIn(at, { clientId: c.req.query('client_id') ?? '', host: way?.host ?? '' })
  if (!way || !app || (person && !row)) return unknownApp(c)
  if (!row) return c.redirect(signInPath(pathOf(c.req.url)), 303)
  c.set('signedIn', row.userId)
  const member = memberOf(c, app, row, at)
  const { answer } = member
  if (answer === 'enrol') return c.redirect(ownSecondFactorPath(pathOf(c.req.url)), 303)
  if (answer === 'prove') return c.redirect(confirmPath(pathOf(c.req.url)), 303)
  const there = { next: pathOf(c.req.url), cancel: undefined }
  if (answer === 'no_access') return sayWhomToAsk(c, app, member, there)
  if (!hasConsented(app, row.consent, SCOPES)) return askForConsent(c, app, member, { ...there, scopes: SCOPES })
  const grant = grantFor(app, row)
  const { code, token } = await newForwardCode(grant.grantId, way)
  const begun = await signInTo(member.act, grant, [{ kind: 'keep', token }])
  return c.redirect(begun ? `https://${way.host}/.latchkey/callback?code=${code}` : pathOf(c.req.url), 303)
})

function wayIn(c: Context<AppEnv>): Way | undefined {
  const { forward_host: said = '', to = '/', nonce = '' } = c.req.query()
  const host = hostIn(said)
  return host && /^[0-9a-f]{64}$/.test(nonce) ? { host, to: pathAt(host, to), nonceHash: nonce } : undefined
}

/** What the headers tell of a person. */
const SCOPES = ['openid', 'profile', 'email', 'groups']

/** What this session has granted the app by other ways stays. */
function grantFor(app: App, row: SignedInRow) {
  const scopes = [...new Set([...(row.granted?.split(' ') ?? []), ...SCOPES])]
  return {
    ...row,
    app,
    client: '',
    grantId: row.grantId ?? randomId(),
    sid: row.sid ?? randomId(),
    sub: row.sub ?? randomId(),
    scope: scopes.join(' '),
    offline: scopes.includes('offline_access'),
  }
}
