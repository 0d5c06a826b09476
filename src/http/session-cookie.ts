import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { AppEnv } from '../env'
import { SESSION } from '../limits'
import { sha256 } from '../models/core/random'
import { signerOf } from '../models/identity/keyring'

const NAME = 'session'
export const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', prefix: 'host' } as const

/** Names the person and nothing else: which workspace a page is of stands in its path. */
export function setSessionCookie(c: Context<AppEnv>, secret: string) {
  const { key } = signerOf(c.env.SESSION_KEYS, Date.now())
  return setSignedCookie(c, NAME, secret, key, { ...COOKIE, maxAge: SESSION.absoluteMs / 1000 })
}

/** What the browser kept of the person's pages goes, too; the cookies of open links stay. */
export function clearSessionCookie(c: Context<AppEnv>) {
  deleteCookie(c, NAME, COOKIE)
  c.header('Clear-Site-Data', '"cache", "storage"')
}

/** The hash of the secret that the cookie holds, under any key of the ring; a forged one ends here, without I/O. */
export async function sessionCookie(c: Context<AppEnv>): Promise<string | undefined> {
  for (const { key } of c.env.SESSION_KEYS) {
    const secret = await getSignedCookie(c, key, NAME, 'host')
    if (secret) return sha256(secret)
  }
  return undefined
}
