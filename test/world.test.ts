import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { month } from '../src/dev/month'
import { DAY_MS } from '../src/limits'
import { all, run } from './database'
import { startEmpty, startOver, TABLES } from './world'

beforeEach(() => {
  vi.setSystemTime(Date.now())
})
afterEach(() => {
  vi.useRealTimers()
})

const everything = async () => ({
  schema: await all("SELECT sql FROM sqlite_master WHERE name NOT GLOB '_cf_*' ORDER BY rowid"),
  rows: Object.fromEntries(await Promise.all(TABLES.map(async (name) => [name, await all(`SELECT * FROM ${name}`)]))),
  used: (await env.USED_TOKENS.list()).keys,
})

const DAMAGE: Record<string, string[]> = {
  'a month of everything': month({ now: Date.now() }),
  'one row': ["UPDATE members SET role = 'admin' WHERE id = 'bob'"],
  'a count that is wrong': ['UPDATE member_counts SET people = 7'],
  'a workspace that is gone': [
    "INSERT INTO erasures VALUES ('globex')",
    "DELETE FROM members WHERE tenant_id = 'globex'",
    "DELETE FROM tenants WHERE id = 'globex'",
  ],
  'a workspace more': ["INSERT INTO tenants (id, name, created_at) VALUES ('initech', 'Initech', 0)"],
  'rows that belong to no workspace': [
    'INSERT INTO setup_tokens (token_hash, expires_at) VALUES (hex(zeroblob(32)), 0)',
    "INSERT INTO cron_runs (cron, at) VALUES ('* * * * *', 0)",
    "INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('key', 1, 0, 0)",
    "INSERT INTO suppressions (email_key, reason, at) VALUES ('bob@acme.test', 'bounced', 0)",
    "INSERT INTO slugs VALUES ('initech')",
  ],
  'a table more': ['CREATE TABLE more (id TEXT)'],
  'a trigger less': ['DROP TRIGGER activity_is_kept', 'DELETE FROM activity'],
  'a trigger that lets nothing go': ["CREATE TRIGGER trouble BEFORE DELETE ON sessions BEGIN SELECT RAISE(ABORT, 'trouble'); END"],
  'statistics of an index': ['ANALYZE'],
}

it.each(Object.keys(DAMAGE))('a world after %s is as it was made', async (name) => {
  await reset()
  await startOver()
  const made = await everything()

  for (const statement of DAMAGE[name] ?? []) await run(statement)
  await env.USED_TOKENS.put('used', 'yes')
  expect(await everything()).not.toEqual(made)

  await startOver()

  expect(await everything()).toEqual(made)
})

it('a deployment without anybody is as it was made after one with people', async () => {
  await reset()
  await startEmpty()
  const made = await everything()
  await startOver()

  await startEmpty()

  expect(await everything()).toEqual(made)
})

it('a world to which nobody came begins again with other people, and with other dates a second later', async () => {
  await startEmpty()
  await startOver()
  expect(await all('SELECT id FROM tenants ORDER BY id')).toEqual([{ id: 'acme' }, { id: 'globex' }])

  await startOver()
  vi.setSystemTime(Date.now() + 1000)
  await startOver()

  expect(await all('SELECT created_at FROM tenants ORDER BY created_at')).toEqual(
    [90, 60].map((days) => ({ created_at: Date.now() - days * DAY_MS })),
  )
})

it('one row that one request wrote is noticed', async () => {
  await run("UPDATE tenants SET name = 'Other' WHERE id = 'acme'")

  await startOver()

  expect(await all("SELECT name FROM tenants WHERE id = 'acme'")).toEqual([{ name: 'Acme' }])
})
