const RUNS = new Set<string | symbol>(['run', 'all', 'first', 'raw'])

/** SQLite refuses this when it runs, not when it is prepared: whatever else its batch did is undone. */
const TROUBLE = "SELECT json('trouble')"

/** Statements by which somebody may lose what an app gives them: a batch ends with what follows from that, a statement sent by itself does not. */
const TAKES_AWAY =
  /^\s*(DELETE FROM|INSERT INTO) "?(members|member_sections|member_agents|section_defaults|agents|apps|subjects|app_grants)\b|^\s*DELETE FROM "?(sessions|credentials|users|tenants)\b|^\s*UPDATE "?(member_sections|section_defaults|apps|app_grants|tenants)\b|^\s*UPDATE "?members\b.*\b(status|role|agent_mode|user_id|valid_from|ends_at)"? =|^\s*UPDATE "?credentials\b.*\bchanged_at"? =/is

export type Query = { sql: string; values: unknown[] }

/** What a round trip that fails ends in instead, made of all that it would have asked. */
export type Failure = (queries: Query[]) => Error

/** How many trips in a row fail, and whether each has done its work before its answer is lost. */
export type Spell = { times?: number; after?: boolean }

/**
 * D1 as it is, counting round trips: a batch is one, and so is a statement sent by itself. Remembers every query. The trip that `fails` names
 * ends in an error after everything it does, all of it undone; with a `failure` it ends in that, before it does anything unless its spell says so.
 */
export function counted(database: D1Database, fails = 0, failure?: Failure, { times = 1, after = false }: Spell = {}) {
  let trips = 0
  const queries: Query[] = []
  const bill = { read: 0, written: 0, trips: [] as number[] }
  const real = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; query: Query }>()

  /** Makes a trip, or fails on it; `undone` does the same work and has it undone. */
  async function trip<T>(work: () => Promise<T>, undone: () => Promise<T>): Promise<T> {
    const failing = ++trips >= fails && trips < fails + times && fails > 0
    if (!failing) return work()
    if (!failure) return undone()
    if (after) await work()
    throw failure(queries)
  }

  /** What D1 bills, which is told of whole results only; `trips` are the rows that each trip has written. */
  function tally<T>(results: T): T {
    const metas = [results].flat().map((result) => (result as Partial<D1Result> | null)?.meta)
    const written = metas.reduce((sum, meta) => sum + (meta?.rows_written ?? 0), 0)
    bill.read += metas.reduce((sum, meta) => sum + (meta?.rows_read ?? 0), 0)
    bill.written += written
    bill.trips.push(written)
    return results
  }

  function watch(statement: D1PreparedStatement, query: Query): D1PreparedStatement {
    const watched = new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name === 'bind') return (...values: unknown[]) => watch(target.bind(...values), { ...query, values })
        if (!RUNS.has(name)) return value.bind(target)
        return (...options: unknown[]) => {
          queries.push(query)
          if (TAKES_AWAY.test(query.sql))
            throw new Error(`In a batch, or no grant of an app ends by it (src/db/settle.ts): ${query.sql}`)
          return trip(
            async () => tally(await value.apply(target, options)),
            () => database.batch([target, database.prepare(TROUBLE)]),
          )
        }
      },
    })
    real.set(watched, { statement, query })
    return watched
  }

  function unwatch(watched: D1PreparedStatement) {
    const { statement, query } = real.get(watched) ?? { statement: watched, query: undefined }
    if (query) queries.push(query)
    return statement
  }

  return Object.assign(Object.create(database) as D1Database, {
    prepare: (sql: string) => watch(database.prepare(sql), { sql, values: [] }),
    batch: <T>(batch: D1PreparedStatement[]) => {
      const statements = batch.map(unwatch)
      return trip(
        async () => tally(await database.batch<T>(statements)),
        () => database.batch<T>([...statements, database.prepare(TROUBLE)]),
      )
    },
    roundTrips: () => trips,
    queries,
    bill,
  })
}
