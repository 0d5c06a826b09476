import { createMiddleware } from 'hono/factory'

/** Nothing but our own files, no frame around us, and no script or style inside a page. */
const policyFor = (forms = "'self'") =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    `form-action ${forms}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/**
 * What pages and files carry, as OWASP's Secure Headers Project names it. `same-origin`, not `no-referrer`: the latter makes a browser send
 * `Origin: null` with a native form.
 */
const GUARDS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
}

/** Every answer is somebody's own, so no cache and no index of the web may keep one. */
const HEADERS = Object.entries({
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': policyFor(),
  'X-Robots-Tag': 'noindex',
  ...GUARDS,
})

/**
 * Two years, and for this host alone: a browser that was told more cannot be told less until it comes back to it. `more` is what the
 * operator wants besides. Pages and files say the same, since the last one counts.
 */
const strictTransport = (more?: string) => ['max-age=63072000', ...(more ? [more] : [])].join('; ')

/** Of the files in public/, which never reach the Worker: bin/assets.ts writes them where Cloudflare looks. A file loads nothing. */
export const fileHeaders = (hsts?: string) => ({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Strict-Transport-Security': strictTransport(hsts),
  ...GUARDS,
})

/** What an answer may want otherwise. `forms`: where its only form leads. `cache`: it is the same for everybody. */
type Wanted = { Bindings: { HSTS?: string }; Variables: { forms?: string; cache?: string } }

export const securityHeaders = createMiddleware<Wanted>(async function securityHeaders(c, next) {
  await next()
  // c.header() would make the answer anew for each.
  const { headers } = c.res
  for (const [name, value] of HEADERS) headers.set(name, value)
  headers.set('Strict-Transport-Security', strictTransport(c.env.HSTS))
  const { forms, cache } = { forms: c.get('forms'), cache: c.get('cache') }
  if (forms) headers.set('Content-Security-Policy', policyFor(forms))
  if (cache) headers.set('Cache-Control', cache)
})
