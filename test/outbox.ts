import { env } from 'cloudflare:workers'
import { inject } from 'vitest'
import { type LeasedMail, leaseMails } from '../src/models/mail/lease'
import type { Received } from './provider'
import type { Mood } from './provider-moods'

/** A mail to pia under an address of its own, so that tests which run at once never meet at the provider. */
export const freshAddress = () => `pia-${crypto.randomUUID()}@acme.test`

export const run = (text: string, ...values: unknown[]) =>
  env.DB.prepare(text)
    .bind(...values)
    .run()

export const queueMail = (id: string, to: string, createdAt = Date.now()) =>
  run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
     VALUES (?, 'acme', 'pia', 'invitation', ?, ?, 'invitation-pia', ?)`,
    id,
    to,
    to,
    createdAt,
  )

type Row = {
  state: string
  reason: string | null
  detail: string | null
  attempts: number
  leased_until: number
  provider: string | null
  provider_id: string | null
  request_id: string | null
  sent_at: number | null
}

export const mailRow = (id: string) =>
  env.DB.prepare(
    'SELECT state, reason, detail, attempts, leased_until, provider, provider_id, request_id, sent_at FROM mails WHERE id = ?',
  )
    .bind(id)
    .first<Row>()

/** What the history of a mail says, oldest first. */
export const historyOf = async (id: string) =>
  (
    await env.DB.prepare('SELECT kind, attempt, reason, detail FROM mail_events WHERE mail_id = ? ORDER BY attempt, at, id')
      .bind(id)
      .all<{ kind: string; attempt: number | null; reason: string | null; detail: string | null }>()
  ).results

export const providerIs = (mood: Mood, to: string) =>
  fetch(`${inject('providerUrl')}/control/mood/${to}`, { method: 'PUT', body: mood })

export const received = async (to: string) => (await fetch(`${inject('providerUrl')}/control/received/${to}`)).json<Received[]>()

export const taken = async (to: string) => (await received(to)).filter((one) => one.taken)

/** Of one mail; undefined when somebody else has it or it needs no sending. */
export const leaseMail = async (at: Parameters<typeof leaseMails>[0], id: string): Promise<LeasedMail | undefined> =>
  (await leaseMails(at, [id]))[0]
