import { createHash } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { PLAIN_STYLE } from '../../views/forward-auth/plain-style'

const STYLE = `'sha256-${createHash('sha256').update(PLAIN_STYLE).digest('base64')}'`

const BARE = Object.entries({
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${STYLE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
})

/** What is shown on another host than ours, by its proxy: nothing of what browsers keep for a host is ours to say there. */
export const bareHeaders = createMiddleware(async function bareHeaders(c, next) {
  await next()
  const { headers } = c.res
  for (const [name, value] of BARE) headers.set(name, value)
})
