import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { changes, connect } from '../src/db/connect'
import { raw } from '../src/db/raw'
import { tenants } from '../src/db/schema/workspace'
import { counted } from './counted'

const database = counted(env.DB)
const db = connect(database)

const byBuilder = (id: string) => db.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, id))
const byHand = (id: string) => raw<{ name: string }>(db, sql`SELECT name FROM tenants WHERE id = ${id}`)
const rename = (id: string, name: string) =>
  raw<{ id: string }>(db, sql`UPDATE tenants SET name = ${name} WHERE id = ${id} RETURNING id`)

it('a batch takes statements of the builder and those written by hand, each with its own parameters, in one round trip', async () => {
  const before = database.roundTrips()
  const answer = await db.batch([byBuilder('acme'), rename('globex', 'Globex 2'), byHand('globex'), byBuilder('globex')])

  expect(answer).toEqual([[{ name: 'Acme' }], [{ id: 'globex' }], [{ name: 'Globex 2' }], [{ name: 'Globex 2' }]])
  expect(database.roundTrips() - before).toBe(1)
})

it('what SQLite refuses of one undoes all of them', async () => {
  await expect(
    db.batch([rename('acme', 'Other'), db.update(tenants).set({ name: '' }).where(eq(tenants.id, 'globex'))]),
  ).rejects.toThrow()
  expect(await byHand('acme')).toEqual([{ name: 'Acme' }])
})

it('by itself each runs when it is awaited, and in a batch of its own says how many rows it changed', async () => {
  expect([await byHand('acme'), await byBuilder('acme'), await byHand('nowhere')]).toEqual([
    [{ name: 'Acme' }],
    [{ name: 'Acme' }],
    [],
  ])
  expect(await changes(db, rename('acme', 'Acme'))).toBe(1)
  expect(await changes(db, db.update(tenants).set({ name: 'Acme' }).where(eq(tenants.id, 'nowhere')))).toBe(0)
})

it('what drizzle privately asks a member of a batch for is what a statement written by hand has', () => {
  expect(byBuilder('acme')).toHaveProperty('_prepare')
  const { stmt, getQuery, mapResult } = byHand('acme')._prepare()

  expect(stmt).toHaveProperty('bind')
  expect(getQuery()).toEqual({ sql: 'SELECT name FROM tenants WHERE id = ?', params: ['acme'] })
  expect(mapResult).toBeTypeOf('function')
})
