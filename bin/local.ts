import { randomBytes, scryptSync } from 'node:crypto'
import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs'
import type { D1Database } from '@cloudflare/workers-types'
import { getPlatformProxy } from 'wrangler'
import { PASS_PHRASE, seed } from '../src/dev/seed.ts'
import { run } from './command.ts'

export const PORT = Number(process.env.PORT ?? 8787)
export const ORIGIN = `http://localhost:${PORT}`
export const STATE = process.env.LATCHKEY_STATE ?? '.wrangler/state'

export const copyHtmx = () => copyFileSync('node_modules/htmx.org/dist/htmx.min.js', 'public/htmx.js')

/** Everything the local Worker needs before it starts; what is there already stays. */
export async function prepare() {
  copyHtmx()
  completeSecrets('.dev.vars')
  await run('wrangler', 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', STATE)
  await seedIfEmpty()
}

/** The keys that a developer's machine has always had, from its first day; those of an older version are of no use and no harm. */
const LOCAL_KEYS = ['SESSION', 'INVITATION', 'RESET'].map((purpose) => `${purpose}_KEY_20260101T0000Z`)

function completeSecrets(file: string) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const missing = LOCAL_KEYS.filter((name) => !text.includes(`${name}=`)).map((name) => `${name}=${secret()}\n`)
  appendFileSync(file, `${/[^\n]$/.test(text) ? '\n' : ''}${missing.join('')}`, { mode: 0o600 })
}

const secret = () => randomBytes(32).toString('base64url')

async function seedIfEmpty() {
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
    persist: { path: `${STATE}/v3` },
    remoteBindings: false,
    envFiles: [],
  })
  const someone = await env.DB.prepare('SELECT 1 FROM tenants').first()
  if (!someone) await env.DB.batch(seed({ passwordHash: hash(PASS_PHRASE), now: Date.now() }).map((sql) => env.DB.prepare(sql)))
  await dispose()
}

function hash(password: string) {
  const salt = randomBytes(16)
  const key = scryptSync(password.normalize('NFC'), salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 })
  return `$scrypt$ln=15,r=8,p=3$${unpadded(salt)}$${unpadded(key)}`
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
