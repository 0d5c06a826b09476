import { buildAssets } from './assets.ts'
import { run } from './command.ts'

const CHECKS: Record<string, string[]> = {
  'types of the Worker': ['tsc'],
  'types of the tools': ['tsc', '--project', 'tsconfig.node.json'],
  'lint and format': ['biome', 'check', '--error-on-warnings', '.'],
  imports: ['node', 'bin/imports.ts'],
  'build and budgets': ['node', 'bin/build.ts'],
}

// The types of the layout need the names of the files that it loads.
buildAssets()
await Promise.all(Object.entries(CHECKS).map(([name, [command = '', ...args]]) => check(name, command, args)))

/** One line for a check that holds; its whole output, and a failure at the end, for one that does not. */
async function check(name: string, command: string, args: string[]) {
  try {
    await run(command, ...args)
    console.log(`ok      ${name}`)
  } catch (error) {
    console.error(`BROKEN  ${name}: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
