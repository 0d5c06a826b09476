import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env'

/** From an address that people used before to the same page at the one of now, so that links and bookmarks go on. */
export const moved = createMiddleware<AppEnv>(async function moved(c, next) {
  const { origin, pathname, search } = new URL(c.req.url)
  if (!c.env.OLD_ORIGINS?.some((old) => old === origin)) return next()
  return c.redirect(c.env.APP_ORIGIN + pathname + search, 308)
})
