import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'

const VARIABLES = { ENVIRONMENT: 'development', MAIL_PROVIDER: 'local' }

type LocalWorker = { port: number; state: string; origin?: string; config?: string; output?: number | 'inherit' }

/**
 * `wrangler dev` for a database that is prepared, with the `.dev.vars` beside `config`. `origin` is what browsers call it, if not by the
 * port; `output` is where it and the Worker write.
 */
export function startWorker({ port, state, origin = originOf(port), config = 'wrangler.toml', output = 'inherit' }: LocalWorker) {
  const vars = Object.entries({ ...VARIABLES, APP_ORIGIN: origin }).flatMap(([name, value]) => ['--var', `${name}:${value}`])
  const options = {
    config,
    port,
    'inspector-port': 0,
    'persist-to': state,
    'log-level': process.env.WRANGLER_LOG ?? 'error',
    'show-interactive-dev-session': false,
  }
  const said = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  return spawn('wrangler', ['dev', 'src/dev/index.ts', ...said, ...vars], { stdio: ['ignore', output, output] })
}

export type Running = ReturnType<typeof startWorker>

export const originOf = (port: number) => `http://localhost:${port}`

/** @returns whether it came to life, and did not end first */
export async function answers(worker: Running, origin: string) {
  while (worker.exitCode === null && worker.signalCode === null) {
    const response = await fetch(`${origin}/healthz`).catch(() => undefined)
    if (response?.ok) return true
    await setTimeout(200)
  }
  return false
}

/** The Cron delivers what the seeds left in the outbox; locally it never runs by itself. */
export const runCron = (origin: string) => fetch(`${origin}/cdn-cgi/handler/scheduled`)
