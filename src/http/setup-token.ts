import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv } from '../env'
import { sha256 } from '../models/core/random'
import { looksLikeSetupToken } from '../models/workspace/setup'
import { COOKIE } from './session-cookie'

const NAME = 'setup'
const LIFETIME_S = 60 * 60

/** As a mailed link does: out of the URL into a cookie, and on to the clean page. Undefined for what cannot be a token. */
export function exchangeSetupToken(c: Context<AppEnv>, token: string) {
  if (!looksLikeSetupToken(token)) return undefined
  setCookie(c, NAME, token, { ...COOKIE, maxAge: LIFETIME_S })
  return c.redirect('/setup', 303)
}

/** What the database knows of the token that this browser opened. */
export async function setupTokenHash(c: Context<AppEnv>) {
  const token = getCookie(c, NAME, 'host')
  return token && looksLikeSetupToken(token) ? sha256(token) : undefined
}

export const forgetSetupToken = (c: Context<AppEnv>) => deleteCookie(c, NAME, COOKIE)
