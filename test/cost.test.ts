import { expect, it } from 'vitest'
import { scansOf } from './plan'
import { call, callerOf, patternOf, patterns, routeNamed, routeNames } from './routes'
import { expectSecurityHeaders } from './security-headers'

it('every route of the app is in the table, and the table has no other', () => {
  expect([...new Set(routeNames.map(patternOf))].toSorted()).toEqual([...new Set(patterns())].toSorted())
})

it.each(routeNames)('%s succeeds within its budget of D1 round trips, and walks through no table', async (name) => {
  const client = await callerOf(name)
  const answer = await call(client, name)

  expect([200, 204, 303]).toContain(answer.status)
  expect(answer.headers.get('Location') ?? '').not.toMatch(/^\/login\?(next|reason)/)
  expectSecurityHeaders(answer)
  expect(client.roundTrips).toBeLessThanOrEqual(routeNamed(name).trips)
  for (const { sql, values } of client.queries) expect(await scansOf(sql, values), sql).toEqual([])
})
