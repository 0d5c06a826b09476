import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { connect } from './connect'
import { sql } from './sql'

const db = connect(env.DB)

it('binds what is put in, and never reads it as SQL', async () => {
  const evil = "' OR 1=1 --"
  expect(await db.all(sql`SELECT ${evil} AS a, ${7} AS b, ${null} AS c`)).toEqual([{ a: evil, b: 7, c: null }])
})

it('keeps the values of nested pieces in their order', () => {
  const inner = sql`b = ${2} AND ${sql.identifier('c"d')} = ${3}`
  const { text, values } = sql`a = ${1} AND ${inner} AND e = ${4}`
  expect([text, values]).toEqual(['a = ? AND b = ? AND "c""d" = ? AND e = ?', [1, 2, 3, 4]])
})

it('puts a list in parentheses, and joins pieces by another', async () => {
  expect(await db.all(sql`SELECT 2 IN ${[1, 2]} AS found, 2 IN ${[]} AS nowhere`)).toEqual([{ found: 1, nowhere: 0 }])
  const { text, values } = sql.join([sql`x = ${1}`, sql`y = ${2}`], sql` OR ${'z'} OR `)
  expect([text, values]).toEqual(['x = ? OR ? OR y = ?', [1, 'z', 2]])
})

it('a statement that fails is refused where it is awaited', async () => {
  await expect(db.all(sql`SELECT * FROM nowhere`)).rejects.toThrow('nowhere')
})
