import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, it } from 'vitest'
import { all } from './database'
import { call, callerOf, posters } from './routes'
import { SCHEMA } from './schema'

/** Every column that keeps one of a few words. The database takes any word, so that a word can be added without rebuilding a table. */
const COLUMNS = SCHEMA.filter((each) => is(each, SQLiteTable)).flatMap((each) => {
  const { name, columns } = getTableConfig(each)
  return columns.flatMap((column) => (column.enumValues ? [{ table: name, column: column.name, words: column.enumValues }] : []))
})

it('names the vocabularies', () => {
  expect(COLUMNS.map(({ table, column }) => `${table}.${column}`)).toEqual(
    expect.arrayContaining(['members.role', 'members.status', 'mails.kind', 'mails.state', 'credentials.kind', 'activity.kind']),
  )
})

it.each(posters)('%s writes no word that the schema does not name', async (name) => {
  await call(await callerOf(name), name)
  for (const { table, column, words } of COLUMNS) {
    const found = await all<{ word: string }>(`SELECT DISTINCT ${column} AS word FROM ${table} WHERE ${column} IS NOT NULL`)
    expect(words, `${table}.${column}`).toEqual(expect.arrayContaining(found.map(({ word }) => word)))
  }
})
