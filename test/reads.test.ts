import { expect, it } from 'vitest'
import { call, callerOf, getters, pathOf } from './routes'

const WRITES = /^\s*(WITH\b[^;]*\b)?(INSERT|UPDATE|DELETE|REPLACE)\b/i

it.each(getters)('%s asks D1 in batches of reads alone, so that D1 can read again after trouble', async (name) => {
  const client = await callerOf(name)
  const answer = await call(client, name, { path: await pathOf(name) })

  expect(answer.status).toBeLessThan(400)
  expect(client.queries.map(({ sql }) => sql).filter((sql) => WRITES.test(sql))).toEqual([])
})
