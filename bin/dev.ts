import { createConnection } from 'node:net'
import { watchAssets } from './assets.ts'
import { ended } from './command.ts'
import { ORIGIN, PORT, prepare, STATE } from './local.ts'
import { answers, originOf, type Running, runCron, startWorker } from './local-worker.ts'

const HERE = originOf(PORT)

let worker: Running | undefined
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal))
endWithParent()
if (await taken()) refuse(`Port ${PORT} is in use: stop what uses it, or choose another one with PORT.`)
const wayIn = await prepare(console.log)
watchAssets()
console.log('Starting the Worker')
worker = startWorker({ port: PORT, state: STATE, origin: ORIGIN })
if (await answers(worker, HERE)) await greet()
const code = await ended(worker)
process.exitCode = stopping ? 0 : (code ?? 1)

function stop(signal: NodeJS.Signals) {
  stopping = true
  if (worker) worker.kill(signal)
  else process.exit()
}

/** npm that is told to end takes its shell along, and not us (npm/cli#6684): our parent is then another one. */
function endWithParent() {
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop('SIGTERM'), 500).unref()
}

/** Also where something listens and never answers. */
function taken() {
  const socket = createConnection({ port: PORT, host: 'localhost' })
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}

function refuse(reason: string): never {
  console.error(reason)
  process.exit(1)
}

async function greet() {
  await runCron(HERE)
  console.log(`
  Latchkey   ${ORIGIN}
  ${wayIn.line}
  mailbox    ${ORIGIN}/dev/mailbox
${wayIn.first}
  Ctrl-C stops everything, and npm run reset then starts over.
`)
}
