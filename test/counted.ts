const RUNS = new Set<string | symbol>(['run', 'all', 'first', 'raw'])

/** SQLite refuses this when it runs, not when it is prepared: whatever else its batch did is undone. */
const TROUBLE = "SELECT json('trouble')"

export type Query = { sql: string; values: unknown[] }

/** What a round trip that fails ends in instead, made of all that it would have asked. */
export type Failure = (queries: Query[]) => Error

/**
 * D1 as it is, counting round trips: a batch is one, and so is a statement sent by itself. Remembers every query.
 * The trip that `fails` names ends in an error after everything it does.
 */
export function counted(database: D1Database, fails = 0, failure?: Failure) {
  let trips = 0
  const queries: Query[] = []
  const real = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; query: Query }>()
  function trouble() {
    if (++trips !== fails) return []
    if (failure) throw failure(queries)
    return [database.prepare(TROUBLE)]
  }

  function watch(statement: D1PreparedStatement, query: Query): D1PreparedStatement {
    const watched = new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name === 'bind') return (...values: unknown[]) => watch(target.bind(...values), { ...query, values })
        if (!RUNS.has(name)) return value.bind(target)
        queries.push(query)
        const [fail] = trouble()
        return fail ? () => database.batch([target, fail]) : value.bind(target)
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
    batch: (batch: D1PreparedStatement[]) => database.batch([...batch.map(unwatch), ...trouble()]),
    roundTrips: () => trips,
    queries,
  })
}
