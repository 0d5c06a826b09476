import type { Hono } from 'hono'
import { runCron } from './cron'
import {
  type AppEnv,
  type Bindings,
  type Env,
  type JobMessage,
  type LogoutMessage,
  type MailMessage,
  Misconfigured,
  readEnv,
} from './env'
import { consumeLogouts } from './jobs/logouts'
import { consumeJobs } from './jobs/run'
import { STEPS } from './jobs/steps'
import { log } from './log'
import { consume } from './mail/deliver'
import type { Providers } from './mail/provider'
import type { Messages } from './outbox/consume'

/** A Worker of this app with these mail providers: production and development differ in nothing else. */
export const worker = (app: Hono<AppEnv>, providers: Providers): ExportedHandler<Bindings, AnyMessage> => ({
  fetch: (request, bindings, context) => {
    const env = settingsOf(bindings)
    return env ? app.fetch(request, env, context) : notSetUp()
  },
  queue: (batch, bindings) => consumeAny(batch, settingsOf(bindings) ?? waiting(), providers),
  scheduled: ({ cron }, bindings) => runCron(settingsOf(bindings) ?? waiting(), cron, Date.now()),
})

type AnyMessage = MailMessage | JobMessage | LogoutMessage

/** As `wrangler.toml` names the queues. That of the jobs also has what apps are told of; each by itself, but for the dead ones. */
async function consumeAny(batch: MessageBatch<AnyMessage>, env: Env, providers: Providers) {
  if (!/-jobs(-dead)?$/.test(batch.queue)) return consume(batch as MessageBatch<MailMessage>, env, providers)
  const [jobs, logouts] = [batch.messages.filter(isJob), batch.messages.filter(isLogout)]
  if (jobs.length > 0) await consumeJobs(part(batch, jobs), env, STEPS)
  if (logouts.length > 0) await consumeLogouts(part(batch, logouts), env)
}

const isJob = (message: Message<AnyMessage>): message is Message<JobMessage> => 'jobId' in message.body
const isLogout = (message: Message<AnyMessage>): message is Message<LogoutMessage> => 'due' in message.body

function part<M>({ queue }: MessageBatch, messages: Message<M>[]): Messages<M> {
  const ackAll = () => {
    for (const message of messages) message.ack()
  }
  return { queue, messages, ackAll }
}

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
