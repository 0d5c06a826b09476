import { cpSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seed } from '../src/dev/seed.ts'
import { wrangler } from './wrangler.ts'

const TABLES = `SELECT type, name, sql FROM sqlite_master WHERE name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY type, name`

let home: string
const inHome = (...args: string[]) => wrangler([...args, '--cwd', home])

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-'))
  for (const part of ['wrangler.toml', 'migrations']) cpSync(part, join(home, part), { recursive: true })
})

afterAll(() => rmSync(home, { recursive: true }))

/** Every table, index and trigger, and every row. */
function contents() {
  const [file = ''] = globSync(join(home, '.wrangler/state/v3/d1/*/*.sqlite')).filter((path) => !path.endsWith('metadata.sqlite'))
  const database = new DatabaseSync(file)
  const things = database.prepare(TABLES).all()
  const tables = things.filter(({ type }) => type === 'table').map(({ name }) => String(name))
  const rows = Object.fromEntries(tables.map((name) => [name, sorted(database.prepare(`SELECT * FROM "${name}"`).all())]))
  database.close()
  return { things: things.map(({ name, sql }) => [name, sql]), rows }
}

const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted()

/** The commands of docs/operations.md, on a local database. */
it('what wrangler exports, an empty database takes back to the last row, index and trigger', async () => {
  await inHome('d1', 'migrations', 'apply', 'DB', '--local')
  writeFileSync(join(home, 'seed.sql'), seed({ passwordHash: '$scrypt$of nobody', now: Date.now() }).join(';\n'))
  await inHome('d1', 'execute', 'DB', '--local', '--yes', '--file', 'seed.sql')
  await inHome('d1', 'export', 'DB', '--local', '--output', 'backup.sql')
  const before = contents()
  rmSync(join(home, '.wrangler'), { recursive: true })
  await inHome('d1', 'execute', 'DB', '--local', '--yes', '--file', 'backup.sql')

  expect(contents()).toEqual(before)
  expect(before.rows.members?.length).toBeGreaterThan(3)
  expect(before.things.map(([name]) => name)).toEqual(expect.arrayContaining(['activity_is_kept', 'one_open_invitation']))
  // The migrations' own list came along, so that the next deploy applies none twice.
  expect(await inHome('d1', 'migrations', 'list', 'DB', '--local')).toContain('No migrations to apply')
}, 300_000)
