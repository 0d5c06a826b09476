import type { Context } from 'hono'
import type { AppEnv } from '../env'

/** A path of our own origin, or undefined: `//evil.test`, `/\evil.test`, `/.//evil.test` and whole URLs lead elsewhere. */
export function ownPath(origin: string, path: string | undefined): string | undefined {
  if (!path?.startsWith('/')) return undefined
  const url = URL.parse(path, origin)
  // Resolving dots can leave a path that starts with two slashes, which a browser reads as a host.
  return url?.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : undefined
}

/** The page of ours that a form was sent from, when it lies under `base`; else `base`. htmx names it, a browser's Referer does too. */
export function backTo(c: Context<AppEnv>, base: string): string {
  const from = URL.parse(c.req.header('HX-Current-URL') ?? c.req.header('Referer') ?? '')
  return from?.origin === c.env.APP_ORIGIN && from.pathname.startsWith(base) ? pageOf(from) : base
}

/** Without JavaScript a refused address leaves the browser where it posted; the page that it shows lies one step up. */
const pageOf = ({ pathname, search }: URL) => pathname.replace(/\/address$/, '') + search

export const withNext = (path: string) => (path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`)
