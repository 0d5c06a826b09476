import type { RequestIdVariables } from 'hono/request-id'
import * as v from 'valibot'
import type { Fields } from './log'
import { KEY_BYTES, type Key, type Keyring, startOf } from './models/keyring'
import type { Viewer } from './models/viewer'

export type MailMessage = { mailId: string }

/** What the platform hands the Worker, as `wrangler.toml` and the secrets name it. */
export type Bindings = {
  DB: D1Database
  USED_TOKENS: KVNamespace
  MAIL_QUEUE: Queue<MailMessage>
  BURST: RateLimit
  /** Cloudflare Email Service, where MAIL_PROVIDER is "cloudflare". */
  EMAIL?: SendEmail
}

export type Env = Bindings & v.InferOutput<typeof VARIABLES>
export type AppEnv = { Bindings: Env; Variables: RequestIdVariables & { viewer?: Viewer; noted?: Fields } }

/** What a secret whose name starts with `prefix` says; a name or a value that is none of a key leaves NaN or no bytes. */
const keysOf = (bindings: object, prefix: string): Key[] =>
  Object.entries(bindings)
    .filter(([name, text]) => name.startsWith(prefix) && typeof text === 'string')
    .map(([name, text]) => [name.slice(prefix.length), text] as const)
    .map(([kid, text]) => ({ kid, startsAt: startOf(kid), key: bytesOf(text) }))

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text, { alphabet: 'base64url' })
  } catch {
    return new Uint8Array()
  }
}

/** Every secret of a kind, so that one can be added or taken away alone: Cloudflare shows none again. */
const keyring = (prefix: string) =>
  v.pipe(
    v.custom<object>((bindings) => typeof bindings === 'object'),
    v.transform((bindings) => keysOf(bindings, prefix)),
    v.minLength(
      1,
      `There is no ${prefix}...: "npm run deploy" makes the first, and "npm run dev" the one of a developer's machine.`,
    ),
    v.check(
      (keys) => keys.every(({ startsAt }) => Number.isFinite(startsAt)),
      `Every name ${prefix}... must end in the minute from which on the key signs, as in ${prefix}20261122T2119Z.`,
    ),
    v.check(
      (keys) => keys.every(({ key }) => key.length === KEY_BYTES),
      `Every ${prefix}... must hold 256 bits, written in base64url.`,
    ),
    v.transform((keys) => keys.toSorted((a, b) => a.startsAt - b.startsAt) as Keyring),
  )

const count = (name: string, fallback: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,5}$/, `${name} must be a whole number above 0.`), v.transform(Number)),
    String(fallback),
  )

/** A key that MailChannels signs webhooks with, under the id by which `GET /tx/v1/webhook/public-key` gives it. */
export type WebhookKey = { id: string; spki: Uint8Array<ArrayBuffer> }

/** An Ed25519 public key as SubjectPublicKeyInfo: 12 bytes that say so, and the 32 of the key (RFC 8410). */
const ED25519_SPKI_BYTES = 44

const webhookKeys = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.split(',').map(readWebhookKey)),
    v.check(
      (keys) => keys.every((key) => key?.spki.length === ED25519_SPKI_BYTES),
      'MAILCHANNELS_WEBHOOK_KEYS must hold Ed25519 keys, each written "id:base64" as MailChannels gives them.',
    ),
    v.transform((keys) => keys.filter((key) => key !== undefined)),
  ),
)

function readWebhookKey(text: string): WebhookKey | undefined {
  const [id, encoded] = text.trim().split(':')
  if (!id || !encoded) return undefined
  try {
    return { id, spki: Uint8Array.fromBase64(encoded) }
  } catch {
    return undefined
  }
}

const PEM_FRAME = /-----[^-]+-----|\s/g

/** An RSA key in PEM, or its Base64 alone. */
const privateKey = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.replaceAll(PEM_FRAME, '')),
    v.regex(/^M[\w+/]{400,}={0,2}$/, 'DKIM_PRIVATE_KEY must be an RSA key in PEM or Base64.'),
  ),
)

const VARIABLES = v.pipe(
  v.object({
    ENVIRONMENT: v.picklist(['production', 'development'], 'ENVIRONMENT must be "production" or "development".'),
    APP_ORIGIN: v.pipe(
      v.string('APP_ORIGIN is missing: set it to the address people use, such as "https://access.example.com".'),
      v.check((text) => URL.parse(text)?.origin === text, 'APP_ORIGIN must be an origin: scheme and host, nothing after it.'),
    ),
    SESSION_KEYS: keyring('SESSION_KEY_'),
    INVITATION_KEYS: keyring('INVITATION_KEY_'),
    RESET_KEYS: keyring('RESET_KEY_'),
    MAIL_PROVIDER: v.picklist(['mailchannels', 'cloudflare', 'local'], 'MAIL_PROVIDER must be "mailchannels" or "cloudflare".'),
    MAIL_FROM: v.pipe(
      v.string('MAIL_FROM is missing: set it to the address that mail comes from.'),
      v.email('MAIL_FROM is not an address.'),
    ),
    MAILCHANNELS_API_KEY: v.optional(v.string()),
    MAILCHANNELS_BASE_URL: v.optional(v.pipe(v.string(), v.url('MAILCHANNELS_BASE_URL is not a URL.'))),
    /** The account's handle: MailChannels names it in every event, and that of a sub-account if that one's key sends. */
    MAILCHANNELS_CUSTOMER: v.optional(v.string()),
    MAILCHANNELS_WEBHOOK_KEYS: webhookKeys,
    DKIM_DOMAIN: v.optional(v.string()),
    DKIM_SELECTOR: v.optional(v.string()),
    DKIM_PRIVATE_KEY: privateKey,
    /** A k-anonymity range API, asked with the first five characters of a password's SHA-1; empty: not asked. */
    PASSWORD_RANGE_URL: v.optional(v.string(), ''),
    MAX_PENDING: count('MAX_PENDING', 100),
    MAX_MAILS_A_DAY: count('MAX_MAILS_A_DAY', 200),
    MAX_MAILS_A_DAY_TOTAL: count('MAX_MAILS_A_DAY_TOTAL', 10_000),
  }),
  v.check(
    (vars) => vars.ENVIRONMENT === 'development' || vars.APP_ORIGIN.startsWith('https:'),
    'APP_ORIGIN must be https outside development.',
  ),
  v.check(
    (vars) => vars.ENVIRONMENT === 'development' || vars.MAIL_PROVIDER !== 'local',
    'The local mailbox is for development only.',
  ),
  v.check(
    (vars) => vars.MAIL_PROVIDER !== 'mailchannels' || !!vars.MAILCHANNELS_API_KEY,
    'MAILCHANNELS_API_KEY is missing: set it with "wrangler secret put MAILCHANNELS_API_KEY".',
  ),
  v.check(
    ({ DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY }) => new Set([!DKIM_DOMAIN, !DKIM_SELECTOR, !DKIM_PRIVATE_KEY]).size === 1,
    'DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY must be set together, or none of them.',
  ),
  v.transform(({ MAX_PENDING, MAX_MAILS_A_DAY, MAX_MAILS_A_DAY_TOTAL, DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY, ...vars }) => ({
    ...vars,
    DKIM: dkimOf(DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY),
    CAPS: { pending: MAX_PENDING, mailsADay: MAX_MAILS_A_DAY, mailsADayInAll: MAX_MAILS_A_DAY_TOTAL },
  })),
)

function dkimOf(domain = '', selector = '', privateKey = '') {
  return domain ? { domain, selector, privateKey } : undefined
}

const known = new WeakMap<object, Env>()

/**
 * The bindings with every variable read, checked and typed, once for each isolate.
 * @throws Error with one sentence for each setting to mend
 */
export function readEnv(bindings: Bindings): Env {
  const env = known.get(bindings) ?? { ...bindings, ...readVariables(bindings) }
  known.set(bindings, env)
  return env
}

function readVariables(bindings: Bindings) {
  const keys = { SESSION_KEYS: bindings, INVITATION_KEYS: bindings, RESET_KEYS: bindings }
  const { success, output, issues } = v.safeParse(VARIABLES, { ...bindings, ...keys })
  if (!success) throw new Error(`Latchkey cannot start. ${issues.map((issue) => issue.message).join(' ')}`)
  return output
}
