import { expect, it } from 'vitest'
import { routeNames } from '../test/routes'
import { PEOPLE, type Rows, rowsOf } from '../test/rows'
import { startOver } from '../test/world'

it('prints the rows of every route, for test/rows.json', { timeout: 300_000 }, async () => {
  const rows: [string, Rows][] = []
  for (const name of routeNames) {
    await startOver()
    rows.push([name, await rowsOf(name)])
  }
  const lines = rows.map(([name, { read, written }]) => `  ${JSON.stringify(name)}: { "read": ${read}, "written": ${written} }`)
  console.info(
    `What one call of each route reads and writes in a workspace of ${PEOPLE}, in rows as D1 bills them:\n\n{\n${lines.join(',\n')}\n}`,
  )
  expect(rows).toHaveLength(routeNames.length)
})
