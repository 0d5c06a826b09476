import { env as bindings } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { cloudflare } from './cloudflare'
import { because } from './provider'

const letter = {
  id: 'mail-1',
  to: 'pia@acme.test',
  from: { email: 'invitations@latchkey.test', name: 'Latchkey' },
  subject: 'Ada Admin invited you to Acme',
  html: '<p>Hello</p>',
  text: 'Hello',
}

/** The binding as Email Service answers it when it does not send. */
const failing = (code: string, message = 'The recipient pia@acme.test is not an address.') => ({
  EMAIL: { send: () => Promise.reject(Object.assign(new Error(message), { code })) },
})

const NOT_THIS_ONE = { kind: 'refused', ...because('provider_refused', 'The recipient is not an address.') }

describe('Cloudflare Email Service', () => {
  it('takes a letter through its binding', async () => {
    expect(await cloudflare(bindings).send(letter)).toEqual({
      kind: 'sent',
      providerId: expect.stringContaining('@latchkey.test'),
      requestId: null,
    })
  })

  it('gets the answer address, and the headers that keep other mailboxes from answering', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const EMAIL = { send: (message: unknown) => Promise.resolve(resolve(message)).then(() => ({ messageId: 'taken' })) }
    await cloudflare({ EMAIL }).send({ ...letter, replyTo: { email: 'ada@acme.test', name: 'Ada Admin' } })

    const { id, ...message } = letter
    expect(await promise).toEqual({
      ...message,
      replyTo: { email: 'ada@acme.test', name: 'Ada Admin' },
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply', 'X-Entity-Ref-ID': id },
    })
  })

  it.each<[string, object]>([
    ['E_RATE_LIMIT_EXCEEDED', { kind: 'retry', ...because('provider_slow_down') }],
    ['E_DAILY_LIMIT_EXCEEDED', { kind: 'retry', ...because('provider_daily_limit'), afterMs: 3_600_000 }],
    ['E_INTERNAL_SERVER_ERROR', { kind: 'retry', ...because('provider_unreachable') }],
    ['E_OF_TOMORROW', { kind: 'retry', ...because('provider_unreachable') }],
    ['', { kind: 'retry', ...because('provider_unreachable') }],
    ['E_SENDER_NOT_VERIFIED', { kind: 'misconfigured', ...because('misconfigured_sender') }],
    ['E_SENDER_DOMAIN_NOT_AVAILABLE', { kind: 'misconfigured', ...because('misconfigured_sender') }],
    ['E_RECIPIENT_NOT_ALLOWED', { kind: 'misconfigured', ...because('misconfigured_recipients') }],
    ['E_RECIPIENT_SUPPRESSED', { kind: 'refused', ...because('provider_suppressed') }],
    ['E_VALIDATION_ERROR', NOT_THIS_ONE],
    ['E_FIELD_MISSING', NOT_THIS_ONE],
    ['E_CONTENT_TOO_LARGE', NOT_THIS_ONE],
    ['E_DELIVERY_FAILED', NOT_THIS_ONE],
    ['E_HEADER_NOT_ALLOWED', NOT_THIS_ONE],
    ['E_HEADERS_TOO_MANY', NOT_THIS_ONE],
  ])('that says "%s" gives an outcome, never an exception', async (code, outcome) => {
    expect(await cloudflare(failing(code)).send(letter)).toEqual(outcome)
  })

  it('that hangs is asked again', async () => {
    const hanging = { EMAIL: { send: () => Promise.withResolvers<never>().promise } }

    expect(await cloudflare(hanging, 20).send(letter)).toEqual({ kind: 'retry', ...because('provider_unreachable') })
  })

  it('without its binding says what to correct', async () => {
    expect(await cloudflare({}).send(letter)).toEqual({
      kind: 'misconfigured',
      ...because('misconfigured_binding'),
    })
  })
})
