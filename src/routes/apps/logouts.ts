import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { showApp } from '../../http/app-page'
import { admin, enter } from '../../http/door'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { appInWorkspace } from '../../models/apps/app-page'
import { logoutIn, tellAgain } from '../../models/apps/logout-page'

/** What an app could not be told of somebody's sign-out. */
export const appLogouts = new Hono<AppEnv>()

appLogouts.post('/:id/logouts/:logout/retry', async (c) => {
  const which = { appId: c.req.param('id'), id: c.req.param('logout') }
  const { act, to, apps, logouts } = await enter(c, admin, (at) => ({
    apps: appInWorkspace(at, which.appId),
    logouts: logoutIn(at, which),
  }))
  await readForm(c, {})
  if (!apps[0] || !logouts[0]) throw new HTTPException(404)
  if (await tellAgain(act, which)) return redirectWith(c, to.app(which.appId), { notice: 'app_told_again', who: apps[0].name })
  c.status(409)
  return showApp(c, undefined, { text: 'This was tried again already.' })
})
