import { randomBytes, scryptSync } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { D1Database } from '@cloudflare/workers-types'
import { getPlatformProxy } from 'wrangler'
import { PASS_PHRASE, seed } from '../src/dev/seed.ts'
import { buildAssets } from './assets.ts'
import { run } from './command.ts'
import { newSetupToken } from './setup-token.ts'

export const PORT = Number(process.env.PORT ?? 8787)
export const ORIGIN = `http://localhost:${PORT}`
export const STATE = process.env.LATCHKEY_STATE ?? '.wrangler/state'

/** As a deployment is before anybody came, instead of with the seeded people. */
const EMPTY = !!process.env.LATCHKEY_EMPTY

/** Everything the local Worker needs before it starts; what is there already stays. @returns how to come in, as one line */
export async function prepare(): Promise<string> {
  buildAssets()
  completeSecrets('.dev.vars')
  await run('wrangler', 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', STATE)
  return fillIfEmpty()
}

/** The keys that a developer's machine has always had, from its first day; those of an older version are of no use and no harm. */
const LOCAL_KEYS = ['SESSION', 'INVITATION', 'RESET'].map((purpose) => `${purpose}_KEY_20260101T0000Z`)

function completeSecrets(file: string) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const missing = LOCAL_KEYS.filter((name) => !text.includes(`${name}=`)).map((name) => `${name}=${secret()}\n`)
  if (missing.length > 0) appendFileSync(file, `${/[^\n]$/.test(text) ? '\n' : ''}${missing.join('')}`, { mode: 0o600 })
}

const secret = () => randomBytes(32).toString('base64url')

async function fillIfEmpty() {
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
    persist: { path: `${STATE}/v3` },
    remoteBindings: false,
    envFiles: [],
  })
  const empty = !(await env.DB.prepare('SELECT 1 FROM tenants').first())
  const { statements, wayIn } = EMPTY ? firstSteps(empty) : seeded()
  if (empty) await env.DB.batch(statements.map((sql) => env.DB.prepare(sql)))
  await dispose()
  return wayIn
}

const seeded = () => ({
  statements: seed({ passwordHash: hash(PASS_PHRASE), now: Date.now() }),
  wayIn: `sign in    ada@acme.test, password: ${PASS_PHRASE}`,
})

function firstSteps(empty: boolean) {
  const { token, statements } = newSetupToken(Date.now())
  return { statements, wayIn: empty ? `set up     ${ORIGIN}/setup?token=${token}` : `sign in    ${ORIGIN}/login` }
}

function hash(password: string) {
  const salt = randomBytes(16)
  const key = scryptSync(password.normalize('NFC'), salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 })
  return `$scrypt$ln=15,r=8,p=3$${unpadded(salt)}$${unpadded(key)}`
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
