const RUNS = new Set<string | symbol>(['run', 'all', 'first', 'raw'])

/** D1 as it is, counting round trips: a batch is one, and so is a statement sent by itself. */
export function counted(database: D1Database) {
  let trips = 0
  const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>()

  function watch(statement: D1PreparedStatement): D1PreparedStatement {
    const watched = new Proxy(statement, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name === 'bind') return (...values: unknown[]) => watch(target.bind(...values))
        if (RUNS.has(name)) trips += 1
        return value.bind(target)
      },
    })
    real.set(watched, statement)
    return watched
  }

  return Object.assign(Object.create(database) as D1Database, {
    prepare: (query: string) => watch(database.prepare(query)),
    batch: (batch: D1PreparedStatement[]) => {
      trips += 1
      return database.batch(batch.map((statement) => real.get(statement) ?? statement))
    },
    roundTrips: () => trips,
  })
}
