import type { SQL } from './sql'

/** One D1 statement that has not run yet: await it by itself, or hand it to `batch` with others. */
export class Statement<Row> implements PromiseLike<Row[]> {
  constructor(
    private readonly d1: D1Database,
    private readonly query: SQL,
  ) {}

  getQuery() {
    return { sql: this.query.text, params: [...this.query.values] }
  }

  prepare() {
    return this.d1.prepare(this.query.text).bind(...this.query.values)
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting it is what runs it
  then<A = Row[], B = never>(
    done?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ) {
    return this.prepare()
      .all<Row>()
      .then(({ results }) => results)
      .then(done, failed)
  }
}

type RowsOf<Statements> = { -readonly [K in keyof Statements]: Statements[K] extends Statement<infer Row> ? Row[] : never }

/** D1's own statements, written with `sql`. */
export class Db {
  constructor(private readonly d1: D1Database) {}

  all<Row>(query: SQL) {
    return new Statement<Row>(this.d1, query)
  }

  /** For a statement that returns no rows. */
  run(query: SQL) {
    return new Statement<never>(this.d1, query)
  }

  /** Runs a statement by itself. @returns how many rows it changed, those that went with them included */
  async changes(statement: Statement<unknown>): Promise<number> {
    const { meta } = await statement.prepare().run()
    return meta.changes
  }

  /** One round trip and one transaction: all of them happen, in order, or none. */
  async batch<const S extends readonly Statement<unknown>[]>(statements: S): Promise<RowsOf<S>> {
    const results = await this.d1.batch(statements.map((statement) => statement.prepare()))
    return results.map(({ results }) => results) as RowsOf<S>
  }
}

export const connect = (d1: D1Database) => new Db(d1)
