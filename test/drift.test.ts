import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { all } from './database'
import { SCHEMA } from './schema'

type Column = { name: string; type: string; notNull: boolean; key: boolean; default: string | null }

const tables = SCHEMA.filter((each) => is(each, SQLiteTable)).map(getTableConfig)

const inCode = ({ columns, primaryKeys }: (typeof tables)[number]): Column[] =>
  columns.map((column) => ({
    name: column.name,
    type: column.getSQLType().toUpperCase(),
    notNull: column.notNull || column.primary,
    key: column.primary || primaryKeys.some((key) => key.columns.some(({ name }) => name === column.name)),
    default: column.hasDefault ? literal(column.default) : null,
  }))

const literal = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(Number(value)))

async function inDatabase(table: string): Promise<Column[]> {
  const rows = await all<{ name: string; type: string; notnull: number; pk: number; dflt_value: string | null }>(
    'SELECT * FROM pragma_table_info(?)',
    table,
  )
  return rows.map(({ name, type, notnull, pk, dflt_value }) => ({
    name,
    type,
    notNull: notnull === 1 || pk > 0,
    key: pk > 0,
    default: dflt_value,
  }))
}

const byName = (columns: Column[]) => columns.toSorted((a, b) => a.name.localeCompare(b.name))

describe('the migrated database', () => {
  it('has the tables of the schema and no other, all of them STRICT', async () => {
    const found = await all<{ name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' AND name <> 'd1_migrations' ORDER BY name",
    )

    expect(found).toEqual(tables.map(({ name }) => ({ name, strict: 1 })).toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  })

  it.each(tables.map((table) => [table.name, table] as const))(
    'has the columns of %s as the schema names them',
    async (name, table) => {
      expect(byName(await inDatabase(name))).toEqual(byName(inCode(table)))
    },
  )
})
