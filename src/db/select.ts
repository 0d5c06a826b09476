import { type Column, type GetColumnData, type SQL, type SQLWrapper, sql } from 'drizzle-orm'

/**
 * A column under a name of its own. D1's batch answers with objects, in which the second of two columns of one name would overwrite the first
 * (drizzle-team/drizzle-orm#555): whatever a join selects has a name that nothing else in it has. test/columns.test.ts holds it.
 */
export const as = <C extends Column, N extends string>(column: C, name: N) =>
  sql<GetColumnData<C>>`${column}`.mapWith(column).as(name)

/** The same of a table that a LEFT JOIN may not have found. */
export const maybe = <C extends Column, N extends string>(column: C, name: N) =>
  sql`${column}`.mapWith((value): GetColumnData<C> | null => column.mapFromDriverValue(value) as GetColumnData<C>).as(name)

/** A JSON document that SQL puts together, read. */
export const json = <T>(query: SQLWrapper, name: string) => sql<T>`${query}`.mapWith((text: string): T => JSON.parse(text)).as(name)

/** A condition as a column. */
export const flag = (condition: SQL, name: string) => sql<boolean>`${condition}`.mapWith(Boolean).as(name)
