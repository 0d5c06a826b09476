import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { signerOf } from '../models/identity/keyring'

const DIGITS = 16

/** Tells the same from another in the log, and nobody what it was: a keyed hash, while the session key of the day is in use. */
export async function masked(c: Context<AppEnv>, text: string): Promise<string> {
  const hash = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', signerOf(c.env.SESSION_KEYS, Date.now()).key, hash, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`log:${text}`))
  return new Uint8Array(mac).toHex().slice(0, DIGITS)
}
