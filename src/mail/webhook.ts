import type { Env } from '../env'
import type { VerifiedEvents } from '../models/mail/mail-event'

/** Why a request is not believed; for the log only. */
export type WebhookRejection =
  | 'not configured'
  | 'malformed signature'
  | 'unknown key'
  | 'created out of time'
  | 'wrong digest'
  | 'wrong signature'
  | 'malformed events'
  | 'another customer'

/** Reads what a provider tells, after making sure that the provider says it: a signature is over bytes, so nothing is parsed before. */
export type Webhook = (
  env: Env,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  now: number,
) => Promise<VerifiedEvents | { reason: WebhookRejection }>
