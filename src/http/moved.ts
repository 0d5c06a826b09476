import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../env'

/** From an address that people used before, and from plain HTTP, to the same page at the address of now, so that links and bookmarks keep working. */
export const moved = createMiddleware<AppEnv>(async function moved(c, next) {
  const { APP_ORIGIN, OLD_ORIGINS = [] } = c.env
  const { origin, pathname, search } = new URL(c.req.url)
  if (origin === APP_ORIGIN || ![...OLD_ORIGINS, APP_ORIGIN].some((one) => isAt(one, origin))) return next()
  return c.redirect(APP_ORIGIN + pathname + search, 308)
})

const isAt = (https: string, origin: string) => origin === https || origin === https.replace('https:', 'http:')
