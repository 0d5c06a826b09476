import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

type Test = { status: string; fullName: string; failureMessages: string[] }
type Vitest = { numPassedTests: number; testResults: { name: string; status: string; message: string; assertionResults: Test[] }[] }
type Playwright = { stats: { expected: number; unexpected: number }; errors: { message: string }[]; suites: Suite[] }
type Suite = { suites?: Suite[]; specs?: { title: string; file: string; tests: { status: string }[] }[] }
type Count = { passed: number; failed: number; failures: string[]; flaky?: string[] }

/** Where the servers of `npm run interop` could not be had, it left no report, and said so. */
const interop = existsSync('test-results/interop.json') ? [count('interop', ofPlaywright)] : []
const counts = [count('vitest', ofVitest), count('playwright', ofPlaywright), ...interop]
const sum = (key: 'passed' | 'failed') => counts.reduce((total, one) => total + one[key], 0)
const flaky = counts.flatMap((one) => one.flaky ?? [])
if (flaky.length > 0) console.log(`flaky: ${flaky.length}\n${flaky.map((name) => `  ${name}`).join('\n')}`)
for (const failure of counts.flatMap(({ failures }) => failures)) console.log(`failed: ${failure}`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)

/** A run that left no report behind has failed as one. */
function count<Report>(name: string, read: (report: Report) => Count): Count {
  try {
    return read(JSON.parse(readFileSync(`test-results/${name}.json`, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, failures: [`${name} left no report`] }
  }
}

/** A file that could not be loaded has no failed test to count, so it counts as one itself. */
function ofVitest({ numPassedTests, testResults }: Vitest) {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative('.', name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [`${file}: ${message}`]
    return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${failureMessages.join('\n')}`)
  })
  return { passed: numPassedTests, failed: failures.length, failures }
}

/** What passed at its second try only is neither passed nor failed: it is named above the sum, for somebody to look into. */
function ofPlaywright({ stats, errors, suites }: Playwright) {
  const failures = [...errors.map(({ message }) => message), ...suites.flatMap((suite) => named(suite, 'unexpected'))]
  return {
    passed: stats.expected,
    failed: stats.unexpected + errors.length,
    failures,
    flaky: suites.flatMap((suite) => named(suite, 'flaky')),
  }
}

function named({ suites = [], specs = [] }: Suite, wanted: string): string[] {
  const here = specs.filter(({ tests }) => tests.some(({ status }) => status === wanted))
  return [...here.map(({ file, title }) => `${file}: ${title}`), ...suites.flatMap((suite) => named(suite, wanted))]
}
