import type { Hono } from 'hono'
import { connect } from './db/connect'
import { type AppEnv, type Bindings, type Env, type MailMessage, readEnv } from './env'
import { consume, sweep } from './mail/deliver'
import type { Providers } from './mail/provider'
import { forgetAddresses, forgetMails } from './models/activity'
import { pruneSessions } from './models/session'
import { pruneThrottles } from './models/throttle'

/** As `wrangler.toml` has it; the other Cron runs every minute. */
const NIGHTLY = '17 3 * * *'

/** A Worker of this app with these mail providers: production and development differ in nothing else. */
export const worker = (app: Hono<AppEnv>, providers: Providers): ExportedHandler<Bindings, MailMessage> => ({
  fetch: (request, bindings, context) => app.fetch(request, readEnv(bindings), context),
  queue: (batch, bindings) => consume(batch, readEnv(bindings), providers),
  scheduled: ({ cron }, bindings) => (cron === NIGHTLY ? everyNight(bindings) : everyMinute(bindings)),
})

/** Each on its own: what fails in one must not keep the mail waiting. */
async function everyMinute(bindings: Bindings) {
  const env = readEnv(bindings)
  const tasks = await Promise.allSettled([sweep(env), prune(env)])
  for (const task of tasks) if (task.status === 'rejected') console.error(task.reason)
}

async function prune(env: Env) {
  const now = Date.now()
  const db = connect(env.DB)
  await db.batch([pruneSessions(db, now), pruneThrottles(db, now)])
}

/** Reads every old entry that still has an address, so once a day is often enough. */
async function everyNight(bindings: Bindings) {
  const db = connect(readEnv(bindings).DB)
  await db.batch([forgetAddresses(db, Date.now()), forgetMails(db, Date.now())])
}
