import { rmSync } from 'node:fs'
import { readArguments } from './arguments.ts'
import { prepare, STATE } from './local.ts'

async function main() {
  readArguments({ usage: 'npm run reset' })
  rmSync(STATE, { recursive: true, force: true })
  await prepare(console.log)
  console.log('The local database starts over. Run "npm run dev", or restart it if it is running.')
}

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
