import type { Context } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import type { AppEnv } from '../env'
import { KNOWN_BROWSER_MS } from '../limits'
import { sha256 } from '../models/core/random'
import { signerOf } from '../models/identity/keyring'
import { newBrowser } from '../models/identity/known-browser'
import { COOKIE } from './session-cookie'

const NAME = 'browser'

/** It tells a browser from another and gives no power: who may do what, a session alone says. */
export function setBrowserCookie(c: Context<AppEnv>, secret: string) {
  const { key } = signerOf(c.env.BROWSER_KEYS, Date.now())
  return setSignedCookie(c, NAME, secret, key, { ...COOKIE, maxAge: KNOWN_BROWSER_MS / 1000 })
}

/** The hash of the secret that the cookie holds, under any key of the ring; a forged one ends here, without I/O. */
export async function browserHash(c: Context<AppEnv>): Promise<string | undefined> {
  for (const { key } of c.env.BROWSER_KEYS) {
    const secret = await getSignedCookie(c, key, NAME, 'host')
    if (secret) return sha256(secret)
  }
  return undefined
}

/** The same, and a new one where there is none: what begins now is to go on in this browser. An old one stays, for what began in another tab. */
export async function keptBrowser(c: Context<AppEnv>): Promise<string> {
  const kept = await browserHash(c)
  if (kept) return kept
  const { secret, hash } = await newBrowser()
  await setBrowserCookie(c, secret)
  return hash
}
