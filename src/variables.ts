import * as v from 'valibot'
import type { WebOrigin } from './paths.ts'

const count = (name: string, fallback: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,5}$/, `${name} must be a whole number above 0.`), v.transform(Number)),
    String(fallback),
  )

/** A key that MailChannels signs webhooks with, under the id by which `GET /tx/v1/webhook/public-key` gives it. */
export type WebhookKey = { id: string; spki: Uint8Array<ArrayBuffer> }

/** After its id, an Ed25519 public key as SubjectPublicKeyInfo (RFC 8410): 12 bytes that say so, and the 32 of the key, in Base64. */
const WEBHOOK_KEY = /^\s*([^:\s]+):(MCowBQYDK2VwAyEA[A-Za-z\d+/]{43}=)\s*$/

const webhookKeys = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.split(',').map(readWebhookKey)),
    v.check(
      (keys) => !keys.includes(undefined),
      'MAILCHANNELS_WEBHOOK_KEYS must hold Ed25519 keys, each written "id:base64" as MailChannels gives them.',
    ),
    v.transform((keys) => keys.filter((key) => key !== undefined)),
  ),
)

function readWebhookKey(text: string): WebhookKey | undefined {
  const [, id, encoded] = WEBHOOK_KEY.exec(text) ?? []
  return id && encoded ? { id, spki: Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)) } : undefined
}

const isWebOrigin = (text: string): text is WebOrigin => /^https?:/.test(text) && URL.parse(text)?.origin === text

/** What a deployment is told openly: the fields of `deploy.json` and the variables of the Worker. */
export const VARIABLES = {
  ENVIRONMENT: v.picklist(['production', 'development'], 'ENVIRONMENT must be "production" or "development".'),
  APP_ORIGIN: v.pipe(
    v.string('APP_ORIGIN is missing: set it to the address people use, such as "https://access.example.com".'),
    v.guard(isWebOrigin, 'APP_ORIGIN must be an origin: scheme and host, nothing after it.'),
  ),
  MAIL_PROVIDER: v.picklist(['mailchannels', 'cloudflare', 'local'], 'MAIL_PROVIDER must be "mailchannels" or "cloudflare".'),
  MAIL_FROM: v.pipe(
    v.string('MAIL_FROM is missing: set it to the address that email comes from.'),
    v.email('MAIL_FROM is not an address.'),
  ),
  MAILCHANNELS_BASE_URL: v.optional(v.pipe(v.string(), v.url('MAILCHANNELS_BASE_URL is not a URL.'))),
  /** The account's handle: MailChannels names it in every event, and that of a sub-account if that one's key sends. */
  MAILCHANNELS_CUSTOMER: v.optional(v.string()),
  MAILCHANNELS_WEBHOOK_KEYS: webhookKeys,
  DKIM_DOMAIN: v.optional(v.string()),
  DKIM_SELECTOR: v.optional(v.string()),
  /** A k-anonymity range API, asked with the first five characters of a password's SHA-1; empty: not asked. */
  PASSWORD_RANGE_URL: v.optional(v.string()),
  /** Answers DNS over HTTPS in JSON, for the mailbox check. */
  DNS_URL: v.optional(v.pipe(v.string(), v.url('DNS_URL is not a URL.')), 'https://cloudflare-dns.com/dns-query'),
  MAX_PENDING: count('MAX_PENDING', 100),
  MAX_MAILS_A_DAY: count('MAX_MAILS_A_DAY', 200),
  MAX_MAILS_A_DAY_TOTAL: count('MAX_MAILS_A_DAY_TOTAL', 10_000),
}

/** A name that is not there is read as undefined: its own sentence then says so, and not the library's. */
export const UNSET = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, undefined]))

type Deployed = { ENVIRONMENT: string; APP_ORIGIN: WebOrigin; MAIL_PROVIDER: string }

export const httpsOnly = <Vars extends Deployed>() =>
  v.check<Vars, string>(
    (vars) => vars.ENVIRONMENT === 'development' || vars.APP_ORIGIN.startsWith('https:'),
    'APP_ORIGIN must be https outside development.',
  )

export const noLocalMailbox = <Vars extends Deployed>() =>
  v.check<Vars, string>(
    (vars) => vars.ENVIRONMENT === 'development' || vars.MAIL_PROVIDER !== 'local',
    'The local mailbox is for development only.',
  )

/** A signature names both. Its key is a secret, and stored before the version that uses it: so a key alone is no fault, and waits. */
export const dkimTogether = <Vars extends { DKIM_DOMAIN?: string | undefined; DKIM_SELECTOR?: string | undefined }>() =>
  v.check<Vars, string>(
    (vars) => !vars.DKIM_DOMAIN === !vars.DKIM_SELECTOR,
    'DKIM_DOMAIN and DKIM_SELECTOR must be set together, or none of them.',
  )

const PEM_FRAME = /-----[^-]+-----|\s/g

/** An RSA key in PEM, or its Base64 alone. */
export const DKIM_KEY = v.pipe(
  v.string(),
  v.transform((text) => text.replaceAll(PEM_FRAME, '')),
  v.regex(/^M[A-Za-z\d+/]{400,}={0,2}$/, 'DKIM_PRIVATE_KEY must be an RSA key in PEM or Base64.'),
)
