import { randomBytes, scryptSync } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { D1Database } from '@cloudflare/workers-types'
import { getPlatformProxy } from 'wrangler'
import { month } from '../src/dev/month.ts'
import { PASS_PHRASE, seed } from '../src/dev/seed.ts'
import { MINUTE_MS } from '../src/limits.ts'
import { buildAssets } from './assets.ts'
import { run } from './command.ts'
import { newKey, PURPOSES, prefixOf } from './secrets.ts'
import { newSetupToken } from './setup-token.ts'

export const PORT = Number(process.env.PORT ?? 8787)
/** What browsers call it: another one than the port's where that is forwarded, as in Codespaces. */
export const ORIGIN = process.env.APP_ORIGIN ?? `http://localhost:${PORT}`
export const STATE = process.env.LATCHKEY_STATE ?? '.wrangler/state'

/** As a deployment is before anybody came, instead of with the seeded people. */
const EMPTY = !!process.env.LATCHKEY_EMPTY

/** How to come in, as one line, and what to try first. */
type WayIn = { line: string; first: string }

/** Everything the local Worker needs before it starts; what is there already stays. `say` hears what takes its time. */
export async function prepare(say: (line: string) => void): Promise<WayIn> {
  say('Building stylesheet and scripts')
  buildAssets()
  completeSecrets('.dev.vars')
  say('Preparing the local database')
  await migrate(STATE)
  return fillIfEmpty()
}

export const migrate = (state: string) => run('wrangler', 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state)

/** The keys that a developer's machine has always had, from its first day; those of an older version are of no use and no harm. */
const LOCAL_KEYS = PURPOSES.map((purpose) => ({ purpose, name: `${prefixOf(purpose)}20260101T0000Z` }))

function completeSecrets(file: string) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const absent = LOCAL_KEYS.filter(({ name }) => !text.includes(`${name}=`))
  const missing = absent.map(({ purpose, name }) => `${name}=${newKey(purpose)}\n`)
  if (missing.length > 0) appendFileSync(file, `${/[^\n]$/.test(text) ? '\n' : ''}${missing.join('')}`, { mode: 0o600 })
}

async function fillIfEmpty() {
  // Otherwise it says which secrets it has found, in the middle of what we say.
  process.env.WRANGLER_LOG ??= 'error'
  const { env, dispose } = await getPlatformProxy<{ DB: D1Database }>({
    persist: { path: `${STATE}/v3` },
    remoteBindings: false,
    envFiles: [],
  })
  const empty = !(await env.DB.prepare('SELECT 1 FROM tenants').first())
  const { statements, ...wayIn } = EMPTY ? firstSteps(empty) : seeded()
  if (empty) await env.DB.batch(statements.map((sql) => env.DB.prepare(sql)))
  await dispose()
  return wayIn
}

const seeded = () => ({
  statements: seedsOf(Date.now()),
  line: `sign in    ada@acme.test, password: ${PASS_PHRASE}`,
  first: FIRST,
})

/** The journeys meet the people alone, as the tests do. */
const BARE = !!process.env.LATCHKEY_BARE

/** Pia's email goes out when the Worker starts, so she was invited just before. */
const seedsOf = (now: number) => [
  ...seed({ passwordHash: hash(PASS_PHRASE), now, ...(BARE ? {} : { invitedMsAgo: 2 * MINUTE_MS }) }),
  ...(BARE ? [] : month({ now })),
]

const FIRST = `
  Try first: sign in, invite someone under Access Management, and open the email
  in the mailbox. bob@acme.test has the same password but is not an admin, and sees less.
`

function firstSteps(empty: boolean) {
  const { token, statements } = newSetupToken(Date.now())
  return { statements, line: empty ? `set up     ${ORIGIN}/setup?token=${token}` : `sign in    ${ORIGIN}/login`, first: '' }
}

function hash(password: string) {
  const salt = randomBytes(16)
  const key = scryptSync(password.normalize('NFC'), salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 2 ** 20 })
  return `$scrypt$ln=15,r=8,p=3$${unpadded(salt)}$${unpadded(key)}`
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
