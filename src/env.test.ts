import { env as bindings } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { readEnv } from './env'

const key = (bytes: number) => new Uint8Array(bytes).fill(7).toBase64({ alphabet: 'base64url', omitPadding: true })
const RSA = `MII${'B'.repeat(1600)}==`
const spki = (bytes: number) => new Uint8Array(bytes).fill(7).toBase64()
const GOOD = `k1:${key(32)}`

const PRODUCTION = {
  ENVIRONMENT: 'production',
  APP_ORIGIN: 'https://access.acme.test',
  MAIL_PROVIDER: 'mailchannels',
  MAILCHANNELS_API_KEY: 'key',
  SESSION_KEYS: GOOD,
  INVITATION_KEYS: GOOD,
  RESET_KEYS: GOOD,
  MAIL_FROM: 'invitations@acme.test',
}
const start = (change: Record<string, string | undefined>) => () => readEnv({ ...bindings, ...PRODUCTION, ...change })

describe('a production environment', () => {
  it('that is whole starts, with the limits of SPEC section 7 unless told otherwise', () => {
    expect(start({})().CAPS).toEqual({ pending: 100, mailsADay: 200, mailsADayInAll: 10_000 })
    const limits = { MAX_PENDING: '7', MAX_MAILS_A_DAY: '9', MAX_MAILS_A_DAY_TOTAL: '11' }
    expect(start(limits)().CAPS).toEqual({ pending: 7, mailsADay: 9, mailsADayInAll: 11 })
    expect(start({ RESET_KEYS: `k2:${key(32)}, ${GOOD}` })().RESET_KEYS.map(({ kid }) => kid)).toEqual(['k2', 'k1'])
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
    expect([start({})().DKIM, start({})().MAILCHANNELS_WEBHOOK_KEYS]).toEqual([undefined, undefined])
  })

  it.each<[string, Record<string, string | undefined>]>([
    ['APP_ORIGIN is missing', { APP_ORIGIN: undefined }],
    ['APP_ORIGIN must be an origin', { APP_ORIGIN: 'https://access.acme.test/' }],
    ['APP_ORIGIN must be an origin', { APP_ORIGIN: 'access.acme.test' }],
    ['APP_ORIGIN must be https outside development.', { APP_ORIGIN: 'http://access.acme.test' }],
    ['The local mailbox is for development only.', { MAIL_PROVIDER: 'local' }],
    ['MAIL_PROVIDER must be', { MAIL_PROVIDER: 'pigeon' }],
    ['MAILCHANNELS_API_KEY is missing', { MAILCHANNELS_API_KEY: undefined }],
    ['MAIL_FROM is missing', { MAIL_FROM: undefined }],
    ['MAIL_FROM is not an address.', { MAIL_FROM: 'acme' }],
    ['ENVIRONMENT must be "production" or "development".', { ENVIRONMENT: 'staging' }],
    ['MAX_PENDING must be a whole number above 0.', { MAX_PENDING: '0' }],
    ['DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY must be set together', { DKIM_DOMAIN: 'acme.test', DKIM_SELECTOR: 'mc' }],
    ['DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY must be set together', { DKIM_PRIVATE_KEY: RSA }],
    ['DKIM_PRIVATE_KEY must be', { DKIM_DOMAIN: 'acme.test', DKIM_SELECTOR: 'mc', DKIM_PRIVATE_KEY: 'secret' }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: spki(44) }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: `a:${spki(32)}` }],
    ['MAILCHANNELS_WEBHOOK_KEYS must hold', { MAILCHANNELS_WEBHOOK_KEYS: `a:${spki(44)},` }],
    ['MAX_MAILS_A_DAY must be a whole number above 0.', { MAX_MAILS_A_DAY: 'many' }],
    ['MAX_MAILS_A_DAY_TOTAL must be a whole number above 0.', { MAX_MAILS_A_DAY_TOTAL: '1e9' }],
  ])('is refused: %s (%o)', (sentence, change) => {
    expect(start(change)).toThrow(`Latchkey cannot start. ${sentence}`)
  })

  describe.each(['SESSION_KEYS', 'INVITATION_KEYS', 'RESET_KEYS'])('with %s', (name) => {
    it.each([
      ['missing', undefined, 'is missing: set it with "wrangler secret put'],
      ['a bit short', `k1:${key(31)}`, 'must hold keys of 256 bits'],
      ['longer than we sign with', `k1:${key(33)}`, 'must hold keys of 256 bits'],
      ['one of two short', `${GOOD},k2:${key(16)}`, 'must hold keys of 256 bits'],
      ['without a kid', key(32), 'must hold keys of 256 bits'],
      ['not base64url', 'k1:not+base64/url', 'must hold keys of 256 bits'],
      ['empty', '', 'must hold keys of 256 bits'],
      ['naming a kid twice', `${GOOD},k1:${key(32)}`, 'names the same kid twice.'],
    ])('%s is refused', (_, value, sentence) => {
      expect(start({ [name]: value })).toThrow(`${name} ${sentence}`)
    })
  })

  it('says everything that is wrong at once, and never a secret', () => {
    const secret = key(31)
    expect(start({ APP_ORIGIN: undefined, SESSION_KEYS: `k1:${secret}` })).toThrow(/APP_ORIGIN is missing.*SESSION_KEYS must hold/)
    expect(start({ SESSION_KEYS: `k1:${secret}` })).not.toThrow(secret)
  })
})

it('a developer may use http and the local mailbox', () => {
  expect(start({ ENVIRONMENT: 'development', APP_ORIGIN: 'http://localhost:8787', MAIL_PROVIDER: 'local' })).not.toThrow()
})
