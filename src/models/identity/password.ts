import crypto, { randomBytes, timingSafeEqual } from 'node:crypto'
import { hashQueue } from './hash-queue'

/** OWASP Password Storage: N=2^15, r=8, p=3; N*r*p stays below the 2^20 that Workers allow. */
const COST = { ln: 15, r: 8, p: 3 }
const MAX_MEMORY = 64 * 1024 * 1024
const SALT_BYTES = 16
const KEY_BYTES = 32
const PHC = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Verifies like a real hash and never matches, so that an unknown address costs what a known one does. */
const NOBODY = `$scrypt$ln=15,r=8,p=3$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** A PHC string. The password is taken in NFC, as it is everywhere. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await stretch(password, salt, COST)
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(hash)}`
}

/** Does the same work with and without a stored hash. `stale` asks for a new hash at this sign-in. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<{ ok: boolean; stale: boolean }> {
  const [, ln, r, p, salt, hash] = PHC.exec(stored ?? NOBODY) ?? []
  if (!salt || !hash) return { ok: false, stale: false }
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) }
  const expected = Buffer.from(hash, 'base64')
  const same = timingSafeEqual(await stretch(password, Buffer.from(salt, 'base64'), cost), expected)
  return { ok: same && stored !== undefined, stale: cost.ln !== COST.ln || cost.r !== COST.r || cost.p !== COST.p }
}

const stretch = (password: string, salt: Buffer, { ln, r, p }: typeof COST) =>
  hashQueue.inTurn(() => crypto.scryptSync(password.normalize('NFC'), salt, KEY_BYTES, { N: 2 ** ln, r, p, maxmem: MAX_MEMORY }))

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
