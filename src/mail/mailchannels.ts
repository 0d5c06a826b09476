import { Emails, MailChannelsClient } from 'mailchannels-sdk'
import type { Env } from '../env'
import type { MailReason } from '../models/mail/mail-reason'
import { retryAfterMs } from '../models/outbox/backoff'
import { because, headersOf, type Letter, type Outcome, type Provider, TIMEOUT_MS } from './provider'
import { inOneLine } from './words'

/**
 * MailChannels' Email API, https://docs.mailchannels.com/email-api. It documents no idempotency key, and says that it ignores every header
 * but its key's, so the `Idempotency-Key` costs nothing and counts from the day that it does. Until then a consumer that dies between
 * sending and recording leads to a second mail, unless a webhook has told of the first one before its lease is over.
 */
export const mailchannels = (env: Env, timeoutMs = TIMEOUT_MS): Provider => ({
  async send(letter) {
    const client = new Client(env, letter.id, timeoutMs)
    const { data, error } = await new Emails(client).send(messageOf(env, letter))
    return error ? failure(client, error.statusCode, error.message) : accepted(data)
  },
})

const messageOf = ({ DKIM }: Env, letter: Letter) => ({
  from: letter.from,
  to: [{ email: letter.to }],
  subject: letter.subject,
  html: letter.html,
  text: letter.text,
  tracking: { click: false, open: false },
  // The only field of ours that comes back in every webhook, so that an event finds its row even if the answer was lost.
  campaignId: letter.id,
  headers: headersOf(letter),
  ...(letter.replyTo ? { replyTo: letter.replyTo } : {}),
  ...(DKIM ? { dkim: DKIM } : {}),
})

type Sent = NonNullable<Awaited<ReturnType<Emails['send']>>['data']>

function accepted({ results, requestId }: Sent): Outcome {
  const [result] = results ?? []
  if (result?.status === 'failed') return refusal(result.reason ?? '')
  if (!result && !requestId) return { kind: 'retry', ...because('provider_puzzling') }
  return { kind: 'sent', providerId: result?.messageId ?? null, requestId: requestId ?? null }
}

function failure(client: Client, status: number | null, message: string): Outcome {
  if (!client.asked) return refusal(message)
  if (client.redirected) return { kind: 'misconfigured', ...because('misconfigured_url') }
  if (status === null) return { kind: 'retry', ...because('provider_unreachable') }
  const ours = OURS_TO_CORRECT[status]
  if (ours) return { kind: 'misconfigured', ...because(ours) }
  if (status >= 500 || PASSING.has(status)) return { kind: 'retry', ...because('provider_status', `${status}.`), ...client.wait }
  return refusal(message)
}

/** The same for every mail of this deployment, as https://docs.mailchannels.com/email-api/errors tells it. */
const OURS_TO_CORRECT: Partial<Record<number, MailReason>> = {
  401: 'misconfigured_key',
  402: 'misconfigured_account',
  403: 'misconfigured_domain',
  404: 'misconfigured_url',
}

const PASSING = new Set([408, 409, 425, 429])

/** It tells by words alone whether it minds this mail or our domain. */
const ABOUT_US = /dkim|lockdown|not authorized to send|sender domain|private.?key/i

function refusal(message: string): Outcome {
  const detail = inOneLine(message) || null
  if (ABOUT_US.test(message)) return { kind: 'misconfigured', ...because('misconfigured_refusal', detail) }
  return { kind: 'refused', ...because('provider_refused', detail) }
}

type PostOptions = Parameters<MailChannelsClient['post']>[1]

/** Adds what the SDK leaves out: a timeout, the idempotency key, no redirects, and the `Retry-After` of a refusal. */
class Client extends MailChannelsClient {
  asked = false
  redirected = false
  wait: { afterMs?: number } = {}

  constructor(
    env: Env,
    private readonly key: string,
    private readonly timeoutMs: number,
  ) {
    super(env.MAILCHANNELS_API_KEY ?? '', env.MAILCHANNELS_BASE_URL ? { baseUrl: env.MAILCHANNELS_BASE_URL } : {})
  }

  override post<T>(path: string, options?: PostOptions) {
    this.asked = true
    return super.post<T>(path, {
      ...options,
      headers: { 'Idempotency-Key': this.key },
      timeout: this.timeoutMs,
      // Whoever it leads to would get the letter and the key.
      redirect: 'manual',
      onResponse: ({ response }) => {
        this.redirected = response.status >= 300 && response.status < 400
        if (this.redirected) throw new Error('MailChannels redirects.')
        const afterMs = retryAfterMs(response.headers.get('Retry-After'), Date.now())
        if (afterMs !== undefined) this.wait = { afterMs }
      },
    })
  }
}
