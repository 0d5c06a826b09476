import { Emails, MailChannelsClient } from 'mailchannels-sdk'
import type { Env } from '../env'
import type { Letter, Outcome, Provider } from './provider'

/** A provider that hangs must not hold the consumer, nor outlive the lease. */
const TIMEOUT_MS = 10_000

/** MailChannels' Email API, https://docs.mailchannels.net/email-api: it knows no idempotency key, so the lease alone keeps a mail from going out twice. */
export const mailchannels = (env: Env, timeoutMs = TIMEOUT_MS): Provider => ({
  async send(letter) {
    const client = new Client(env, timeoutMs)
    const { data, error } = await new Emails(client).send(messageOf(letter))
    return error ? failure(client, error.statusCode, error.message) : accepted(data)
  },
})

const messageOf = (letter: Letter) => ({
  from: letter.from,
  to: [{ email: letter.to }],
  subject: letter.subject,
  html: letter.html,
  text: letter.text,
  tracking: { click: false, open: false },
  // The only field of ours that comes back in every webhook, so that an event finds its row even if the answer was lost.
  campaignId: letter.id,
  headers: { 'Auto-Submitted': 'auto-generated' },
})

type Sent = NonNullable<Awaited<ReturnType<Emails['send']>>['data']>

function accepted({ results, requestId }: Sent): Outcome {
  const [result] = results ?? []
  if (result?.status === 'failed') return { kind: 'refused', reason: result.reason ?? 'MailChannels did not accept it.' }
  return { kind: 'sent', providerId: result?.messageId ?? requestId ?? null }
}

function failure(client: Client, status: number | null, message: string): Outcome {
  if (!client.asked) return { kind: 'refused', reason: message }
  if (status === null) return { kind: 'retry', reason: 'MailChannels could not be reached.' }
  if (status === 401 || status === 403)
    return { kind: 'retry', reason: `MailChannels does not accept our key or sender (${status}).` }
  if (status >= 500 || PASSING.has(status)) return { kind: 'retry', reason: `MailChannels answered ${status}.`, ...client.patience }
  return { kind: 'refused', reason: `MailChannels refused it (${status}): ${message}` }
}

const PASSING = new Set([408, 409, 425, 429])

type PostOptions = Parameters<MailChannelsClient['post']>[1]

/** Adds what the SDK leaves out: a timeout, and the `Retry-After` of a refusal. */
class Client extends MailChannelsClient {
  asked = false
  patience: { afterMs?: number } = {}

  constructor(
    env: Env,
    private readonly timeoutMs: number,
  ) {
    super(env.MAILCHANNELS_API_KEY ?? '', env.MAILCHANNELS_BASE_URL ? { baseUrl: env.MAILCHANNELS_BASE_URL } : {})
  }

  override post<T>(path: string, options?: PostOptions) {
    this.asked = true
    return super.post<T>(path, {
      ...options,
      timeout: this.timeoutMs,
      onResponse: ({ response }) => {
        const seconds = Number(response.headers.get('Retry-After'))
        if (seconds > 0) this.patience = { afterMs: seconds * 1000 }
      },
    })
  }
}
