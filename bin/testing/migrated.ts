import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { seed } from '../../src/dev/seed.ts'
import type { Database, Row } from '../database.ts'

/** A database in memory as the migrations leave an empty one. */
export function empty() {
  const sqlite = new DatabaseSync(':memory:')
  for (const name of readdirSync('migrations').toSorted()) sqlite.exec(readFileSync(`migrations/${name}`, 'utf8'))
  return sqlite
}

/** The statements that make such a database at once: its whole history before each test took longer than most tests. */
export const schema = () =>
  empty()
    .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY rowid")
    .all()
    .map(({ sql }) => String(sql))

/** A database in memory with the seeded people, for the tests of the commands; it runs statements together or not at all, as D1 does. */
export function migrated() {
  const sqlite = empty()
  for (const statement of seed({ passwordHash: '$scrypt$of nobody', now: Date.now() })) sqlite.exec(statement)
  const rowsOf = (text: string) => sqlite.prepare(text).all() as Row[]
  const database: Database = async (statements) => {
    sqlite.exec('BEGIN')
    try {
      const results = statements.map((statement) => rowsOf(`${statement}`))
      sqlite.exec('COMMIT')
      return results
    } catch (error) {
      sqlite.exec('ROLLBACK')
      throw error
    }
  }
  const tables = rowsOf("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name")
  const dump = () => Object.fromEntries(tables.map(({ name }) => [String(name), rowsOf(`SELECT * FROM "${name}"`)]))
  return { database, rowsOf, dump }
}
