import { expect, it } from 'vitest'
import { routeNames } from './routes'
import { PEOPLE, type Rows, rowsOf } from './rows'
import noted from './rows.json'

/** A page may come to read a few rows more without a word; a walk through a workspace is hundreds. */
const SLACK = 10

const budgets: Record<string, Rows> = noted

it('every route has its rows noted in test/rows.json, and no other', () => {
  expect(Object.keys(budgets)).toEqual(routeNames)
})

it.each(routeNames)(`%s reads and writes no more rows in a workspace of ${PEOPLE} than are noted`, async (name) => {
  const { read, written } = await rowsOf(name)

  expect(read, 'rows read').toBeLessThanOrEqual((budgets[name]?.read ?? 0) + SLACK)
  expect(written, 'rows written').toBeLessThanOrEqual(budgets[name]?.written ?? 0)
})
