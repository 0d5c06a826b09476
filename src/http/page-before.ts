import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { ownPath } from './next'

/** The page of ours that a form was sent from, when it lies under `base` or one of the others; else `base`. htmx names it, a browser's Referer does too. */
export function backTo(c: Context<AppEnv>, base: string, ...others: string[]): string {
  const page = pageBefore(c)
  return page && [base, ...others].some((path) => page.startsWith(path)) ? page : base
}

/** The query of the page that a form came from, when it was this one; so that an answer shows the same part of a list. */
export function queryBefore(c: Context<AppEnv>, path: string): Record<string, string> {
  const from = new URL(backTo(c, path), c.env.APP_ORIGIN)
  return from.pathname === path ? Object.fromEntries(from.searchParams) : {}
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
  [/(\/access\/users\/[^/]+)\/(address|end-date|preset)$/, '$1'],
  [/(\/access\/users\/[^/]+)\/apps\/[^/]+\/sign-out$/, '$1'],
  [/(\/access\/presets\/[^/]+)\/realign$/, '$1'],
  [/(\/access\/presets)\/[^/]+\/delete$/, '$1'],
  [/(\/access\/users)\/[^/]+\/(resend|role|disable|enable|delete|sign-out|reset-factor)$/, '$1'],
  [/(\/access\/(permissions|agents))\/[^/]+(\/keep)?$/, '$1'],
  [/(\/access\/apps)\/[^/]+\/disconnect$/, '$1'],
  [/(\/access\/apps\/[^/]+)\/logouts\/[^/]+\/retry$/, '$1'],
  [/(\/access\/apps\/[^/]+)\/(secret|former-secret|consent)$/, '$1'],
  [/(\/access\/(users|activity|reviews\/[^/]+))\/export$/, '$1'],
  [/(\/access)\/(undo|changes)\/[^/]+$/, '$1/users'],
  [/(\/access\/invitations)$/, '$1/new'],
  [/(\/access)\/invitations\/unsent$/, '$1/users'],
  [/(\/access\/join-links\/[^/]+)\/disable$/, '$1'],
  [/(\/access\/requests)\/[^/]+\/(approve|decline)$/, '$1'],
  [/(\/access\/requests\/apps)\/[^/]+\/[^/]+\/(approve|decline)$/, '$1'],
  [/(\/access\/invitations\/many\/[^/]+)\/(rows\/\d+|leave-out|discard|send|cancel|retry)$/, '$1'],
  [/(\/access\/mail)\/test$/, '$1'],
  [/(\/w\/[^/]+\/agents)\/[^/]+\/delete$/, '$1'],
  [/^\/w\/[^/]+\/(leave|notices)$/, '/workspaces'],
  [/^\/oauth\/(consent|ask|sign-out)$/, '/workspaces'],
  [/^(\/confirm)\/options$/, '$1'],
  [/^(\/account\/second-factor)\/link$/, '$1'],
  [/^\/account\/(?!second-factor).+$/, '/account'],
]
