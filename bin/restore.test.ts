import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'

/** The schema as all migrations leave it. */
function migrated() {
  const database = new DatabaseSync(':memory:')
  for (const file of readdirSync('migrations').toSorted()) database.exec(readFileSync(`migrations/${file}`, 'utf8'))
  return database
}

/** A dump writes the tables in this order, rows included, and an import checks each reference as it comes (cloudflare/workers-sdk#5683). */
it('every table refers to none but older ones and itself, so that a dump can be restored', () => {
  const database = migrated()
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY rowid")
    .all()
    .map(({ name }) => String(name))
  const forward = tables.flatMap((table, i) =>
    database
      .prepare('SELECT DISTINCT "table" AS parent FROM pragma_foreign_key_list(?)')
      .all(table)
      .map(({ parent }) => String(parent))
      .filter((parent) => !tables.slice(0, i + 1).includes(parent))
      .map((parent) => `${table} -> ${parent}`),
  )

  expect(tables.length).toBeGreaterThan(15)
  expect(forward).toEqual([])
})
