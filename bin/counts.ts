import { readFileSync } from 'node:fs'

type Vitest = { numPassedTests: number; testResults: { status: string; assertionResults: { status: string }[] }[] }
type Playwright = { stats: { expected: number; unexpected: number }; errors: unknown[]; suites: Suite[] }
type Suite = { suites?: Suite[]; specs?: { title: string; file: string; tests: { status: string }[] }[] }
type Count = { passed: number; failed: number; flaky?: string[] }

const counts = [count('vitest', ofVitest), count('playwright', ofPlaywright)]
const sum = (key: 'passed' | 'failed') => counts.reduce((total, one) => total + one[key], 0)
const flaky = counts.flatMap((one) => one.flaky ?? [])
if (flaky.length > 0) console.log(`flaky: ${flaky.length}\n${flaky.map((name) => `  ${name}`).join('\n')}`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)

/** A run that left no report behind has failed as one. */
function count<Report>(name: string, read: (report: Report) => Count): Count {
  try {
    return read(JSON.parse(readFileSync(`test-results/${name}.json`, 'utf8')))
  } catch {
    return { passed: 0, failed: 1 }
  }
}

/** A file that could not be loaded has no failed test to count, so it counts as one itself. */
function ofVitest({ numPassedTests, testResults }: Vitest) {
  const failures = testResults.map(({ status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').length
    return status === 'failed' ? Math.max(1, failed) : failed
  })
  return { passed: numPassedTests, failed: failures.reduce((total, failed) => total + failed, 0) }
}

/** What passed at its second try only is neither passed nor failed: it is named above the sum, for somebody to look into. */
function ofPlaywright({ stats, errors, suites }: Playwright) {
  return { passed: stats.expected, failed: stats.unexpected + errors.length, flaky: suites.flatMap(flakyOf) }
}

function flakyOf({ suites = [], specs = [] }: Suite): string[] {
  const here = specs.filter(({ tests }) => tests.some(({ status }) => status === 'flaky'))
  return [...here.map(({ file, title }) => `${file}: ${title}`), ...suites.flatMap(flakyOf)]
}
