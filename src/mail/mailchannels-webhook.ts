import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { MailNews } from '../models/mail/mail-event'
import type { Why } from '../models/mail/mail-reason'
import { verifyMessage } from './message-signature'
import { because } from './provider'
import { bounceReason } from './smtp-reason'
import type { Webhook } from './webhook'
import { inOneLine } from './words'

/** Strict only in whose it is: an event of a kind that we do not read may look as it likes, and must not cost us the others of its request. */
const TEXT = v.fallback(v.string(), '')

/** https://docs.mailchannels.com/email-api/webhook-schema; `timestamp` is in seconds. */
const EVENTS = v.pipe(
  v.array(
    v.object({
      customer_handle: v.string(),
      event: TEXT,
      timestamp: v.fallback(v.pipe(v.number(), v.integer()), 0),
      request_id: TEXT,
      campaign_id: TEXT,
      status: TEXT,
      reason: TEXT,
    }),
  ),
  v.minLength(1),
)
type Event = v.InferOutput<typeof EVENTS>[number]

/** Opens, clicks, tests and unsubscribing from lists are no news of a mail of ours. */
const KINDS = new Map<string, MailNews['kind']>([
  ['processed', 'sent'],
  ['soft-bounced', 'deferred'],
  ['delivered', 'delivered'],
  ['hard-bounced', 'bounced'],
  ['dropped', 'failed'],
  ['complained', 'complained'],
])

/**
 * MailChannels' signed events. Its keys are pinned in MAILCHANNELS_WEBHOOK_KEYS, never fetched, and every event of a request must be our own
 * customer's: the keys are the same for all customers.
 */
export const mailchannelsWebhook: Webhook = async (env, headers, body, now) => {
  const { MAILCHANNELS_WEBHOOK_KEYS: keys, MAILCHANNELS_CUSTOMER: customer } = env
  if (!keys || !customer) return { reason: 'not configured' }
  const verdict = await verifyMessage(keys, headers, body, now)
  if ('reason' in verdict) return verdict
  const events = eventsIn(body)
  if (!events) return { reason: 'malformed events' }
  if (events.some(({ customer_handle }) => customer_handle !== customer)) return { reason: 'another customer' }
  return { ...verdict, news: newsIn(events, now) }
}

function eventsIn(body: Uint8Array<ArrayBuffer>): Event[] | undefined {
  try {
    const { success, output } = v.safeParse(EVENTS, JSON.parse(new TextDecoder().decode(body)))
    return success ? output : undefined
  } catch {
    return undefined
  }
}

const newsIn = (events: Event[], now: number) => [
  ...new Map(events.flatMap((event) => newsOf(event, now)).map((news) => [news.id, news])).values(),
]

function newsOf(event: Event, now: number): MailNews[] {
  const kind = KINDS.get(event.event)
  const { campaign_id: mailId, request_id: requestId, timestamp } = event
  if (!kind || !mailId || !requestId || timestamp <= 0) return []
  return [{ id: idOf(event), mailId, requestId, kind, ...whyOf(kind, event), at: Math.min(timestamp * 1000, now) }]
}

function whyOf(kind: MailNews['kind'], { status, reason }: Event): Why | { reason: null; detail: null } {
  if (kind === 'failed') return because('provider_refused', inOneLine(reason) || null)
  return kind === 'deferred' || kind === 'bounced' ? bounceReason({ status, reason }) : { reason: null, detail: null }
}

const idOf = ({ campaign_id, request_id, event, timestamp, status, reason }: Event) =>
  createHash('sha256')
    .update(JSON.stringify([campaign_id, request_id, event, timestamp, status, reason]))
    .digest('base64url')
