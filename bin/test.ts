import { rmSync } from 'node:fs'
import { show } from './command.ts'
import { copyHtmx } from './local.ts'

rmSync('test-results', { recursive: true, force: true })
copyHtmx()
const rules = await show('vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json')
const journeys = await show('playwright', 'test')
process.exitCode = rules && journeys ? 0 : 1
