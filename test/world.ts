import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { seed } from '../src/dev/seed'

/** The two seeded workspaces and nothing else: the cast is a teammate, an outsider, somebody pending, somebody disabled. */
export const startOver = () => begin(seed({ passwordHash: env.TEST_PASSWORD_HASH, now: Date.now() }))

/** As a deployment is before anybody came. */
export const startEmpty = () => begin([])

/** A database that has grown is made anew, because to empty it row by row takes longer. */
const LARGE_BYTES = 2 ** 21
/** The seeded dates are as old at most as a machine is slow, and never to come: a test may have set the clock ahead. */
const STALE_MS = 1000

let begun = { statements: 0, changes: 0, shape: '', at: 0 }

async function begin(rows: string[]) {
  const [found] = await Promise.all([look().catch(() => undefined), forgetUsedTokens()])
  const untouched =
    begun.statements === rows.length && begun.changes + OWN === found?.changes && Math.abs(Date.now() - begun.at) < STALE_MS
  const made = found !== undefined && found.shape === begun.shape
  if (made && untouched) {
    begun.changes = found.changes
    return
  }
  const emptied = made && !found.large && (await empty(found.filled, rows).catch(() => undefined))
  const { changes, shape } = emptied || (await make(rows))
  begun = { statements: rows.length, changes, shape, at: Date.now() }
}

/** For every request, also one that only reads, D1 writes a row of its own. */
const OWN = 1

const SCHEMA = env.TEST_SCHEMA.join(';\n')
export const TABLES = env.TEST_SCHEMA.flatMap((statement) => /^CREATE TABLE "?(\w+)/.exec(statement)?.[1] ?? [])

/**
 * `changes` counts every row written since the database was opened, also by a trigger and in what was taken back. `shape` becomes another by
 * whatever is created, dropped or altered: to read the schema itself takes longer than most requests.
 */
const STATE = `
  total_changes() AS changes,
  (SELECT json_array(count(*), max(rowid), sum(rowid * rootpage), sum(rowid * length(sql))) FROM sqlite_master
   WHERE name NOT GLOB '_cf_*') AS shape`
const LOOK = `SELECT ${STATE}, ${TABLES.map((name) => `EXISTS (SELECT 1 FROM ${name}) AS ${name}`).join(', ')}`

type State = { changes: number; shape: string }

/** @throws where a table is missing */
async function look() {
  const { results, meta } = await env.DB.prepare(LOOK).all<State & Record<string, number>>()
  return seen(results[0], meta.size_after)
}

function seen(row: (State & Record<string, number>) | undefined, bytes: number) {
  const { changes = 0, shape = '' } = row ?? {}
  return { changes, shape, large: bytes > LARGE_BYTES, filled: TABLES.filter((name) => row?.[name]) }
}

const OWNERS = 'INSERT OR IGNORE INTO erasures SELECT id FROM tenants UNION SELECT tenant_id FROM activity'

/**
 * An entry of the activity log goes with its workspace only, and nobody is remembered of a workspace that is being erased. No foreign key is
 * deferred: after that `PRAGMA`, SQLite compiles every statement that it knows once more. What is empty already costs its statement only.
 */
const emptying = (filled: string[]) =>
  [
    OWNERS,
    ...TABLES.filter((name) => name !== 'erasures' && filled.includes(name))
      .toReversed()
      .map(remove),
    remove('erasures'),
  ].join(';\n')

const remove = (table: string) => `DELETE FROM ${table}`

/** @returns nothing where a row is left that a test has found a way to keep */
async function empty(filled: string[], rows: string[]) {
  const results = await env.DB.batch<State & Record<string, number>>(statements(emptying(filled), LOOK, rows.join(';\n'), LOOK))
  const [left, now] = [results[1], results.at(-1)].map((result) => result && seen(result.results[0], result.meta.size_after))
  return left?.filled.length === 0 ? now : undefined
}

async function make(rows: string[]) {
  await reset()
  // At once: `applyD1Migrations` asks for every statement by itself, which took half of a small test's time.
  await env.DB.batch(statements(SCHEMA, rows.join(';\n')))
  return look()
}

const statements = (...texts: string[]) => texts.filter(Boolean).map((text) => env.DB.prepare(text))

async function forgetUsedTokens() {
  const { keys } = await env.USED_TOKENS.list()
  await Promise.all(keys.map(({ name }) => env.USED_TOKENS.delete(name)))
}
