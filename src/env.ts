import type { RequestIdVariables } from 'hono/request-id'
import * as v from 'valibot'
import type { Db } from './db/connect'
import type { Fields } from './log'
import { KEY_BYTES, type Key, type Keyring, startOf } from './models/identity/keyring'
import type { Person } from './models/identity/session'
import type { Viewer } from './models/members/viewer'
import { DKIM_KEY, together, UNSET, VARIABLES } from './variables'

export type MailMessage = { mailId: string }
export type JobMessage = { jobId: string }
/** That apps have to be told of sign-outs, or that there is more to settle: src/db/settle.ts. */
export type LogoutMessage = { due: 'logouts' }
export const LOGOUTS_DUE: LogoutMessage = { due: 'logouts' }

/** What the platform hands the Worker, as `wrangler.toml` and the secrets name it. */
export type Bindings = {
  DB: D1Database
  USED_TOKENS: KVNamespace
  MAIL_QUEUE: Queue<MailMessage>
  JOB_QUEUE: Queue<JobMessage | LogoutMessage>
  BURST: RateLimit
  /** Cloudflare Email Service, where MAIL_PROVIDER is "cloudflare". */
  EMAIL?: SendEmail
}

export type Env = Bindings & v.InferOutput<typeof SCHEMA>
export type AppEnv = {
  Bindings: Env
  Variables: RequestIdVariables & {
    db?: Db
    viewer?: Viewer
    person?: Person
    signedIn?: string
    noted?: Fields
    flashTaken?: true
    forms?: string
    cache?: string
  }
}

/** What a secret whose name starts with `prefix` says; a name or value that is not a key's gives NaN or no bytes. */
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

const RANDOM = { holds: (key: Uint8Array) => key.length === KEY_BYTES, what: '256 bits' }
/** PKCS #8: of 2,048 bits it takes some 1,218 bytes. */
const RSA = { holds: (key: Uint8Array) => key.length > 1000, what: 'an RSA key of 2,048 bits in PKCS #8' }

/** Every secret of a kind, so that one can be added or taken away alone: Cloudflare shows none again. */
const keyring = (prefix: string, { holds, what } = RANDOM) =>
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
    v.check((keys) => keys.every(({ key }) => holds(key)), `Every ${prefix}... must hold ${what}, written in base64url.`),
    v.transform((keys) => keys.toSorted((a, b) => a.startsAt - b.startsAt) as Keyring),
  )

const SCHEMA = v.pipe(
  v.object({
    ...VARIABLES,
    SESSION_KEYS: keyring('SESSION_KEY_'),
    INVITATION_KEYS: keyring('INVITATION_KEY_'),
    RESET_KEYS: keyring('RESET_KEY_'),
    JOIN_LINK_KEYS: keyring('JOIN_LINK_KEY_'),
    JOIN_KEYS: keyring('JOIN_KEY_'),
    BROWSER_KEYS: keyring('BROWSER_KEY_'),
    FACTOR_LINK_KEYS: keyring('FACTOR_LINK_KEY_'),
    TOTP_KEYS: keyring('TOTP_KEY_'),
    OIDC_KEYS: keyring('OIDC_KEY_', RSA),
    MAILCHANNELS_API_KEY: v.optional(v.string()),
    DKIM_PRIVATE_KEY: v.optional(v.string(), ''),
    HEALTH_TOKEN: v.optional(
      v.pipe(
        v.string(),
        v.check((token) => token === '' || token.length >= 32, 'HEALTH_TOKEN must have 32 characters at least.'),
      ),
    ),
  }),
  together(),
  v.check(
    (vars) => vars.MAIL_PROVIDER !== 'mailchannels' || !!vars.MAILCHANNELS_API_KEY,
    'MAILCHANNELS_API_KEY is missing: set it with "wrangler secret put MAILCHANNELS_API_KEY".',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || !dataset.value.DKIM_DOMAIN) return
    const { issues } = v.safeParse(DKIM_KEY, dataset.value.DKIM_PRIVATE_KEY)
    for (const { message } of issues ?? []) addIssue({ message })
  }),
  v.transform((vars) => ({ ...vars, PASSWORD_RANGE_URL: vars.PASSWORD_RANGE_URL ?? RANGE_URLS[vars.ENVIRONMENT] })),
  v.transform(({ MAX_PENDING, MAX_MAILS_A_DAY, MAX_MAILS_A_DAY_TOTAL, DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY, ...vars }) => ({
    ...vars,
    DKIM: DKIM_DOMAIN ? dkimOf(DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY) : undefined,
    CAPS: { pending: MAX_PENDING, mailsADay: MAX_MAILS_A_DAY, mailsADayInAll: MAX_MAILS_A_DAY_TOTAL },
  })),
)

/** A developer's machine asks nobody, and needs no network. */
const RANGE_URLS = { production: 'https://api.pwnedpasswords.com/range/', development: '' }

const dkimOf = (domain: string, selector = '', key = '') => ({ domain, selector, privateKey: v.parse(DKIM_KEY, key) })

const known = new WeakMap<object, Env>()

/** What an operator has to correct, a sentence for each setting. None of them says a secret. */
export class Misconfigured extends Error {
  readonly sentences: string[]

  constructor(sentences: string[]) {
    super(`Latchkey cannot start. ${sentences.join(' ')}`)
    this.sentences = sentences
  }
}

/**
 * The bindings with every variable read, checked and typed, once for each isolate.
 * @throws Misconfigured
 */
export function readEnv(bindings: Bindings): Env {
  const env = known.get(bindings) ?? { ...bindings, ...readVariables(bindings) }
  known.set(bindings, env)
  return env
}

function readVariables(bindings: Bindings) {
  const keys = {
    SESSION_KEYS: bindings,
    INVITATION_KEYS: bindings,
    RESET_KEYS: bindings,
    JOIN_LINK_KEYS: bindings,
    JOIN_KEYS: bindings,
    BROWSER_KEYS: bindings,
    FACTOR_LINK_KEYS: bindings,
    TOTP_KEYS: bindings,
    OIDC_KEYS: bindings,
  }
  const { success, output, issues } = v.safeParse(SCHEMA, { ...UNSET, ...bindings, ...keys })
  if (!success) throw new Misconfigured(issues.map(({ message }) => message))
  return output
}
