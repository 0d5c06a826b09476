import type { Env } from '../env'
import { HOUR_MS } from '../limits'
import type { MailReason } from '../models/mail/mail-reason'
import { because, headersOf, type Letter, type Outcome, type Provider, TIMEOUT_MS } from './provider'
import { inOneLine } from './words'

/**
 * Cloudflare Email Service through its binding, https://developers.cloudflare.com/email-service/api/send-emails/workers-api. It knows no
 * idempotency key, signs with its own DKIM key, and tells of bounces and complaints by none of our webhooks.
 */
export const cloudflare = ({ EMAIL }: Pick<Env, 'EMAIL'>, timeoutMs = TIMEOUT_MS): Provider => ({
  async send(letter) {
    if (!EMAIL) return { kind: 'misconfigured', ...because('misconfigured_binding') }
    try {
      const { messageId } = await within(timeoutMs, EMAIL.send(messageOf(letter)))
      return { kind: 'sent', providerId: messageId, requestId: null }
    } catch (error) {
      return failure(error)
    }
  },
})

/** It takes headers that begin with X-, and few others: https://developers.cloudflare.com/email-service/reference/headers/. */
const messageOf = ({ id, ...message }: Letter) => ({ ...message, headers: headersOf({ id }) })

/** The binding has no timeout of its own. */
function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('No answer in time.')), ms)
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer))
}

function failure(error: unknown): Outcome {
  const code = codeOf(error)
  const ours = OURS_TO_CORRECT[code]
  if (ours) return { kind: 'misconfigured', ...because(ours) }
  if (!REFUSED.test(code)) return PASSING[code] ?? { kind: 'retry', ...because('provider_unreachable') }
  if (code === 'E_RECIPIENT_SUPPRESSED') return { kind: 'refused', ...because('provider_suppressed') }
  const message = error instanceof Error ? error.message : ''
  return { kind: 'refused', ...because('provider_refused', inOneLine(message) || code) }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** The same for every mail of this deployment. */
const OURS_TO_CORRECT: Partial<Record<string, MailReason>> = {
  E_SENDER_NOT_VERIFIED: 'misconfigured_sender',
  E_SENDER_DOMAIN_NOT_AVAILABLE: 'misconfigured_sender',
  E_RECIPIENT_NOT_ALLOWED: 'misconfigured_recipients',
}

const PASSING: Partial<Record<string, Outcome>> = {
  E_RATE_LIMIT_EXCEEDED: { kind: 'retry', ...because('provider_slow_down') },
  E_DAILY_LIMIT_EXCEEDED: { kind: 'retry', ...because('provider_daily_limit'), afterMs: HOUR_MS },
  E_INTERNAL_SERVER_ERROR: { kind: 'retry', ...because('provider_unreachable') },
}

/** What is wrong with this one mail; whatever else comes, known or not, may pass. */
const REFUSED = /^E_(VALIDATION_ERROR|FIELD_MISSING|TOO_MANY_|CONTENT_TOO_LARGE|RECIPIENT_SUPPRESSED|DELIVERY_FAILED|HEADER)/
