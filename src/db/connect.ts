import type { SQL } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import * as schema from './schema'

export type Db = DrizzleD1Database<typeof schema>

export function connect(d1: D1Database): Db {
  const db = drizzle(d1, { schema })
  const { all, run } = db
  db.all = <T>(query: SQL | string) => batchable(d1, all.call<Db, [typeof query], ReturnType<typeof db.all<T>>>(db, query))
  db.run = (query) => batchable(d1, run.call(db, query))
  return db
}

/** A D1 batch binds the parameters of raw SQL to its `stmt`, which drizzle forgets to prepare (drizzle-orm 0.45.4, d1/session.js). */
const batchable = <Q extends { getQuery(): { sql: string } }>(d1: D1Database, query: Q): Q =>
  Object.defineProperty(query, 'stmt', { get: () => d1.prepare(query.getQuery().sql) })
