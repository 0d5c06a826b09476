import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { factsIn, isShown } from './testing/titles.ts'

/** Numbers of OWASP ASVS 5.0 by their level. */
const REQUIREMENTS: Record<string, string[]> = JSON.parse(readFileSync('bin/asvs.json', 'utf8'))

const PAGE = readFileSync('docs/asvs.md', 'utf8')
const rows = PAGE.split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number = '', level = '', about = '', word = '', how = '', shown = '']) => ({ number, level, about, word, how, shown }))

it('every requirement of level 1 and 2 has one row, and no other', () => {
  const numbers = (level: string) => rows.filter((row) => row.level === level).map(({ number }) => number)
  expect(numbers('1')).toEqual(REQUIREMENTS['1'])
  expect(numbers('2')).toEqual(REQUIREMENTS['2'])
  expect(rows.length).toBe(253)
})

it.each(rows)('$number, $about, is met by what tests show, or the page says why not', ({ word, how, shown }) => {
  const facts = factsIn(shown)

  expect(facts.length > 0).toBe(word === 'met')
  expect(facts.filter((fact) => !isShown(fact))).toEqual([])
  expect(how).not.toBe('')
  if (word === 'written down') expect(how).toMatch(/\]\([^)]+\.md#[\w-]+\)/)
})

it('the page counts its rows', () => {
  const words = ['met', 'written down', 'platform', 'no such thing', 'open']
  const counted = words.map((word) => `| ${word} | ${rows.filter((row) => row.word === word).length} |`)
  expect(counted.filter((text) => !PAGE.includes(text))).toEqual([])
  expect(rows.filter(({ word }) => !words.includes(word))).toEqual([])
})

it('what is open is told below the table', () => {
  const [, below = ''] = PAGE.split('## What is open')
  expect(rows.filter(({ word, number }) => word === 'open' && !below.includes(number))).toEqual([])
})
