import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { buildAssets } from './assets.ts'
import { show } from './command.ts'

/** Storms: races, faults, sizes, a whole life, every route in every role. `npm test` runs them, `npm run test:quick` leaves them out. */
const STORMS = [
  '**/*.slow.test.ts',
  '**/link-races.test.ts',
  '**/sending-limit.test.ts',
  'test/{canary,columns,cost,delivery-faults,hostile,inert,invitation-life,matrix,next-request}.test.ts',
  'test/{outsider,preview,reads,refusals,rows,scale,session-over,slow-body,trouble,two-tabs,vocabulary,whose}.test.ts',
  'src/models/{identity/sign-in,invitations/acceptance,members/membership,undo/undo}.test.ts',
]

// The tests start Node and wrangler a hundred times, each of which would compile the same modules again.
process.env.NODE_COMPILE_CACHE ??= resolve('node_modules/.cache/node')
rmSync('test-results', { recursive: true, force: true })
buildAssets()
process.exitCode = (await (process.argv[2] === 'quick' ? quick() : everything())) ? 0 : 1

function quick() {
  return show('vitest', 'run', '--project=Worker', ...STORMS.map((glob) => `--exclude=${glob}`))
}

async function everything() {
  const rules = await show('vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile.json=test-results/vitest.json')
  const journeys = await show('playwright', 'test')
  return rules && journeys
}
