import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { factsIn, isShown } from './testing/titles.ts'

const rows = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, threat = '', guard = '', shown = '']) => ({ threat, guard, shown }))

it('there is a row for each of many threats', () => {
  expect(rows.length).toBeGreaterThan(20)
})

it.each(rows)('against "$threat" there is a guard that tests of these titles show', ({ threat, guard, shown }) => {
  const facts = factsIn(shown)

  expect([threat, guard]).not.toContain('')
  expect(facts.length).toBeGreaterThan(0)
  // Each file brings its fact; nothing else is claimed.
  expect(shown.replace(/`[^`]+` \*[^*]+\*/g, '').replace(/[;\s]/g, '')).toBe('')
  expect(facts.filter((fact) => !isShown(fact))).toEqual([])
})
