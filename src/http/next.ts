import type { Context } from 'hono'
import type { SignInReason } from '../../views/identity/sign-in-reasons'
import type { AppEnv } from '../env'
import type { WebOrigin } from '../paths'
import { withQuery } from '../paths'

/** A path of our own origin, or undefined: `//evil.test`, `/\evil.test`, `/.//evil.test` and whole URLs lead elsewhere. */
export function ownPath(origin: WebOrigin, path: string | undefined): string | undefined {
  if (!path?.startsWith('/')) return undefined
  const url = URL.parse(path, origin)
  // Resolving dots can leave a path that starts with two slashes, which a browser reads as a host.
  return url?.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : undefined
}

/** The page of ours that a form was sent from, when it lies under `base`; else `base`. htmx names it, a browser's Referer does too. */
export function backTo(c: Context<AppEnv>, base: string): string {
  const page = pageBefore(c)
  return page?.startsWith(base) ? page : base
}

/** The page of ours that asks. */
export function pageBefore(c: Context<AppEnv>): string | undefined {
  const from = URL.parse(c.req.header('HX-Current-URL') ?? c.req.header('Referer') ?? '')
  return from?.origin === c.env.APP_ORIGIN ? ownPath(c.env.APP_ORIGIN, pageOf(from)) : undefined
}

/**
 * Without JavaScript a refused form leaves the browser where it posted. The page of a refused address lies one step up; what else is refused of a
 * member may have come from the user table, and they may be gone.
 */
const pageOf = ({ pathname, search }: URL) => POSTED.reduce((path, [from, page]) => path.replace(from, page), pathname) + search

/** Paths that only take forms, and the page of each. */
const POSTED: [RegExp, string][] = [
  [/(\/access\/users\/[^/]+)\/address$/, '$1'],
  [/(\/access\/users)\/[^/]+\/(resend|role|disable|enable|delete|sign-out)$/, '$1'],
  [/(\/access\/(permissions|agents))\/[^/]+$/, '$1'],
  [/(\/access)\/undo\/[^/]+$/, '$1/users'],
  [/(\/access\/invitations)$/, '$1/new'],
  [/(\/access\/mail)\/test$/, '$1'],
  [/(\/w\/[^/]+\/agents)\/[^/]+\/delete$/, '$1'],
  [/^\/w\/[^/]+\/(leave|notices)$/, '/workspaces'],
  [/^\/account\/.+$/, '/account'],
]

/** What was asked for, with its query. */
export function pathOf(url: string) {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** Sign-in, which leads on to a path of ours. */
export const signInPath = (next: string | undefined, reason?: SignInReason) =>
  withQuery('/login', { next: next === '/' ? undefined : next, reason })
