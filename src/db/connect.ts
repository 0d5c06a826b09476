import type { Query } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { RunnableQuery } from 'drizzle-orm/runnable-query'
import { PATIENCE, patient } from './patient'
import { settling } from './settle'

export type Db = DrizzleD1Database & { $client: D1Database }

/** One D1 statement that has not run yet, by drizzle's query builder or by `raw`: await it by itself, or hand it to `db.batch` with others. */
export type Statement<Row> = RunnableQuery<Row[], 'sqlite'> & PromiseLike<Row[]> & { toSQL(): Pick<Query, 'sql' | 'params'> }

/** Every way to the database leads through here, so that each is as patient with it. @param due hears that an app has to be told of a sign-out */
export const connect = (d1: D1Database, due: () => void = () => {}): Db => drizzle(settling(patient(d1), due))

/** For writes that may run twice and leave what they left the first time: they are tried again as reads are. */
export const connectForSafeWrites = (d1: D1Database, due: () => void = () => {}): Db =>
  drizzle(settling(patient(d1, { ...PATIENCE, writesAreSafe: true }), due))

/** A batch of one statement and what follows from it. @returns how many rows it changed, those that went with them included */
export async function changes({ $client: d1 }: Db, statement: { toSQL(): Pick<Query, 'sql' | 'params'> }): Promise<number> {
  const { sql, params } = statement.toSQL()
  const [result] = await d1.batch([d1.prepare(sql).bind(...params)])
  return result?.meta.changes ?? 0
}
