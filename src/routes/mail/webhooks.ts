import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { note } from '../../http/log'
import { mailchannelsWebhook } from '../../mail/mailchannels-webhook'
import type { Webhook } from '../../mail/webhook'
import { recordNews } from '../../models/outbox/mail-event'

/** SPEC section 7. */
const WEBHOOK_BYTES = 1024 * 1024

const PROVIDERS = new Map<string, Webhook>([['mailchannels', mailchannelsWebhook]])

const tooLarge = () => {
  throw new HTTPException(413)
}

/** Believed for its signature, so neither its origin nor how much of it comes from one network counts: mounted before those gates. */
export const webhooks = new Hono<AppEnv>()

webhooks.post('/mail/:provider', bodyLimit({ maxSize: WEBHOOK_BYTES, onError: tooLarge }), async (c) => {
  const provider = c.req.param('provider')
  const read = PROVIDERS.get(provider)
  if (!read) return c.notFound()
  const { db, now } = unchecked(c)
  const told = await read(c.env, c.req.raw.headers, new Uint8Array(await c.req.arrayBuffer()), now)
  if ('reason' in told) {
    note(c, { reason: told.reason })
    return c.text('This was not signed by the provider for us.', 401)
  }
  await recordNews(db, provider, told.news, told.signedAt, now)
  note(c, { events: told.news.length })
  return c.text('ok')
})
