import { expect, it } from 'vitest'
import { startOf } from '../src/models/identity/keyring.ts'
import { sealedStart, TOTP_SECRET } from '../src/models/identity/sealed-start.ts'
import { keysInWords, rotate } from './rotate.ts'
import { type Account, newAccount, standIn } from './testing/stand-in.ts'

const NOW = Date.UTC(2026, 10, 22, 21, 19, 30)
const wordsFor = (now: string) =>
  keysInWords(
    ['SESSION_KEY_20261201T1000Z', 'RESET_KEY_20260101T0000Z', 'SESSION_KEY_20260101T0000Z'],
    'session',
    'latchkey',
    Date.parse(now),
  )

const runOn = (account: Account) => ({
  wrangler: standIn(account, () => ({}) as never),
  worker: 'latchkey',
  say: () => {},
  now: NOW,
  database: undefined,
})

it('a new key starts when every isolate can check it: ten minutes later, at a full minute', async () => {
  const account = { ...newAccount(), workerExists: true, secrets: { SESSION_KEY_20260101T0000Z: 'a' } }
  await rotate('session', runOn(account))
  const [, added = ''] = Object.keys(account.secrets)

  expect(startOf(added.slice('SESSION_KEY_'.length)) - NOW).toBeGreaterThanOrEqual(10 * 60_000)
  expect(startOf(added.slice('SESSION_KEY_'.length)) - NOW).toBeLessThanOrEqual(11 * 60_000)
  expect(account.calls).toEqual(['whoami --json', 'secret list --name latchkey', 'secret bulk --name latchkey'])
})

it('after a rollback no key is added, and it says to deploy first', async () => {
  const account = { ...newAccount(), workerExists: true, rolledBack: true, secrets: { SESSION_KEY_20260101T0000Z: 'a' } }
  await expect(rotate('session', runOn(account))).rejects.toThrow('was rolled back')
  expect(Object.keys(account.secrets)).toEqual(['SESSION_KEY_20260101T0000Z'])
})

it('without a purpose nothing is added', async () => {
  const account = {
    ...newAccount(),
    workerExists: true,
    secrets: { SESSION_KEY_20260101T0000Z: 'a', RESET_KEY_20260101T0000Z: 'b' },
  }
  const said: string[] = []
  await rotate(undefined, { ...runOn(account), say: (line) => said.push(line) })

  expect(said).toEqual(['SESSION_KEY_20260101T0000Z   signs now', 'RESET_KEY_20260101T0000Z   signs now'])
  expect(Object.keys(account.secrets)).toHaveLength(2)
})

it('an older key is needed until the last session that it signed has ended, and then says how to delete it', () => {
  const newer = 'SESSION_KEY_20261201T1000Z   signs now'
  expect(wordsFor('2026-12-01T09:59Z')).toEqual([
    'SESSION_KEY_20260101T0000Z   signs until 2026-12-01 10:00 UTC, is needed until 2026-12-01 22:00 UTC',
    'SESSION_KEY_20261201T1000Z   signs from 2026-12-01 10:00 UTC',
  ])
  expect(wordsFor('2026-12-01T21:59Z')).toEqual(['SESSION_KEY_20260101T0000Z   is needed until 2026-12-01 22:00 UTC', newer])
  expect(wordsFor('2026-12-01T22:00Z')).toEqual([
    'SESSION_KEY_20260101T0000Z   is no longer needed: npx wrangler secret delete SESSION_KEY_20260101T0000Z --name latchkey',
    newer,
  ])
})

const [OLD, NEW] = ['20260101T0000Z', '20261101T0000Z']

/** What is said of the keys of authenticator apps, of which the database has these by their key. */
async function appKeys(apps: Record<string, number> | undefined, keys = [OLD, NEW]) {
  const secrets = Object.fromEntries(keys.map((kid) => [`TOTP_KEY_${kid}`, 'a']))
  const said: string[] = []
  const rows = Object.entries(apps ?? {}).map(([kid, count]) => ({ start: sealedStart(TOTP_SECRET, kid), apps: count }))
  const run = { ...runOn({ ...newAccount(), workerExists: true, secrets }), say: (line: string) => said.push(line) }
  await rotate(undefined, { ...run, database: apps && (async () => [rows]) })
  return said
}

it.each([
  [
    'while it sealed any',
    { [OLD]: 12, [NEW]: 3 },
    /^TOTP_KEY_20260101T0000Z {3}is needed until every .*, some each night: 12 authenticator apps left$/,
  ],
  ['with the last one', { [OLD]: 1 }, /: 1 authenticator app left$/],
  ['where nobody can look', undefined, /^TOTP_KEY_20260101T0000Z {3}may be needed still: /],
  [
    'until then',
    { [NEW]: 3 },
    /^TOTP_KEY_20260101T0000Z {3}is no longer needed: npx wrangler secret delete TOTP_KEY_20260101T0000Z --name latchkey$/,
  ],
])('a key of authenticator apps is needed by what the database has: %s', async (_, apps, words) => {
  const [older, newer] = await appKeys(apps)
  expect(older).toMatch(words)
  expect(newer).toBe('TOTP_KEY_20261101T0000Z   signs now')
})

it('a key of authenticator apps that was deleted too early is told of', async () => {
  expect(await appKeys({ [OLD]: 12, [NEW]: 3 }, [NEW])).toEqual([
    'TOTP_KEY_20261101T0000Z   signs now',
    '12 authenticator apps cannot be opened by any of these keys: docs/operations.md, Rotating keys',
  ])
})
