import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import { counted, type Spell } from '../../test/counted'
import { all } from '../../test/database'
import type { Db } from './connect'
import { patient } from './patient'
import { raw } from './raw'
import { users } from './schema/identity'
import { troubleWithDatabase, UnavailableError, UnsureError } from './trouble'

/** What D1 says of a bad moment that passes (https://developers.cloudflare.com/d1/observability/debug-d1), by which a write may have run. */
const PASSING = [
  'Network connection lost.',
  'D1 DB reset because its code was updated.',
  'Internal error while starting up D1 DB storage caused object to be reset.',
  'Internal error in D1 DB storage caused object to be reset.',
  'D1 DB storage operation exceeded timeout which caused object to be reset.',
  'Cannot resolve D1 DB due to transient issue on remote node.',
  'Replica disconnected from primary.',
  'internal error; reference = 0123456789abcdef',
]
const NOT_RUN = ['D1 DB is overloaded. Requests queued for too long.', 'D1 DB is overloaded. Too many requests queued.']
const LASTING = ["D1 DB's isolate exceeded its memory limit and was reset.", 'D1 DB exceeded its CPU time limit and was reset.']
const bothWays = (messages: string[]) => messages.flatMap((message) => [message, `D1_ERROR: ${message}`])

/** A connection whose first call fails, and those after it as the spell says; `waits` are what it slept. */
function failing(message: string, spell: Spell = {}, writesAreSafe = false) {
  const waits: number[] = []
  const database = counted(env.DB, 1, () => new Error(message), spell)
  const sleep = async (ms: number) => void waits.push(ms)
  const db: Db = drizzle(patient(database, { writesAreSafe, random: () => 1, sleep }))
  return { db, waits, trips: database.roundTrips }
}

const names = (db: Db) => db.select({ id: users.id }).from(users).orderBy(users.id).limit(1)
const rename = (db: Db) => db.update(users).set({ name: 'Renamed' })
const renamed = async () => (await all("SELECT 1 FROM users WHERE name = 'Renamed'")).length > 0
const errorOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => troubleWithDatabase(error) ?? error,
  )

describe('a read', () => {
  it.each(bothWays(PASSING))('is tried again after "%s", three times at most', async (message) => {
    for (const times of [1, 2, 3]) expect(await names(failing(message, { times }).db)).toEqual([{ id: 'user-ada' }])
    const { db, waits, trips } = failing(message, { times: 9 })

    expect(await errorOf(names(db))).toEqual(new UnavailableError(true, new Error(message)))
    expect(trips()).toBe(4)
    expect(waits).toEqual([100, 200, 400])
  })

  it.each(bothWays(NOT_RUN))('is tried once more after "%s", so as not to add to the load', async (message) => {
    expect(await names(failing(message).db)).toEqual([{ id: 'user-ada' }])
    expect(await errorOf(names(failing(message, { times: 2 }).db))).toBeInstanceOf(UnavailableError)
  })

  it.each(bothWays(LASTING))('is not tried again after "%s"', async (message) => {
    const { db, trips } = failing(message)
    expect(await errorOf(names(db))).toBeInstanceOf(UnavailableError)
    expect(trips()).toBe(1)
  })

  it('is a batch of reads too, and a WITH that writes nothing', async () => {
    const { db } = failing('Network connection lost.', { times: 3 })
    const some = raw<{ n: number }>(
      db,
      sql`WITH x AS (SELECT 'DELETE' AS word) SELECT count(*) AS n FROM x WHERE word = ${'DELETE'}`,
    )

    expect(await db.batch([names(db), some])).toEqual([[{ id: 'user-ada' }], [{ n: 1 }]])
  })

  it('that ends in something else throws it as it is', async () => {
    const { db } = failing('a bug of ours')
    expect(await errorOf(db.batch([names(db)]))).toEqual(new Error('a bug of ours'))
  })
})

describe('a write', () => {
  it.each(bothWays([...PASSING, ...LASTING, 'of tomorrow']))(
    'whose answer is lost to "%s" is not repeated, and nobody claims to know',
    async (message) => {
      for (const after of [false, true]) {
        const { db, trips } = failing(message, { after })

        expect(await errorOf(db.batch([names(db), rename(db)]))).toBeInstanceOf(UnsureError)
        expect(await errorOf(rename(failing(message, { after }).db))).toBeInstanceOf(UnsureError)
        expect(trips()).toBe(1)
        expect(await renamed()).toBe(after)
      }
    },
  )

  it('that begins with WITH is one', async () => {
    const { db } = failing('Network connection lost.')
    const write = raw(db, sql`WITH x AS (SELECT 'user-ada' AS id) UPDATE users SET name = 'Renamed' WHERE id IN (SELECT id FROM x)`)

    expect(await errorOf(write)).toBeInstanceOf(UnsureError)
  })

  it.each(
    bothWays([...NOT_RUN, 'database is locked: SQLITE_BUSY', 'UNIQUE constraint failed: users.email_key: SQLITE_CONSTRAINT']),
  )('that "%s" kept from running has changed nothing, and it is known', async (message) => {
    const { db } = failing(message)

    expect(await errorOf(db.batch([rename(db)]))).toEqual(new UnavailableError(true, new Error(message)))
    expect(await renamed()).toBe(false)
  })

  it('that SQLite itself refuses undoes its batch', async () => {
    const db: Db = drizzle(patient(env.DB))
    const twice = raw(db, sql`INSERT INTO users (id, email, email_key, created_at) SELECT id, email, email_key, 1 FROM users`)

    expect(await errorOf(db.batch([rename(db), twice]))).toMatchObject({ name: 'UnavailableError', nothingWritten: true })
    expect(await renamed()).toBe(false)
  })

  it('before it is remembered: what fails later does not claim that nothing was changed', async () => {
    const database = counted(env.DB, 2, () => new Error('D1 DB is overloaded. Too many requests queued.'), { times: 9 })
    const db: Db = drizzle(patient(database))
    await rename(db)

    expect(await errorOf(names(db))).toMatchObject({ name: 'UnavailableError', nothingWritten: false })
  })

  it.each(PASSING)('that may run twice is tried again after "%s", whether it had run or not', async (message) => {
    for (const after of [false, true]) {
      await rename(failing(message, { times: 3, after }, true).db)
      expect(await renamed()).toBe(true)
      expect(await errorOf(rename(failing(message, { times: 4, after }, true).db))).toBeInstanceOf(UnsureError)
    }
  })
})
