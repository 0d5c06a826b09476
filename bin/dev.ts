import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { ended } from './command.ts'
import { ORIGIN, PORT, prepare, STATE } from './local.ts'

const VARIABLES = { APP_ORIGIN: ORIGIN, ENVIRONMENT: 'development', MAIL_PROVIDER: 'local' }

let stopping = false
if (await taken()) refuse(`Something already answers at ${ORIGIN}: stop it, or choose another port with PORT.`)
const wayIn = await prepare()
const worker = startWorker()
if (await answers()) await greet()
const code = await ended(worker)
process.exitCode = stopping ? 0 : (code ?? 1)

function startWorker() {
  const vars = Object.entries(VARIABLES).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const options = [
    '--port',
    `${PORT}`,
    '--inspector-port',
    '0',
    '--persist-to',
    STATE,
    '--log-level',
    process.env.WRANGLER_LOG ?? 'error',
    ...vars,
  ]
  const child = spawn('wrangler', ['dev', 'src/dev/index.ts', '--show-interactive-dev-session=false', ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(child, signal))
  return child
}

function stop(child: ChildProcess, signal: NodeJS.Signals) {
  stopping = true
  child.kill(signal)
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

async function answers() {
  while (worker.exitCode === null && worker.signalCode === null) {
    const response = await fetch(`${ORIGIN}/healthz`).catch(() => undefined)
    if (response?.ok) return true
    await setTimeout(200)
  }
  return false
}

async function greet() {
  // The Cron delivers what the seeds left in the outbox; locally it never runs by itself.
  await fetch(`${ORIGIN}/cdn-cgi/handler/scheduled`)
  console.log(`
  Latchkey   ${ORIGIN}
  ${wayIn}
  mailbox    ${ORIGIN}/dev/mailbox
`)
}
