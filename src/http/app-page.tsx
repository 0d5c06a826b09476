import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { AppPage } from '../../views/apps/app'
import { disconnectedInWords } from '../../views/apps/app-words'
import { AppsPage } from '../../views/apps/apps'
import type { Stale } from '../../views/components/stale'
import type { AppEnv } from '../env'
import { appInWorkspace } from '../models/apps/app-page'
import { disconnectedAppOf } from '../models/apps/disconnect'
import { APP_ROWS, appsPage, signedInCount, signedInCursor, signedInPage, toApps, toSignedInCount } from '../models/apps/list'
import { logoutsOf } from '../models/apps/logout-page'
import { settingsOf } from '../models/apps/recipes/recipes'
import type { MemberAct } from '../models/core/act'
import { type Position, pageOf } from '../models/core/paging'
import { admin, enter } from './door'

/** The apps of a workspace, as several resources answer with them. */
export async function showApps(c: Context<AppEnv>, position: Position, stale?: Stale) {
  const { to, now, rows } = await enter(c, admin, (at) => ({ rows: appsPage(at, position) }))
  const { page, paging } = pageOf(toApps(rows), APP_ROWS, ({ id }) => id, position)
  return c.render(<AppsPage {...{ to, now, apps: page, paging, stale }} />, { title: 'Apps' })
}

/** The page of the app that the path names. @throws HTTPException 404 */
export async function showApp(c: Context<AppEnv>, position: Position = { cursor: '' }, stale?: Stale) {
  const id = c.req.param('id') ?? ''
  const { to, now, found, people, count, logouts } = await enter(c, admin, (at) => ({
    found: appInWorkspace(at, id),
    people: signedInPage(at, id, position),
    count: signedInCount(at, id),
    logouts: logoutsOf(at, id),
  }))
  const [app] = found
  if (!app) throw new HTTPException(404)
  const { page, paging } = pageOf(people, APP_ROWS, signedInCursor, position)
  const settings = settingsOf(app, c.env.APP_ORIGIN)
  return c.render(
    <AppPage {...{ to, now, app, settings, paging, logouts, stale }} people={page} count={toSignedInCount(count)} />,
    {
      title: app.name,
    },
  )
}

/** Somebody disconnected the app that the path names: 409, and the others. @throws HTTPException 404 for one that never was here */
export async function showDisconnected(c: Context<AppEnv>, act: MemberAct) {
  const [gone] = await disconnectedAppOf(act, c.req.param('id') ?? '')
  if (!gone) throw new HTTPException(404)
  c.status(409)
  return showApps(c, { cursor: '' }, { text: `${disconnectedInWords(gone, act.now)} Nothing was changed.` })
}
