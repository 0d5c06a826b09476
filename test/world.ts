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

let begun = { statements: 0, changes: 0, at: 0 }

async function begin(rows: string[]) {
  const [{ made, large, changes }] = await Promise.all([look(), forgetUsedTokens()])
  const untouched =
    begun.statements === rows.length && begun.changes + OWN === changes && Math.abs(Date.now() - begun.at) < STALE_MS
  if (made && untouched) {
    begun.changes = changes
    return
  }
  if (!made || large || !(await emptied(rows).catch(() => false))) await make(rows)
  begun = { statements: rows.length, at: Date.now(), changes: (await look()).changes }
}

/** For every request, also one that only reads, D1 writes a row of its own. */
const OWN = 1

const SCHEMA = env.TEST_SCHEMA.join(';\n')
export const TABLES = env.TEST_SCHEMA.flatMap((statement) => /^CREATE TABLE "?(\w+)/.exec(statement)?.[1] ?? [])

const LOOK = `
  SELECT total_changes() AS changes,
    (SELECT group_concat(sql, char(59, 10)) FROM (
      SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB '_cf_*' ORDER BY rowid)) AS schema`

/** `changes` counts every row written since the database was opened, also by a trigger and in what was taken back. */
async function look() {
  const { results, meta } = await env.DB.prepare(LOOK).all<{ changes: number; schema: string | null }>()
  return { changes: results[0]?.changes ?? 0, made: results[0]?.schema === SCHEMA, large: meta.size_after > LARGE_BYTES }
}

/** An entry of the activity log goes with its workspace only, and nobody is remembered of a workspace that is being erased. */
const EMPTY = [
  'PRAGMA defer_foreign_keys = on',
  'INSERT OR IGNORE INTO erasures SELECT id FROM tenants UNION SELECT tenant_id FROM activity',
  ...TABLES.filter((name) => name !== 'erasures')
    .toReversed()
    .map((name) => `DELETE FROM ${name}`),
  'DELETE FROM erasures',
].join(';\n')

const LEFT = `SELECT ${TABLES.map((name) => `EXISTS (SELECT 1 FROM ${name}) AS ${name}`).join(', ')}`

/** @returns false where a row is left that a test has found a way to keep */
async function emptied(rows: string[]) {
  const [, left] = await env.DB.batch<Record<string, number>>(statements(EMPTY, LEFT, rows.join(';\n')))
  return Object.values(left?.results[0] ?? {}).every((some) => some === 0)
}

async function make(rows: string[]) {
  await reset()
  // At once: `applyD1Migrations` asks for every statement by itself, which took half of a small test's time.
  await env.DB.batch(statements(SCHEMA, rows.join(';\n')))
}

const statements = (...texts: string[]) => texts.filter(Boolean).map((text) => env.DB.prepare(text))

async function forgetUsedTokens() {
  const { keys } = await env.USED_TOKENS.list()
  await Promise.all(keys.map(({ name }) => env.USED_TOKENS.delete(name)))
}
