import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let at = ''
beforeEach(() => {
  at = mkdtempSync(join(tmpdir(), 'latchkey-counts-'))
  mkdirSync(join(at, 'test-results'))
})
afterEach(() => rmSync(at, { recursive: true }))

/** What the end of a log says of these reports; one that is undefined was never written. */
function told(reports: { vitest?: unknown; playwright?: unknown }) {
  for (const [name, report] of Object.entries(reports))
    writeFileSync(join(at, 'test-results', `${name}.json`), typeof report === 'string' ? report : JSON.stringify(report))
  const { stdout } = spawnSync(process.execPath, [resolve('bin/counts.ts')], { cwd: at, encoding: 'utf8' })
  return stdout.trimEnd().split('\n')
}

const result = (status: string, fullName: string, ...failureMessages: string[]) => ({ status, fullName, failureMessages })
const file = (name: string, status: string, assertionResults: unknown[], message = '') => ({
  name: join(at, name),
  status,
  message,
  assertionResults,
})
const journey = (title: string, status: string) => ({ title, file: 'join.spec.ts', tests: [{ status }] })
const journeys = (expected: number, unexpected = 0, suites: unknown[] = [], errors: unknown[] = []) => ({
  stats: { expected, unexpected },
  errors,
  suites,
})
const rules = (numPassedTests: number, testResults: unknown[] = []) => ({ numPassedTests, testResults })

describe('the sum of all tests', () => {
  it('adds up the rules and the journeys', () => {
    expect(told({ vitest: rules(3), playwright: journeys(2) })).toEqual(['5 passed, 0 failed'])
  })

  it('names every rule that failed, and a file that did not load as one', () => {
    const failed = file('a.test.ts', 'failed', [
      result('passed', 'one'),
      result('failed', 'two', 'Expected: 1', 'Received: 2'),
      result('failed', 'three', 'timed out'),
    ])
    const broken = file('b.test.ts', 'failed', [], 'no such module')
    expect(told({ vitest: rules(1, [failed, broken]), playwright: journeys(0) })).toEqual([
      'failed: a.test.ts: two',
      'Expected: 1',
      'Received: 2',
      'failed: a.test.ts: three',
      'timed out',
      'failed: b.test.ts: no such module',
      '1 passed, 3 failed',
    ])
  })

  it('counts a file that failed beside its tests once', () => {
    const left = file('a.test.ts', 'failed', [result('passed', 'one')], 'the last hook failed')
    expect(told({ vitest: rules(1, [left]), playwright: journeys(0) })).toEqual([
      'failed: a.test.ts: the last hook failed',
      '1 passed, 1 failed',
    ])
  })

  it('names every journey that failed, however deep its suite, and apart from it what passed at its second try', () => {
    const deep = { specs: [journey('failed above', 'unexpected')], suites: [{ specs: [journey('failed below', 'unexpected')] }] }
    const shaky = { suites: [{ specs: [journey('passed again', 'flaky'), journey('passed', 'expected')] }] }
    expect(told({ vitest: rules(0), playwright: journeys(1, 2, [deep, shaky]) })).toEqual([
      'flaky: 1',
      '  join.spec.ts: passed again',
      'failed: join.spec.ts: failed above',
      'failed: join.spec.ts: failed below',
      '1 passed, 2 failed',
    ])
  })

  it('names what went wrong around the journeys', () => {
    expect(told({ vitest: rules(0), playwright: journeys(4, 0, [], [{ message: 'no browser' }]) })).toEqual([
      'failed: no browser',
      '4 passed, 1 failed',
    ])
  })

  it.each([
    ['was never written', undefined],
    ['broke off', '{"numPassedTests": 3'],
  ])('counts a run whose report %s as one that failed', (_, report) => {
    expect(told({ ...(report ? { vitest: report } : {}), playwright: journeys(4) })).toEqual([
      'failed: vitest left no report',
      '4 passed, 1 failed',
    ])
  })
})
