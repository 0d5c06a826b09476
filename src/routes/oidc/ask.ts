import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../../env'
import { enterForApp } from '../../http/app-sign-in'
import { readForm } from '../../http/forms'
import { ownPath } from '../../http/next'
import { unknownApp } from '../../http/unknown-app'
import { askForAccess } from '../../models/access-requests/ask'
import { appNamed } from '../../models/apps/asked-app'
import { OAUTH_PATHS } from '../../paths'

/** What the page posts that refuses somebody. It leads back there, which says when they asked, or on to the app where they have access by now. */
export const ask = new Hono<AppEnv>()

ask.post(OAUTH_PATHS.ask, async (c) => {
  const { next, ...form } = await readForm(c, { app: v.string(), next: v.string() })
  const { app, member } = await enterForApp(c, appNamed(form.app))
  if (!app || !member) return unknownApp(c)
  await askForAccess(member.act, app.id)
  return c.redirect(ownPath(c.env.APP_ORIGIN, next) ?? '/', 303)
})
