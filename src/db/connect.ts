import { QueryPromise, type SQL } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'

/** One D1 statement that has not run yet: await it by itself, or hand it to `batch` with others. */
export class Statement<Row> extends QueryPromise<Row[]> {
  constructor(
    private readonly d1: D1Database,
    private readonly query: SQL,
  ) {
    super()
  }

  getQuery() {
    return this.query.toQuery(SQLITE)
  }

  prepare() {
    const { sql, params } = this.getQuery()
    return this.d1.prepare(sql).bind(...params)
  }

  override async execute() {
    return (await this.prepare().all<Row>()).results
  }
}

type RowsOf<Statements> = { -readonly [K in keyof Statements]: Statements[K] extends Statement<infer Row> ? Row[] : never }

/**
 * drizzle's `sql` over D1's own statements. Its query builder stays out: what decides here is conditional SQL, which it cannot
 * write, and in the Worker it weighs more than all of our models (docs/decisions.md).
 */
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

const SQLITE = {
  casing: new CasingCache(),
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: () => '?',
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
}
