import { readFileSync } from 'node:fs'

type Vitest = { numPassedTests: number; testResults: { status: string; assertionResults: { status: string }[] }[] }
type Playwright = { stats: { expected: number; flaky: number; unexpected: number }; errors: unknown[] }
type Count = { passed: number; failed: number }

const counts = [count('vitest', ofVitest), count('playwright', ofPlaywright)]
const sum = (key: keyof Count) => counts.reduce((total, one) => total + one[key], 0)
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

function ofPlaywright({ stats, errors }: Playwright) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}
