import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { AppEnv } from '../env'
import { COOKIE } from './session-cookie'

const NAME = 'probe'

/** Comes with every sign-in page, whose form can then tell a browser that keeps no cookies from one that was not signed in. */
export function probeCookies(c: Context<AppEnv>) {
  if (!getCookie(c, NAME, 'host')) setCookie(c, NAME, '1', COOKIE)
}

/** Any cookie of ours proves it. */
export const keepsCookies = (c: Context<AppEnv>) => Object.keys(getCookie(c)).some((name) => name.startsWith('__Host-'))
