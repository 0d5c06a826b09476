import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv, Env } from '../env'
import type { Keyring } from '../models/identity/keyring'
import { jtiOf, type Purpose } from '../models/identity/token'
import { COOKIE } from './session-cookie'

/** Long enough to think of a password, short enough for a shared computer. */
const COOKIE_LIFETIME_S = 60 * 60

const keysFor = (env: Env, purpose: Purpose): Keyring => (purpose === 'invitation' ? env.INVITATION_KEYS : env.RESET_KEYS)

/**
 * Moves a mailed token from the URL into a cookie, so that no later URL, Referer or log line carries it, and leads on to the clean
 * `path`. Changes nothing: mail scanners open links. Undefined when the token is not ours.
 */
export async function exchangeToken(c: Context<AppEnv>, purpose: Purpose, token: string, path: string) {
  if (!(await jtiOf(keysFor(c.env, purpose), purpose, c.env.APP_ORIGIN, token))) return undefined
  setCookie(c, purpose, token, { ...COOKIE, maxAge: COOKIE_LIFETIME_S })
  return c.redirect(path, 303)
}

/** The `jti` of the link that this browser opened, if we signed it. */
export async function linkJti(c: Context<AppEnv>, purpose: Purpose) {
  const token = getCookie(c, purpose, 'host')
  return token ? jtiOf(keysFor(c.env, purpose), purpose, c.env.APP_ORIGIN, token) : undefined
}

export const forgetLink = (c: Context<AppEnv>, purpose: Purpose) => deleteCookie(c, purpose, COOKIE)
