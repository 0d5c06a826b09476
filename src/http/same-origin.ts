import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../env'

/** A mail provider's webhook proves itself by its signature. */
const SIGNED = '/webhooks/'

/** Refuses every change that a page of ours did not ask for, whatever its content type (OWASP CSRF: Fetch Metadata, then Origin). */
export const sameOrigin = createMiddleware<AppEnv>(async function sameOrigin(c, next) {
  const safe = c.req.method === 'GET' || c.req.method === 'HEAD' || c.req.path.startsWith(SIGNED)
  const site = c.req.header('Sec-Fetch-Site')
  const ours = site ? site === 'same-origin' : c.req.header('Origin') === c.env.APP_ORIGIN
  if (!safe && !ours) throw new HTTPException(403)
  await next()
})
