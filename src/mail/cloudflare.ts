import type { Env } from '../env'
import { type Letter, type Outcome, type Provider, TIMEOUT_MS } from './provider'
import { inOneLine } from './words'

/**
 * Cloudflare Email Service through its binding, https://developers.cloudflare.com/email-service/api/send-emails/workers-api. It knows no
 * idempotency key, signs with its own DKIM key, and tells of bounces and complaints by none of our webhooks.
 */
export const cloudflare = ({ EMAIL }: Pick<Env, 'EMAIL'>, timeoutMs = TIMEOUT_MS): Provider => ({
  async send(letter) {
    if (!EMAIL) return { kind: 'misconfigured', reason: 'This deployment has no send_email binding named EMAIL.' }
    try {
      const { messageId } = await within(timeoutMs, EMAIL.send(messageOf(letter)))
      return { kind: 'sent', providerId: messageId, requestId: null }
    } catch (error) {
      return failure(error)
    }
  },
})

const messageOf = ({ from, to, subject, html, text }: Letter) => ({
  from,
  to,
  subject,
  html,
  text,
  headers: { 'Auto-Submitted': 'auto-generated' },
})

/** The binding has no timeout of its own. */
function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('No answer in time.')), ms)
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer))
}

function failure(error: unknown): Outcome {
  const code = codeOf(error)
  const ours = OURS_TO_MEND[code]
  if (ours) return { kind: 'misconfigured', reason: ours }
  if (!REFUSED.test(code)) return PASSING[code] ?? { kind: 'retry', reason: 'Cloudflare could not be reached.' }
  const message = error instanceof Error ? error.message : ''
  return { kind: 'refused', reason: `Cloudflare refused it: ${SUPPRESSED[code] ?? (inOneLine(message) || code)}` }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** The same for every mail of this deployment. */
const OURS_TO_MEND: Partial<Record<string, string>> = {
  E_SENDER_NOT_VERIFIED: 'Cloudflare does not accept the domain of MAIL_FROM: it is not verified.',
  E_SENDER_DOMAIN_NOT_AVAILABLE: 'Cloudflare does not send for the domain of MAIL_FROM: it is not set up in Email Service.',
  E_RECIPIENT_NOT_ALLOWED: 'The send_email binding allows only certain recipients.',
}

const PASSING: Partial<Record<string, Outcome>> = {
  E_RATE_LIMIT_EXCEEDED: { kind: 'retry', reason: 'Cloudflare asks us to send more slowly.' },
  E_DAILY_LIMIT_EXCEEDED: { kind: 'retry', reason: 'The daily limit of our Cloudflare account is reached.', afterMs: 60 * 60_000 },
  E_INTERNAL_SERVER_ERROR: { kind: 'retry', reason: 'Cloudflare Email Service is out of order.' },
}

const SUPPRESSED: Partial<Record<string, string>> = {
  E_RECIPIENT_SUPPRESSED: 'mail to this address bounced before, or its owner complained.',
}

/** What is wrong with this one mail; whatever else comes, known or not, may pass. */
const REFUSED = /^E_(VALIDATION_ERROR|FIELD_MISSING|TOO_MANY_|CONTENT_TOO_LARGE|RECIPIENT_SUPPRESSED|DELIVERY_FAILED|HEADER)/
