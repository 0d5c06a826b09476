import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Query } from './counted'
import { call, callerOf, routeNames } from './routes'

/** D1's batch answers with objects: of two columns of one name only the second would be left. */
async function twiceIn({ sql, values }: Query): Promise<string[]> {
  const [names] = await env.DB.prepare(sql)
    .bind(...values)
    .raw({ columnNames: true })
  return names.filter((name, i) => names.indexOf(name) !== i)
}

const isSelect = ({ sql }: Query) => /^\s*(SELECT|WITH)\b/i.test(sql)

it('two columns of one name are found', async () => {
  expect(
    await twiceIn({ sql: 'SELECT t.id, m.id FROM members m JOIN tenants t ON t.id = m.tenant_id WHERE m.id = ?', values: ['ada'] }),
  ).toEqual(['id'])
  expect(await twiceIn({ sql: 'SELECT id, id FROM tenants WHERE id = ?', values: ['nowhere'] })).toEqual(['id'])
})

it.each(routeNames)('no result that %s asks D1 for has two columns of one name', async (name) => {
  const client = await callerOf(name)
  await call(client, name)

  for (const query of client.queries.filter(isSelect)) expect(await twiceIn(query), query.sql).toEqual([])
})
