import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/** That one of the columns contains what was typed; undefined when nothing was. `instr`, since what is typed is text and has no wildcards. */
export function searchFilter(typed: string, columns: SQLWrapper[]): SQL | undefined {
  const needle = typed.trim().toLowerCase()
  if (!needle) return undefined
  return sql`(${sql.join(
    columns.map((column) => sql`instr(${column}, ${needle})`),
    sql` OR `,
  )})`
}
