import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { backTo } from './next'

/** The query of the page that a form came from, when it was this one; so that an answer shows the same part of a list. */
export function queryBefore(c: Context<AppEnv>, path: string): Record<string, string> {
  const from = new URL(backTo(c, path), c.env.APP_ORIGIN)
  return from.pathname === path ? Object.fromEntries(from.searchParams) : {}
}
