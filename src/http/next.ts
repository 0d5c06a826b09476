import type { SignInReason } from '../../views/identity/sign-in-reasons'
import { BY_PAGE, OAUTH_PATHS, type WebOrigin, withQuery } from '../paths'

/**
 * A path of our own origin, or undefined: `//evil.test`, `/\evil.test`, `/.//evil.test` and whole URLs lead elsewhere. Signing in to an app ends at
 * the app, where the policy of our pages lets no form lead: it goes on from a page.
 */
export function ownPath(origin: WebOrigin, path: string | undefined): string | undefined {
  if (!path?.startsWith('/')) return undefined
  const url = URL.parse(path, origin)
  // Resolving dots can leave a path that starts with two slashes, which a browser reads as a host.
  if (url?.origin !== origin || url.pathname.startsWith('//')) return undefined
  return (BY_PAGE.get(url.pathname) ?? url.pathname) + url.search
}

/** What an app has asked for, which needs a proof that is newer than ours. */
export const isForApp = (next: string | undefined) => !!next?.startsWith(`${BY_PAGE.get(OAUTH_PATHS.authorize)}?`)

/** What was asked for, with its query. */
export function pathOf(url: string) {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** Where somebody proves again who they are, which leads on to a path of ours. */
export const confirmPath = (next: string | undefined) => withQuery('/confirm', { next: next === '/' ? undefined : next })

/** Where somebody sets up their first second factor, which a workspace asks for. */
export const ownSecondFactorPath = (next?: string | undefined) =>
  withQuery('/account/second-factor', { next: next === '/' ? undefined : next })

/** Sign-in, which leads on to a path of ours. */
export const signInPath = (next: string | undefined, reason?: SignInReason) =>
  withQuery('/login', { next: next === '/' ? undefined : next, reason })
