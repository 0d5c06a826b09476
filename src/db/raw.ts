import type { Query, SQL } from 'drizzle-orm'
import type { RunnableQuery } from 'drizzle-orm/runnable-query'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { Db } from './connect'

const dialect = new SQLiteAsyncDialect()

/**
 * A statement written by hand, which the query builder cannot say: a conditional INSERT ... SELECT, an UPDATE by what another statement left behind.
 * It has not run yet: await it by itself, or hand it to `db.batch` beside the builder's own. drizzle's `db.run(sql)` cannot do that: in a batch it
 * loses its parameters (drizzle-team/drizzle-orm#2277).
 */
export const raw = <Row = never>(db: Db, query: SQL): Raw<Row> => new Raw<Row>(db, withinLimit(dialect.sqlToQuery(query)))

/** D1 takes so many values in a statement. */
const MOST_VALUES = 100

/** Of a statement with too many values each is bound once, however often it stands there. No text of ours has a question mark in quotes. */
function withinLimit(query: Query): Query {
  if (query.params.length <= MOST_VALUES) return query
  const once = [...new Set(query.params)]
  const values = query.params.values()
  return { ...query, sql: query.sql.replaceAll('?', () => `?${once.indexOf(values.next().value) + 1}`), params: once }
}

class Raw<Row> implements RunnableQuery<Row[], 'sqlite'>, PromiseLike<Row[]> {
  declare readonly _: { readonly dialect: 'sqlite'; readonly result: Row[] }

  constructor(
    private readonly db: Db,
    private readonly query: Query,
  ) {}

  toSQL() {
    return { sql: this.query.sql, params: this.query.params }
  }

  /** What drizzle's D1 session asks every member of a batch for; test/drizzle.test.ts notices when that changes. */
  _prepare() {
    const { sql, params } = this.query
    return { stmt: this.db.$client.prepare(sql), getQuery: () => ({ sql, params }), mapResult: rowsOf<Row> }
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting it is what runs it
  then<A = Row[], B = never>(
    done?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ) {
    return this.run()
      .then(({ results }) => results)
      .then(done, failed)
  }

  run() {
    const { sql, params } = this.query
    return this.db.$client
      .prepare(sql)
      .bind(...params)
      .all<Row>()
  }
}

const rowsOf = <Row>({ results }: D1Result<Row>) => results

export type { Raw }
