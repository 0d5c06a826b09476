import * as v from 'valibot'
import type { WebOrigin } from './paths.ts'

const count = (name: string, fallback: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/, `${name} must be a whole number from 1 to 999999999.`), v.transform(Number)),
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

/** Browsers write an origin in exactly one way; one that is written differently is answered with theirs. */
function originProblem(name: string, text: string) {
  const meant = /^https?:/i.test(text) ? URL.parse(text)?.origin : undefined
  return meant ? `${name} must be written "${meant}".` : `${name} must be an origin, such as "https://access.example.com".`
}

const hostName = (name: string) =>
  v.optional(v.pipe(v.string(), v.regex(/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i, `${name} is not a name in the DNS.`)))

/** What a deployment is told openly: the fields of `deploy.json` and the variables of the Worker. */
export const VARIABLES = {
  ENVIRONMENT: v.picklist(['production', 'development'], 'ENVIRONMENT must be "production" or "development".'),
  APP_ORIGIN: v.pipe(
    v.string('APP_ORIGIN is missing: set it to the address people use, such as "https://access.example.com".'),
    v.guard(isWebOrigin, ({ input }) => originProblem('APP_ORIGIN', input)),
  ),
  /** Where people found it before, with commas: they are led on from there. */
  OLD_ORIGINS: v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.split(',').map((origin) => origin.trim())),
      v.guard(
        (origins: string[]): origins is WebOrigin[] => origins.every(isWebOrigin),
        'OLD_ORIGINS must be origins, with commas.',
      ),
    ),
  ),
  MAIL_PROVIDER: v.picklist(['mailchannels', 'cloudflare', 'local'], 'MAIL_PROVIDER must be "mailchannels" or "cloudflare".'),
  MAIL_FROM: v.pipe(
    v.string('MAIL_FROM is missing: set it to the address that email comes from.'),
    v.email('MAIL_FROM is not an address.'),
  ),
  /** What email calls its sender, and the product: "Acme via Latchkey". */
  MAIL_FROM_NAME: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty('MAIL_FROM_NAME is empty.')), 'Latchkey'),
  MAILCHANNELS_BASE_URL: v.optional(v.pipe(v.string(), v.url('MAILCHANNELS_BASE_URL is not a URL.'))),
  /** The account's handle: MailChannels names it in every event, and that of a sub-account if that one's key sends. */
  MAILCHANNELS_CUSTOMER: v.optional(v.string()),
  MAILCHANNELS_WEBHOOK_KEYS: webhookKeys,
  DKIM_DOMAIN: hostName('DKIM_DOMAIN'),
  DKIM_SELECTOR: hostName('DKIM_SELECTOR'),
  /** A k-anonymity range API, asked with the first five characters of a password's SHA-1; empty: not asked. */
  PASSWORD_RANGE_URL: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => text === '' || URL.canParse(text), 'PASSWORD_RANGE_URL is not a URL.'),
      v.check((text) => text === '' || text.endsWith('/'), 'PASSWORD_RANGE_URL must end in a slash.'),
    ),
  ),
  /** What browsers are told about HTTPS besides: of this host alone, unless its operator wants it of all below it. */
  HSTS: v.optional(
    v.picklist(
      ['includeSubDomains', 'includeSubDomains; preload'],
      'HSTS must be "includeSubDomains" or "includeSubDomains; preload".',
    ),
  ),
  /** Answers DNS over HTTPS in JSON, for Checks. */
  DNS_URL: v.optional(v.pipe(v.string(), v.url('DNS_URL is not a URL.')), 'https://cloudflare-dns.com/dns-query'),
  MAX_PENDING: count('MAX_PENDING', 1_000),
  MAX_MAILS_A_DAY: count('MAX_MAILS_A_DAY', 1_000),
  MAX_MAILS_A_DAY_TOTAL: count('MAX_MAILS_A_DAY_TOTAL', 10_000),
}

/** A name that is not there is read as undefined: its own sentence then says so, and not the library's. */
export const UNSET = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, undefined]))

type Known = Record<string, unknown> & {
  ENVIRONMENT: string
  APP_ORIGIN: WebOrigin
  OLD_ORIGINS?: WebOrigin[] | undefined
  MAIL_PROVIDER: string
}

/** What no variable can be checked for alone, in a sentence for each that is not as it should be. */
export const together = <Vars extends Known>() =>
  v.rawCheck<Vars>(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const deployed = dataset.value.ENVIRONMENT === 'development' ? [] : deployedProblems(dataset.value)
    for (const message of [...deployed, ...halfSet(dataset.value)]) addIssue({ message })
  })

/** They are sent a key, part of a password or what somebody looks for, which nobody on the way may read. */
const URLS = ['APP_ORIGIN', 'MAILCHANNELS_BASE_URL', 'PASSWORD_RANGE_URL', 'DNS_URL']

/** A name below a domain: no IP address, no port, no single label. */
const PUBLIC_HOST = /^([a-z\d-]+\.)+[a-z][a-z\d-]+$/

const isPublic = (origin: string) => PUBLIC_HOST.test(new URL(origin).host)

const deployedProblems = (vars: Known) => [
  ...URLS.filter((name) => vars[name] && !String(vars[name]).startsWith('https:')).map(
    (name) => `${name} must be https outside development.`,
  ),
  ...(isPublic(vars.APP_ORIGIN)
    ? []
    : ['APP_ORIGIN must be a host name of your domain, with no port: Cloudflare serves nothing else.']),
  ...(vars.OLD_ORIGINS?.every((origin) => isPublic(origin) && origin !== vars.APP_ORIGIN) === false
    ? ['OLD_ORIGINS must be https origins of your domain, and none of them APP_ORIGIN.']
    : []),
  ...(vars.MAIL_PROVIDER === 'local' ? ['The local mailbox is for development only.'] : []),
]

/** A signature names both. Its key is a secret, and stored before the version that uses it: so a key alone is no fault, and waits. */
const halfSet = (vars: Known) => [
  ...(!vars.DKIM_DOMAIN === !vars.DKIM_SELECTOR ? [] : ['DKIM_DOMAIN and DKIM_SELECTOR must be set together, or none of them.']),
  ...(vars.MAILCHANNELS_WEBHOOK_KEYS && !vars.MAILCHANNELS_CUSTOMER
    ? ['MAILCHANNELS_CUSTOMER is missing: without it no webhook is accepted, whatever MAILCHANNELS_WEBHOOK_KEYS says.']
    : []),
]

const PEM_FRAME = /-----[^-]+-----|\s/g

/** An RSA key in PEM, or its Base64 alone. */
export const DKIM_KEY = v.pipe(
  v.string(),
  v.transform((text) => text.replaceAll(PEM_FRAME, '')),
  v.regex(/^M[A-Za-z\d+/]{400,}={0,2}$/, 'DKIM_PRIVATE_KEY must be an RSA key in PEM or Base64.'),
)
