import type { Hono } from 'hono'
import { runCron } from './cron'
import { type AppEnv, type Bindings, type Env, type JobMessage, type MailMessage, Misconfigured, readEnv } from './env'
import { consumeJobs } from './jobs/run'
import { STEPS } from './jobs/steps'
import { log } from './log'
import { consume } from './mail/deliver'
import type { Providers } from './mail/provider'

/** A Worker of this app with these mail providers: production and development differ in nothing else. */
export const worker = (app: Hono<AppEnv>, providers: Providers): ExportedHandler<Bindings, MailMessage | JobMessage> => ({
  fetch: (request, bindings, context) => {
    const env = settingsOf(bindings)
    return env ? app.fetch(request, env, context) : notSetUp()
  },
  queue: (batch, bindings) => consumeAny(batch, settingsOf(bindings) ?? waiting(), providers),
  scheduled: ({ cron }, bindings) => runCron(settingsOf(bindings) ?? waiting(), cron, Date.now()),
})

/** As `wrangler.toml` names the queues; each has messages of one kind. */
const consumeAny = (batch: MessageBatch<MailMessage | JobMessage>, env: Env, providers: Providers) =>
  /-jobs(-dead)?$/.test(batch.queue)
    ? consumeJobs(batch as MessageBatch<JobMessage>, env, STEPS)
    : consume(batch as MessageBatch<MailMessage>, env, providers)

/** Undefined where something has to be corrected first, which the log then says. */
function settingsOf(bindings: Bindings) {
  try {
    return readEnv(bindings)
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    for (const sentence of error.sentences) log({ action: 'start', outcome: 'misconfigured', setting: inPlainWords(sentence) })
    return undefined
  }
}

/** As a line of the log may have them. */
const inPlainWords = (sentence: string) => sentence.replaceAll(/[^\w .,:;/()+-]/g, '').slice(0, 200)

const notSetUp = () =>
  new Response('Latchkey is not configured correctly. Its log says which setting to correct.\n', {
    status: 503,
    headers: { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '60' },
  })

/** The Queue hands a batch over again, and the Cron comes back in a minute. */
function waiting(): never {
  throw new Error('Waiting for a setting to be corrected.')
}
