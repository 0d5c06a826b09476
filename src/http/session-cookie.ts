import type { Context } from 'hono'
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { AppEnv } from '../env'
import { signerOf } from '../models/identity/keyring'
import { ABSOLUTE_MS, sha256 } from '../models/identity/session'
import type { Claim } from '../models/members/viewer'

const NAME = 'session'
export const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', prefix: 'host' } as const

/** `tenantId` is the workspace entered, or null while somebody only proves who they are. */
export function setSessionCookie(c: Context<AppEnv>, secret: string, tenantId: string | null) {
  const { key } = signerOf(c.env.SESSION_KEYS, Date.now())
  return setSignedCookie(c, NAME, `${secret}.${tenantId ?? ''}`, key, { ...COOKIE, maxAge: ABSOLUTE_MS / 1000 })
}

export const clearSessionCookie = (c: Context<AppEnv>) => deleteCookie(c, NAME, COOKIE)

/** What the cookie names, under any key of the ring; a forged one ends here, without I/O. */
export async function sessionCookie(c: Context<AppEnv>): Promise<(Claim & { secret: string }) | undefined> {
  for (const { key } of c.env.SESSION_KEYS) {
    const value = await getSignedCookie(c, key, NAME, 'host')
    const [secret, tenantId] = value ? value.split('.') : []
    if (secret && tenantId !== undefined) return { secret, secretHash: await sha256(secret), tenantId }
  }
  return undefined
}
