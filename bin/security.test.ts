import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const rows = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'))

it.each(rows.map((row) => [row.split('|')[1]?.trim(), row]))('against "%s" there is a guard that a test shows', (_, row) => {
  const tests = [...(row.split('|')[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, test = '']) => test)
  expect(tests.length).toBeGreaterThan(0)
  expect(tests.filter((test) => !/\.(test|spec)\.ts$/.test(test) || !existsSync(test))).toEqual([])
})
