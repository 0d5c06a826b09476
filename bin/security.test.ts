import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, it } from 'vitest'

const rows = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, threat = '', guard = '', shown = '']) => ({ threat, guard, shown }))

const FILES = globSync('{src,test,e2e,bin}/**/*.{test,spec}.{ts,tsx}')

/** By the file's name alone, so that it may move. */
const titlesOf = (name: string) => FILES.filter((file) => basename(file) === name).flatMap(titlesIn)

const titlesIn = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1,\s*(?:async )?\(/g)].map(([, , title = '']) =>
    inDocs(title),
  )

/** What a test fills in is a … on the page; the colon before a list of cases is left out. */
const inDocs = (title: string) => title.replace(/%[a-z]|\$\{[^}]*\}|\$\w+/g, '…').replace(/[:,]$/, '')

it('there is a row for each of many threats', () => {
  expect(rows.length).toBeGreaterThan(20)
})

it.each(rows)('against "$threat" there is a guard that tests of these titles show', ({ threat, guard, shown }) => {
  const facts = [...shown.matchAll(/`([^`]+)` \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ file, title }))

  expect([threat, guard]).not.toContain('')
  expect(facts.length).toBeGreaterThan(0)
  // Each file brings its fact; nothing else is claimed.
  expect(shown.replace(/`[^`]+` \*[^*]+\*/g, '').replace(/[;\s]/g, '')).toBe('')
  expect(facts.filter(({ file, title }) => !titlesOf(file).includes(title))).toEqual([])
})
