import { one, run } from './database'
import { privateWebhookKey } from './webhook-key'

export const CUSTOMER = 'latchkey-test'

export type Signed = { body: string; headers: Record<string, string | undefined> }
export type Event = {
  email: string
  customer_handle: string
  timestamp: number
  event: string
  request_id?: string
  campaign_id?: string
  status?: string
  reason?: string
}
type SentMail = { id: string; requestId: string }

/** Seconds, as an event and a signature hold them. */
export const seconds = (ms = Date.now()) => Math.floor(ms / 1000)

/** A mail to pia that MailChannels has taken at the first attempt. */
export async function sentMail(id: string = crypto.randomUUID()): Promise<SentMail> {
  const requestId = `request-${id}`
  await run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state, attempts, provider, request_id, sent_at)
     VALUES (?, 'acme', 'pia', 'invitation', 'pia@acme.test', 'pia@acme.test', 'invitation-pia', ?, 'sent', 1, 'mailchannels', ?, ?) ON CONFLICT (id) DO NOTHING`,
    id,
    Date.now(),
    requestId,
    Date.now(),
  )
  return { id, requestId }
}

export const eventOf = ({ id, requestId }: SentMail, event: string, change: Partial<Event> = {}): Event => ({
  email: 'invitations@latchkey.test',
  customer_handle: CUSTOMER,
  timestamp: seconds() - 60,
  event,
  request_id: requestId,
  campaign_id: id,
  ...change,
})

export const mailState = async (id: string) => (await one<{ state: string }>('SELECT state FROM mails WHERE id = ?', id))?.state

type How = { key?: string; keyId?: string; alg?: string; created?: number | undefined; covered?: string; label?: string }

/** What MailChannels would send: its SDK verifies exactly this. `how` says what a forger does otherwise. */
export async function signed(events: unknown, how: How = {}): Promise<Signed> {
  const body = typeof events === 'string' ? events : JSON.stringify(events)
  return { body, headers: await headersFor(body, how) }
}

async function headersFor(body: string, { key = 'test', keyId = 'test-key', label = 'sig_1', ...how }: How) {
  const digest = `sha-256=:${await digestOf(body)}:`
  const { covered = '"content-digest"', alg = 'ed25519' } = how
  const created = 'created' in how ? how.created : seconds()
  const parameters = `(${covered})${created === undefined ? '' : `;created=${created}`};alg="${alg}";keyid="${keyId}"`
  const lines = covered.includes('content-digest') ? [`"content-digest": ${digest}`] : []
  const signature = await sign(key, [...lines, `"@signature-params": ${parameters}`].join('\n'))
  return {
    'Content-Type': 'application/json',
    'Content-Digest': digest,
    'Signature-Input': `${label}=${parameters}`,
    Signature: `${label}=:${signature}:`,
  }
}

export async function digestOf(body: string) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))).toBase64()
}

async function sign(word: string, base: string) {
  const key = await crypto.subtle.importKey('pkcs8', privateWebhookKey(word), 'Ed25519', false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(base))).toBase64()
}
