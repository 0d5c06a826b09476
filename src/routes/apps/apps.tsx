import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { rotatedInWords } from '../../../views/apps/app-words'
import { SecretPage } from '../../../views/apps/secret'
import { TryPage } from '../../../views/apps/try'
import type { AppEnv } from '../../env'
import { showApp, showApps, showDisconnected } from '../../http/app-page'
import { memberOf } from '../../http/app-sign-in'
import { admin, enter, fresh } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { POSITION, readQuery } from '../../http/query'
import { tryApp } from '../../http/try-app'
import { SECRET_OVERLAP_MS } from '../../limits'
import { appInWorkspace } from '../../models/apps/app-page'
import { appNamed } from '../../models/apps/asked-app'
import { agreeForEverybody } from '../../models/apps/change'
import { disconnectApp } from '../../models/apps/disconnect'
import { signInReads } from '../../models/apps/read-sign-in'
import { settingsOf } from '../../models/apps/recipes/recipes'
import { endFormerSecret, rotateSecret } from '../../models/apps/secret'

/** The tools that sign people in by this workspace. Mounted after the form of a new one, since `new` is no id. */
export const apps = new Hono<AppEnv>()

/** When the secret was made that the page showed; empty where that is not known. */
const MADE_AT = v.pipe(
  v.string(),
  v.regex(/^\d{0,15}$/),
  v.transform((text) => (text ? Number(text) : null)),
)

apps.get('/', (c) => showApps(c, readQuery(c, POSITION)))

apps.get('/:id', (c) => showApp(c, readQuery(c, POSITION)))

/** Only asks: what a tool would be told is shown to whoever it is about. */
apps.get('/:id/try', async (c) => {
  const id = c.req.param('id')
  const { act, to, found, row } = await enter(c, admin, (at) => ({
    found: appInWorkspace(at, id),
    row: signInReads(at, appNamed(id)).row,
  }))
  const [[app], [me]] = [found, row]
  if (!app || !me) throw new HTTPException(404)
  const tried = await tryApp(c, app, memberOf(c, app, me, act), act.now)
  return c.render(<TryPage {...{ to, app, tried }} />, { title: `Sign in to ${app.name}` })
})

apps.post('/:id/secret', async (c) => {
  const { act, to, app } = await enterApp(c, fresh(admin))
  const { made } = await readForm(c, { made: MADE_AT })
  if (!app) return showDisconnected(c, act)
  const secret = await rotateSecret(act, app.id, made)
  if (!secret) return showChanged(c, app.secretAt, act.now)
  const formerUntil = act.now + SECRET_OVERLAP_MS
  const settings = settingsOf(app, c.env.APP_ORIGIN, secret)
  return c.render(<SecretPage {...{ to, app, secret, settings, formerUntil }} />, { title: `New secret for ${app.name}` })
})

apps.post('/:id/former-secret', async (c) => {
  const { act, to, app } = await enterApp(c)
  await readForm(c, {})
  if (!app) return showDisconnected(c, act)
  await endFormerSecret(act, app.id)
  return redirectWith(c, to.app(app.id), { notice: 'app_former_secret_ended', who: app.name })
})

apps.post('/:id/consent', async (c) => {
  const { act, to, app } = await enterApp(c)
  const { for_all } = await readForm(c, { for_all: v.picklist(['on', 'off']) })
  if (!app || !(await agreeForEverybody(act, app.id, for_all === 'on'))) return showDisconnected(c, act)
  return redirectWith(c, to.app(app.id), { notice: for_all === 'on' ? 'app_agreed' : 'app_asks', who: app.name })
})

apps.post('/:id/disconnect', async (c) => {
  const { act, to, app } = await enterApp(c, fresh(admin))
  await readForm(c, {})
  if (!app || !(await disconnectApp(act, app.id))) return showDisconnected(c, act)
  return redirectWith(c, to.apps, { notice: 'app_disconnected', who: app.name })
})

async function enterApp(c: Context<AppEnv, '/:id/*'>, policy = admin) {
  const { act, to, found } = await enter(c, policy, (at) => ({ found: appInWorkspace(at, c.req.param('id') ?? '') }))
  return { act, to, app: found[0] }
}

/** The page showed another secret, as it does after a reload of the one that showed this: 409, and when it was made. */
function showChanged(c: Context<AppEnv>, madeAt: number | null, now: number) {
  c.status(409)
  return showApp(c, undefined, { text: rotatedInWords(madeAt, now) })
}
