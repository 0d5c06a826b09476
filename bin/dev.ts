import { watchAssets } from './assets.ts'
import { ended } from './command.ts'
import { ORIGIN, PORT, prepare, STATE } from './local.ts'
import { answers, type Running, runCron, startWorker } from './local-worker.ts'

let stopping = false
if (await taken()) refuse(`Something already answers at ${ORIGIN}: stop it, or choose another port with PORT.`)
const wayIn = await prepare()
watchAssets()
const worker = startWorker({ port: PORT, state: STATE })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(worker, signal))
if (await answers(worker, ORIGIN)) await greet()
const code = await ended(worker)
process.exitCode = stopping ? 0 : (code ?? 1)

function stop(running: Running, signal: NodeJS.Signals) {
  stopping = true
  running.kill(signal)
}

function taken() {
  return fetch(ORIGIN, { redirect: 'manual' }).then(
    () => true,
    () => false,
  )
}

function refuse(reason: string): never {
  console.error(reason)
  process.exit(1)
}

async function greet() {
  await runCron(ORIGIN)
  console.log(`
  Latchkey   ${ORIGIN}
  ${wayIn}
  mailbox    ${ORIGIN}/dev/mailbox
`)
}
