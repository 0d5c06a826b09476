/** Where a consumer meets its end: with the lease in hand, before it has recorded what it sent, or after; and how. */
export type Fate = { where: 'leased' | 'unrecorded' | 'recorded'; end: 'error' | 'death' | 'sleep' }

/**
 * D1 as a consumer of one message meets it that may not live; `fateOf` is asked about each attempt that it makes. With an `error` the call fails
 * and the consumer goes on; after `death` no call ever returns, so that nothing of the consumer runs again; from `sleep` it wakes when `awake`
 * resolves, and goes on as if no time had passed.
 */
export function mortal(database: D1Database, fateOf: (attempt: number) => Fate | undefined, awake: Promise<void>) {
  const { promise: forever } = Promise.withResolvers<never>()
  const { promise: gone, resolve: leave } = Promise.withResolvers<'death' | 'sleep'>()
  let fate: Fate | undefined

  async function meet(where: Fate['where']): Promise<void> {
    if (fate?.where !== where) return
    if (fate.end === 'error') throw new Error('D1_ERROR: the connection was lost')
    leave(fate.end)
    return fate.end === 'sleep' ? awake : forever
  }

  /** The first batch takes the lease, the second records. */
  let calls = 0
  const batch = async <T>(statements: D1PreparedStatement[]) => {
    const isLease = ++calls === 1
    if (!isLease) await meet('unrecorded')
    const results = await database.batch<T & { attempts?: number }>(statements)
    const attempt = results[0]?.results[0]?.attempts
    if (isLease && attempt) fate = fateOf(attempt)
    await meet(isLease ? 'leased' : 'recorded')
    return results
  }

  const own = { prepare: database.prepare.bind(database), batch }
  return { database: Object.assign(Object.create(database) as D1Database, own), gone }
}
