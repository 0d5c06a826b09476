import { copyFileSync, cpSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { ended } from '../bin/command.ts'
import { answers, type Running, runCron, startWorker } from '../bin/local-worker.ts'
import { allServers, MIGRATED, STATES } from './servers.ts'

const HOME = '.wrangler/e2e'
const SEEDED = `${STATES}/seeded`

forget()
rmSync(HOME, { recursive: true, force: true })
for (const home of [HOME, 'test-results']) mkdirSync(home, { recursive: true })
await seed()
deliverAtOnce()
const running: Running[] = allServers.map(({ port, state, log }) => {
  cpSync(SEEDED, state, { recursive: true })
  return startWorker({ port, state, config: `${HOME}/wrangler.toml`, output: openSync(log, 'w') })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal))
await Promise.all(allServers.map(({ origin }, index) => comeToLife(running[index], origin)))
process.stdout.write('all servers answer\n')
await Promise.all(running.map(ended))
forget()

function forget() {
  rmSync(STATES, { recursive: true, force: true })
}

function stop(signal: NodeJS.Signals) {
  for (const worker of running) worker.kill(signal)
}

async function seed() {
  Object.assign(process.env, { LATCHKEY_STATE: SEEDED, LATCHKEY_BARE: '1' })
  const { migrate, prepare } = await import('../bin/local.ts')
  await migrate(MIGRATED)
  cpSync(MIGRATED, SEEDED, { recursive: true })
  await prepare(() => {})
}

/** Otherwise every email waits a second for another that never comes. */
function deliverAtOnce() {
  const text = readFileSync('wrangler.toml', 'utf8')
  // An alias is looked up from where wrangler runs.
  const moved = text.replaceAll(/^(?!.*\.cjs").*"\.\//gm, (line) => line.replace('"./', '"../../'))
  const atOnce = moved.replace(/^max_batch_timeout = \d+$/m, 'max_batch_timeout = 0')
  if (!atOnce.includes('max_batch_timeout = 0')) throw new Error('wrangler.toml sets no max_batch_timeout')
  writeFileSync(`${HOME}/wrangler.toml`, atOnce)
  copyFileSync('.dev.vars', `${HOME}/.dev.vars`)
}

async function comeToLife(worker: Running | undefined, origin: string) {
  if (!worker || !(await answers(worker, origin))) throw new Error(`no Worker answers at ${origin}: its log says why`)
  await runCron(origin)
}
