import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { unchecked } from '../../http/door'
import { note } from '../../http/log'
import { WEBHOOK_BYTES } from '../../limits'
import { mailchannelsWebhook } from '../../mail/mailchannels-webhook'
import type { Webhook } from '../../mail/webhook'
import { recordNews } from '../../models/mail/mail-event'

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
  const act = unchecked(c)
  const events = await read(c.env, c.req.raw.headers, new Uint8Array(await c.req.arrayBuffer()), act.now)
  if ('reason' in events) {
    note(c, { reason: events.reason })
    return c.text('This was not signed by the provider for us.', 401)
  }
  await recordNews(act, provider, events)
  note(c, { events: events.news.length })
  return c.text('ok')
})
