import type { Env } from '../env'
import type { MailNews } from '../models/outbox/mail-event'

/** Why a request is not believed; for the log only. */
export type Disbelief =
  | 'not configured'
  | 'malformed signature'
  | 'unknown key'
  | 'created out of time'
  | 'wrong digest'
  | 'wrong signature'
  | 'malformed events'
  | 'another customer'

export type Told = { news: MailNews[]; signedAt: number }

/** Reads what a provider tells, after making sure that the provider says it: a signature is over bytes, so nothing is parsed before. */
export type Webhook = (
  env: Env,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
  now: number,
) => Promise<Told | { reason: Disbelief }>
