import { all } from './database'

/** Rows that a query makes itself: as many as it has values, or as another step has found. The only virtual table here is json_each. */
const MADE = /^SCAN (\(subquery|\d+ CONSTANT ROWS?|CONSTANT ROW|\d+-ROW VALUES CLAUSE|json_each|\w+ (EXISTS )?VIRTUAL TABLE)/

/**
 * For a new row SQLite plans a look at the tables that refer to its table, and skips it while no foreign key is broken
 * (https://sqlite.org/src/file/src/fkey.c, OP_FkIfZero). The statement itself names none of them, or by an alias.
 */
const skipped = (sql: string, step: string) =>
  /^\s*INSERT/.test(sql) && !new RegExp(`\\b${step.match(/^SCAN (\w+)/)?.[1]}\\b(?! \\w\\b)`).test(sql)

/** The steps in which SQLite would walk through the whole of a table. */
export async function scansOf(sql: string, values: unknown[]): Promise<string[]> {
  const steps = await all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values)
  const own = new Set(steps.flatMap(({ detail }) => detail.match(/^(?:MATERIALIZE|CO-ROUTINE) (\w+)$/)?.[1] ?? []))
  const made = (step: string) => MADE.test(step) || own.has(step.replace(/^SCAN /, ''))
  return steps.map(({ detail }) => detail).filter((step) => step.startsWith('SCAN') && !made(step) && !skipped(sql, step))
}
