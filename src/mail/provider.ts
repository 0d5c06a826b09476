import type { Env } from '../env'
import type { MailReason, Why } from '../models/mail/mail-reason'

type Mailbox = { email: string; name: string }

/** `id` is the outbox row's: a provider that knows idempotency keys gets it as one. `replyTo` is whoever it is written for, where that is a person. */
export type Letter = { id: string; to: string; from: Mailbox; replyTo?: Mailbox; subject: string; html: string; text: string }

/** Keeps mailboxes from answering automatically (RFC 3834, and a header of Exchange's own), and mail programs from folding equal emails into one. */
export const headersOf = ({ id }: Pick<Letter, 'id'>) => ({
  'Auto-Submitted': 'auto-generated',
  'X-Auto-Response-Suppress': 'OOF, AutoReply',
  'X-Entity-Ref-ID': id,
})

/**
 * `detail` may be read by an admin, after our words for the reason. `misconfigured`: the provider would take this mail from a deployment whose
 * key, sender or DKIM were right, so it waits until somebody has corrected that. `requestId` is what the provider's webhooks call our request.
 */
export type Outcome =
  | { kind: 'sent'; providerId: string | null; requestId: string | null }
  | ({ kind: 'retry'; afterMs?: number } & Why)
  | ({ kind: 'misconfigured' } & Why)
  | ({ kind: 'refused' } & Why)

export const because = (reason: MailReason, detail: string | null = null): Why => ({ reason, detail })

/** Hands a letter over. A provider that is down is an outcome, not an exception. */
export type Provider = { send(letter: Letter): Promise<Outcome> }

/** The providers that a build contains; the local mailbox is in none but the development one. */
export type Providers = Partial<Record<Env['MAIL_PROVIDER'], (env: Env) => Provider>>

/** A provider that hangs must not hold the consumer, nor outlive the lease. */
export const TIMEOUT_MS = 10_000
