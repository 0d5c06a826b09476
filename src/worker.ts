import type { Hono } from 'hono'
import { runCron } from './cron'
import { type AppEnv, type Bindings, type MailMessage, readEnv } from './env'
import { consume } from './mail/deliver'
import type { Providers } from './mail/provider'

/** A Worker of this app with these mail providers: production and development differ in nothing else. */
export const worker = (app: Hono<AppEnv>, providers: Providers): ExportedHandler<Bindings, MailMessage> => ({
  fetch: (request, bindings, context) => app.fetch(request, readEnv(bindings), context),
  queue: (batch, bindings) => consume(batch, readEnv(bindings), providers),
  scheduled: ({ cron }, bindings) => runCron(readEnv(bindings), cron, Date.now()),
})
