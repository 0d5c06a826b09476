import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emitted, refusal } from './bundle.ts'

const DECISION = 'docs/decisions/0045-hono-with-its-own-router-and-250-kib.md'

let dist: string
beforeAll(() => {
  dist = mkdtempSync(join(tmpdir(), 'latchkey-'))
})
afterAll(() => rmSync(dist, { recursive: true }))

it('what is weighed is what is uploaded: every module, no source map and no note', () => {
  mkdirSync(join(dist, 'part'))
  for (const [name, text] of Object.entries({
    'index.js': 'one',
    'part/two.wasm': 'two',
    'index.js.map': 'map',
    'README.md': 'note',
  }))
    writeFileSync(join(dist, name), text)
  expect(emitted(dist).toString()).toMatch(/^(onetwo|twoone)$/)
})

it('a Worker may grow by 5 KiB without a word, and no further', () => {
  expect(refusal(105, { gzipKiB: 100, decision: DECISION })).toBeUndefined()
  expect(refusal(105.1, { gzipKiB: 100, decision: DECISION })).toContain('record the new figure in bin/bundle.json')
  expect(refusal(80, { gzipKiB: 100, decision: DECISION })).toBeUndefined()
})

it.each(['', 'because', 'README.md', 'docs/decisions/nobody-wrote-this.md'])('"%s" is no decision', (decision) => {
  expect(refusal(100, { gzipKiB: 100, decision })).toContain('is no decision in docs/')
})
