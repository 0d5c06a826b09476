import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { APIRequestContext, BrowserContextOptions } from '@playwright/test'
import { generateSignedCookie } from 'hono/cookie'
import { sql } from './database.ts'

export type SignedIn = Exclude<BrowserContextOptions['storageState'], string | undefined>

const LIFETIME_MS = 12 * 60 * 60_000

/**
 * As test/session.ts: a session as signing in leaves it, for a test that is not about signing in and need not wait for scrypt. However long the
 * tests take, it is taken for one whose person has just proven who they are.
 */
export async function signedIn(request: APIRequestContext, email: string): Promise<SignedIn> {
  const secret = randomBytes(32).toString('base64url')
  const [row] = await sql(
    request,
    `INSERT INTO sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at, proved_at)
     SELECT ?1, ?2, id, 'Test', '203.0.113.7', ?3, ?3, ?3 + ${LIFETIME_MS}, ?3 + ${LIFETIME_MS} FROM users WHERE email_key = ?4 RETURNING id`,
    crypto.randomUUID(),
    createHash('sha256').update(secret).digest('hex'),
    `${Date.now()}`,
    email,
  )
  if (!row) throw new Error(`${email} is nobody`)
  const value = await signed(secret)
  return { cookies: [{ ...COOKIE, value, expires: (Date.now() + LIFETIME_MS) / 1000 }], origins: [] }
}

const COOKIE = { name: '__Host-session', domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' } as const

/** With a key of the ring that the Worker reads; they all verify. */
async function signed(value: string) {
  const [, key = ''] =
    Object.entries(parseEnv(readFileSync('.dev.vars', 'utf8'))).find(([name]) => name.startsWith('SESSION_KEY_')) ?? []
  const cookie = await generateSignedCookie('session', value, Buffer.from(key, 'base64url'), { prefix: 'host' })
  return cookie.slice(COOKIE.name.length + 1).split(';')[0] ?? ''
}
