import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { signerOf } from '../models/identity/keyring'

const DIGITS = 16

/** Lets lines of the log be compared without telling what was masked: a keyed hash, the same as long as one session key signs. */
export async function masked(c: Context<AppEnv>, text: string): Promise<string> {
  const hash = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', signerOf(c.env.SESSION_KEYS, Date.now()).key, hash, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`log:${text}`))
  return new Uint8Array(mac).toHex().slice(0, DIGITS)
}
