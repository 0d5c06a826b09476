import type { Context } from 'hono'
import { hostIn } from '../models/apps/hosts'

/** What somebody asked a proxy for. `path`: with its query. */
export type Original = { method: string; host: string; path: string }

/** As Caddy and Traefik say it. They overwrite what a browser claims of itself in these headers. */
export const forwardedRequest = (c: Context) =>
  originalOf(c.req.header('X-Forwarded-Method'), c.req.header('X-Forwarded-Host'), c.req.header('X-Forwarded-Uri'))

/** As nginx is told to say it to `auth_request`. */
export function originalRequest(c: Context) {
  const url = URL.parse(c.req.header('X-Original-URL') ?? '')
  return originalOf(c.req.header('X-Original-Method'), url?.host, url ? url.pathname + url.search : undefined)
}

function originalOf(method = 'GET', host = '', path = '/'): Original | undefined {
  const known = hostIn(host)
  return known === undefined ? undefined : { method, host: known, path: pathAt(known, path) }
}

/** Longer ones are cut, so that the address of a sign-in page with it in its query still fits everywhere. */
const MOST_CHARACTERS = 2048

/** A path of this host, whatever it looks like. Ours are not to be gone back to. */
export function pathAt(host: string, path: string): string {
  const url = path.startsWith('/') ? URL.parse(`https://${host}${path}`) : null
  if (!url || url.pathname.length > MOST_CHARACTERS) return '/'
  return url.pathname.length + url.search.length > MOST_CHARACTERS ? url.pathname : url.pathname + url.search
}

/** Whether a browser shows the answer as a page, so that it can be led to sign in: everything else cannot follow, and is told so by the status. */
export function isPage(c: Context, { method }: Original): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  const mode = c.req.header('Sec-Fetch-Mode')
  if (mode) return mode === 'navigate'
  const byScript = ['Upgrade', 'HX-Request', 'X-Requested-With'].some((name) => c.req.header(name))
  return !byScript && !!c.req.header('Accept')?.includes('text/html')
}
