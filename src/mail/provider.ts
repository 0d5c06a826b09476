import type { Env } from '../env'

/** `id` is the outbox row's: a provider that knows idempotency keys gets it as one. */
export type Letter = { id: string; to: string; from: { email: string; name: string }; subject: string; html: string; text: string }

/** `reason` is a sentence that an admin may read. */
export type Outcome =
  | { kind: 'sent'; providerId: string | null }
  | { kind: 'retry'; reason: string; afterMs?: number }
  | { kind: 'refused'; reason: string }

/** Hands a letter over. A provider that is down is an outcome, not an exception. */
export type Provider = { send(letter: Letter): Promise<Outcome> }

/** The providers that a build contains; the local mailbox is in none but the development one. */
export type Providers = Partial<Record<Env['MAIL_PROVIDER'], (env: Env) => Provider>>
