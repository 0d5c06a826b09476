import { env as bindings } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { readEnv } from './env'

const key = (bytes: number) => new Uint8Array(bytes).fill(7).toBase64({ alphabet: 'base64url', omitPadding: true })
const RSA = `MII${'B'.repeat(1600)}==`
const spki = (bytes: number) => Uint8Array.fromHex('302a300506032b6570032100'.padEnd(bytes * 2, '7')).toBase64()
const OLD = '20260101T0000Z'
const NEW = '20270101T0000Z'

/** Without the keys of the tests, which would stand in for one that is missing. */
const PLATFORM = Object.fromEntries(Object.entries(bindings).filter(([name]) => !/_KEY_\d/.test(name))) as typeof bindings

const PRODUCTION = {
  ENVIRONMENT: 'production',
  APP_ORIGIN: 'https://access.acme.test',
  MAIL_PROVIDER: 'mailchannels',
  MAILCHANNELS_API_KEY: 'key',
  [`SESSION_KEY_${OLD}`]: key(32),
  [`INVITATION_KEY_${OLD}`]: key(32),
  [`RESET_KEY_${OLD}`]: key(32),
  [`JOIN_LINK_KEY_${OLD}`]: key(32),
  [`JOIN_KEY_${OLD}`]: key(32),
  [`BROWSER_KEY_${OLD}`]: key(32),
  [`FACTOR_LINK_KEY_${OLD}`]: key(32),
  [`TOTP_KEY_${OLD}`]: key(32),
  [`OIDC_KEY_${OLD}`]: key(1218),
  MAIL_FROM: 'invitations@acme.test',
}
const start = (change: Record<string, string | undefined>) => () => readEnv({ ...PLATFORM, ...PRODUCTION, ...change })

describe('a production environment', () => {
  it('that is whole starts, with the limits of docs/rules.md unless told otherwise', () => {
    expect(start({})().CAPS).toEqual({ pending: 1_000, mailsADay: 1_000, mailsADayInAll: 10_000 })
    const limits = { MAX_PENDING: '7', MAX_MAILS_A_DAY: '9', MAX_MAILS_A_DAY_TOTAL: '5000000' }
    expect(start(limits)().CAPS).toEqual({ pending: 7, mailsADay: 9, mailsADayInAll: 5_000_000 })
    const { RESET_KEYS } = start({ [`RESET_KEY_${NEW}`]: key(32), RESET_KEY_20260301T1200Z: key(32) })()
    expect(RESET_KEYS.map(({ kid }) => kid)).toEqual([OLD, '20260301T1200Z', NEW])
    expect(RESET_KEYS.at(-1)?.startsAt).toBe(Date.UTC(2027, 0, 1))
  })

  it('asks whether a new password is known from a breach, unless that is switched off', () => {
    expect(start({})().PASSWORD_RANGE_URL).toBe('https://api.pwnedpasswords.com/range/')
    expect(start({ PASSWORD_RANGE_URL: '' })().PASSWORD_RANGE_URL).toBe('')
    expect(start({ PASSWORD_RANGE_URL: 'https://breaches.acme.test/' })().PASSWORD_RANGE_URL).toBe('https://breaches.acme.test/')
    expect(readEnv(bindings).PASSWORD_RANGE_URL, 'on the machine of a developer').toBe('')
  })

  it('may have a DKIM key and the keys of webhooks', () => {
    const env = start({
      DKIM_DOMAIN: 'acme.test',
      DKIM_SELECTOR: 'mc',
      DKIM_PRIVATE_KEY: `-----BEGIN PRIVATE KEY-----\n${RSA.slice(0, 64)}\n${RSA.slice(64)}\n-----END PRIVATE KEY-----\n`,
      MAILCHANNELS_WEBHOOK_KEYS: `a:${spki(44)}, b:${spki(44)}`,
    })()
    expect(env.DKIM).toEqual({ domain: 'acme.test', selector: 'mc', privateKey: RSA })
    expect(env.MAILCHANNELS_WEBHOOK_KEYS?.map(({ id, spki }) => [id, spki.length])).toEqual([
      ['a', 44],
      ['b', 44],
    ])
    expect(start({})().DKIM).toBeUndefined()
    expect(start({ MAILCHANNELS_WEBHOOK_KEYS: undefined })().MAILCHANNELS_WEBHOOK_KEYS).toBeUndefined()
  })

  it('starts with secrets that only the next version uses, or only an earlier one did', () => {
    for (const key of [RSA, 'of another kind']) expect(start({ DKIM_PRIVATE_KEY: key })().DKIM).toBeUndefined()
    expect(start({ MAIL_PROVIDER: 'cloudflare' })().MAIL_PROVIDER).toBe('cloudflare')
  })

  it.each<[string, Record<string, string | undefined>]>([
    ['APP_ORIGIN is missing', { APP_ORIGIN: undefined }],
    ['APP_ORIGIN must be written "https://access.acme.test".', { APP_ORIGIN: 'https://access.acme.test/' }],
    ['APP_ORIGIN must be written "https://access.acme.test".', { APP_ORIGIN: 'HTTPS://Access.acme.test' }],
    ['APP_ORIGIN must be written "https://xn--zugnge-dua.test".', { APP_ORIGIN: 'https://zugänge.test' }],
    ...['https://access.acme.test:8443', 'https://192.0.2.7', 'https://[2001:db8::7]', 'https://localhost', 'https://access'].map(
      (APP_ORIGIN): [string, Record<string, string>] => ['APP_ORIGIN must be a host name of your domain', { APP_ORIGIN }],
    ),
    ['MAILCHANNELS_BASE_URL must be https outside development.', { MAILCHANNELS_BASE_URL: 'http://mail.acme.test' }],
    ['DNS_URL must be https outside development.', { DNS_URL: 'http://dns.acme.test' }],
    ['PASSWORD_RANGE_URL must be https outside development.', { PASSWORD_RANGE_URL: 'http://breaches.acme.test/' }],
    ['PASSWORD_RANGE_URL is not a URL.', { PASSWORD_RANGE_URL: 'nonsense/' }],
    ['PASSWORD_RANGE_URL must end in a slash.', { PASSWORD_RANGE_URL: 'https://breaches.acme.test/range' }],
    ['MAILCHANNELS_CUSTOMER is missing', { MAILCHANNELS_WEBHOOK_KEYS: `a:${spki(44)}`, MAILCHANNELS_CUSTOMER: undefined }],
    ['OLD_ORIGINS must be origins, with commas.', { OLD_ORIGINS: 'https://old.acme.test, older.acme.test' }],
    ['OLD_ORIGINS must be https origins', { OLD_ORIGINS: 'https://old.acme.test:8443' }],
    ['OLD_ORIGINS must be https origins', { OLD_ORIGINS: 'https://access.acme.test' }],
    ['HEALTH_TOKEN must have 32 characters at least.', { HEALTH_TOKEN: 'a'.repeat(31) }],
    ['HSTS must be', { HSTS: 'preload' }],
    ['DKIM_DOMAIN is not a name in the DNS.', { DKIM_DOMAIN: 'acme test', DKIM_SELECTOR: 'mc' }],
    ['APP_ORIGIN must be an origin', { APP_ORIGIN: 'access.acme.test' }],
    ['APP_ORIGIN must be https outside development.', { APP_ORIGIN: 'http://access.acme.test' }],
    ['The local mailbox is for development only.', { MAIL_PROVIDER: 'local' }],
    ['MAIL_PROVIDER must be', { MAIL_PROVIDER: 'pigeon' }],
    ['MAILCHANNELS_API_KEY is missing', { MAILCHANNELS_API_KEY: undefined }],
    ['MAIL_FROM is missing', { MAIL_FROM: undefined }],
    ['MAIL_FROM is not an address.', { MAIL_FROM: 'acme' }],
    ['ENVIRONMENT must be "production" or "development".', { ENVIRONMENT: 'staging' }],
    ['MAX_PENDING must be a whole number from 1 to 999999999.', { MAX_PENDING: '0' }],
    ['DKIM_DOMAIN and DKIM_SELECTOR must be set together', { DKIM_DOMAIN: 'acme.test', DKIM_PRIVATE_KEY: RSA }],
    ['DKIM_DOMAIN and DKIM_SELECTOR must be set together', { DKIM_SELECTOR: 'mc' }],
    ['DKIM_PRIVATE_KEY must be', { DKIM_DOMAIN: 'acme.test', DKIM_SELECTOR: 'mc' }],
    ['DKIM_PRIVATE_KEY must be', { DKIM_DOMAIN: 'acme.test', DKIM_SELECTOR: 'mc', DKIM_PRIVATE_KEY: 'secret' }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: spki(44) }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: `a:${spki(32)}` }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: `a:${new Uint8Array(44).toBase64()}` }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: `a:${spki(44)},` }],
    ['MAX_MAILS_A_DAY must be a whole number from 1 to 999999999.', { MAX_MAILS_A_DAY: 'many' }],
    ['MAX_MAILS_A_DAY_TOTAL must be a whole number from 1 to 999999999.', { MAX_MAILS_A_DAY_TOTAL: '1e9' }],
  ])('is refused: %s (%o)', (sentence, change) => {
    expect(start(change)).toThrow(`Latchkey cannot start. ${sentence}`)
  })

  describe.each([
    'SESSION_KEY_',
    'INVITATION_KEY_',
    'RESET_KEY_',
    'JOIN_LINK_KEY_',
    'JOIN_KEY_',
    'BROWSER_KEY_',
    'FACTOR_LINK_KEY_',
    'TOTP_KEY_',
  ])('with a %s', (prefix) => {
    it.each<[string, Record<string, string | undefined>, string]>([
      ['that is missing', { [OLD]: undefined }, 'There is no PREFIX...'],
      ['a bit short', { [OLD]: key(31) }, 'Every PREFIX... must hold 256 bits'],
      ['longer than we sign with', { [OLD]: key(33) }, 'Every PREFIX... must hold 256 bits'],
      ['short beside a good one', { [NEW]: key(16) }, 'Every PREFIX... must hold 256 bits'],
      ['that is not base64url', { [NEW]: 'not+base64/url' }, 'Every PREFIX... must hold 256 bits'],
      ['that is empty', { [NEW]: '' }, 'Every PREFIX... must hold 256 bits'],
      ['named by a number', { 2: key(32) }, 'Every name PREFIX... must end in the minute'],
      ['named by no minute there is', { '20261322T2119Z': key(32) }, 'Every name PREFIX... must end in the minute'],
    ])('%s is refused', (_, secrets, sentence) => {
      const change = Object.fromEntries(Object.entries(secrets).map(([kid, secret]) => [prefix + kid, secret]))
      expect(start(change)).toThrow(sentence.replace('PREFIX', prefix))
    })
  })

  it('says everything that is wrong at once, and never a secret', () => {
    const secret = key(31)
    const short = { [`SESSION_KEY_${OLD}`]: secret }
    expect(start({ ...short, APP_ORIGIN: undefined })).toThrow(/APP_ORIGIN is missing.*Every SESSION_KEY_\.\.\. must hold/)
    expect(start(short)).not.toThrow(secret)
  })
})

it('a developer may use http, a port and the local mailbox', () => {
  const local = { APP_ORIGIN: 'http://localhost:8787', MAIL_PROVIDER: 'local', DNS_URL: 'http://localhost:1' }
  expect(start({ ENVIRONMENT: 'development', ...local })).not.toThrow()
})
