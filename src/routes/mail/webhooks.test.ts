import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../../../test/client'
import { all, facts, one } from '../../../test/database'
import { historyOf } from '../../../test/outbox'
import { expectSecurityHeaders } from '../../../test/security-headers'
import { CUSTOMER, digestOf, eventOf, mailState, type Signed, seconds, sentMail, signed } from '../../../test/webhook'

const PATH = '/webhooks/mail/mailchannels'
const MIB = 1024 * 1024
const MINUTE_S = 60

let mail: { id: string; requestId: string }

beforeEach(async () => {
  mail = await sentMail()
})

const post = (request: Signed, client = new Client()) => client.sign(PATH, request)
const bounce = () => eventOf(mail, 'hard-bounced', { status: '5.1.1', reason: '550 5.1.1 User unknown' })

/** Refused with this status, for this reason in the log, without a look at the database. */
async function expectRefused(request: Signed, status: number, reason?: string, client = new Client()) {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const before = await facts()
  const answer = await post(request, client)

  expect(answer.status).toBe(status)
  expectSecurityHeaders(answer)
  expect(client.roundTrips).toBe(0)
  expect(await facts()).toEqual(before)
  const line = JSON.parse(log.mock.lastCall?.[0] ?? '{}')
  expect(line).toMatchObject({ action: 'POST /webhooks/mail/:provider', outcome: 'refused', status, ...(reason ? { reason } : {}) })
  log.mockRestore()
}

describe('an event that MailChannels has signed for us', () => {
  it('moves the mail and tells its history, in one round trip', async () => {
    const client = new Client()
    const answer = await post(await signed([bounce()]), client)

    expect([answer.status, await answer.text(), client.roundTrips]).toEqual([200, 'ok', 1])
    expect(await mailState(mail.id)).toBe('bounced')
    expect(await historyOf(mail.id)).toEqual([{ kind: 'bounced', attempt: null, reason: 'no_mailbox', detail: null }])
  })

  it.each([
    ['processed', 'sent', null, null],
    ['delivered', 'delivered', null, null],
    ['soft-bounced', 'deferred', 'mailbox_full', null],
    ['hard-bounced', 'bounced', 'mailbox_full', null],
    ['dropped', 'failed', 'provider_refused', 'over quota 5.2.2'],
    ['complained', 'complained', null, null],
  ])('%s makes it %s', async (event, state, reason, detail) => {
    await post(await signed([eventOf(mail, event, { status: '5.2.2', reason: 'over quota 5.2.2' })]))

    expect(await mailState(mail.id)).toBe(state)
    expect(await historyOf(mail.id)).toMatchObject([{ kind: state, reason, detail }])
  })

  it.each(['open', 'click', 'unsubscribed', 'test', 'of-tomorrow'])('%s changes nothing of a mail', async (event) => {
    const before = await facts()
    expect((await post(await signed([eventOf(mail, event)]))).status).toBe(200)

    expect({ ...(await facts()), webhooks: [] }).toEqual(before)
  })

  it('may be the test of its own that names no mail at all', async () => {
    const test = {
      email: 'test@mailchannels.com',
      customer_handle: CUSTOMER,
      timestamp: seconds(),
      event: 'test',
      request_id: 'r',
      smtp_id: 's',
    }

    expect((await post(await signed([test]))).status).toBe(200)
    expect(await all('SELECT provider FROM webhooks')).toEqual([{ provider: 'mailchannels' }])
  })

  it('of a kind that we do not read may look as it likes, and costs us none of the others', async () => {
    const odd = [
      { customer_handle: CUSTOMER, event: 'click', timestamp: null, campaign_id: ['a'], reason: 7 },
      { ...bounce(), event: 'constructor' },
      { customer_handle: CUSTOMER },
    ]
    expect((await post(await signed([...odd, bounce()]))).status).toBe(200)
    expect(await mailState(mail.id)).toBe('bounced')
    expect(await all('SELECT kind FROM mail_events WHERE mail_id = ?', mail.id)).toEqual([{ kind: 'bounced' }])
  })

  it.each([-5 * MINUTE_S + 5, 5 * MINUTE_S - 5])('is believed %i seconds from now', async (offset) => {
    expect((await post(await signed([bounce()], { created: seconds() + offset }))).status).toBe(200)
    expect(await mailState(mail.id)).toBe('bounced')
  })

  it('may be signed with any of the pinned keys', async () => {
    expect((await post(await signed([bounce()], { key: 'other', keyId: 'other-key' }))).status).toBe(200)
  })

  it('says when it happened, but not in the future', async () => {
    await post(await signed([eventOf(mail, 'delivered', { timestamp: seconds() + 86_400 })]))

    expect((await one<{ at: number }>('SELECT at FROM mail_events'))?.at).toBeLessThanOrEqual(Date.now())
  })

  it('is not held up by the gate that one network meets', async () => {
    const client = new Client()
    const request = await signed([bounce()])
    for (let i = 0; i < 120; i++) expect((await post(request, client)).status).toBe(200)
  })
})

describe('a thousand events', () => {
  it('of as many mails take one round trip, and twice change no more than once', async () => {
    const mails = await Promise.all(Array.from({ length: 1000 }, (_, i) => sentMail(`mail-${i}`)))
    const kinds = ['processed', 'delivered', 'soft-bounced', 'hard-bounced', 'complained']
    const events = mails.map((mail, i) =>
      eventOf(mail, kinds[i % kinds.length] ?? '', { status: '4.4.1', reason: 'x'.repeat(200) }),
    )
    const client = new Client()
    const request = await signed(events)

    expect([(await post(request, client)).status, client.roundTrips]).toEqual([200, 1])
    const states = await all("SELECT state, count(*) AS mails FROM mails WHERE id GLOB 'mail-[0-9]*' GROUP BY state ORDER BY state")
    expect(states).toEqual(['bounced', 'complained', 'deferred', 'delivered', 'sent'].map((state) => ({ state, mails: 200 })))
    const before = await facts()
    expect((await post(request, client)).status).toBe(200)
    expect(await facts()).toEqual(before)
  })

  it('of one mail, mixed with those of unknown mails and foreign requests, change just that mail', async () => {
    const bystander = await sentMail()
    const events = Array.from(
      { length: 1000 },
      (_, i) =>
        [
          eventOf(mail, i % 2 ? 'delivered' : 'soft-bounced', { timestamp: seconds() - i }),
          eventOf({ id: crypto.randomUUID(), requestId: 'r' }, 'hard-bounced'),
          eventOf({ ...bystander, requestId: mail.requestId }, 'complained'),
        ][i % 3],
    ).toReversed()

    expect((await post(await signed(events))).status).toBe(200)
    expect([await mailState(mail.id), await mailState(bystander.id)]).toEqual(['delivered', 'sent'])
    expect(await all('SELECT * FROM suppressions')).toEqual([])
  })
})

describe('the same request again', () => {
  it('is answered 200, and changes nothing', async () => {
    const request = await signed([bounce(), eventOf(mail, 'complained')])
    await post(request)
    const before = await facts()

    expect((await post(request)).status).toBe(200)
    expect(await facts()).toEqual(before)
  })
})

describe('what is authentic but not about a mail of ours', () => {
  it.each([
    ['a mail that nobody knows', { campaign_id: 'no-such-mail' }],
    ['no mail', { campaign_id: undefined }],
    ['a request that we did not make', { request_id: 'request-of-somebody' }],
    ['no request', { request_id: undefined }],
  ])('is answered 200 and ignored: %s', async (_, change) => {
    const before = await facts()
    const answer = await post(await signed(JSON.stringify([{ ...bounce(), ...change }])))

    expect(answer.status).toBe(200)
    expect({ ...(await facts()), webhooks: [] }).toEqual(before)
  })
})

describe('a request is refused, and nothing is changed:', () => {
  it('another body under the same digest and signature', async () => {
    const { headers } = await signed([eventOf(mail, 'delivered')])
    await expectRefused({ body: JSON.stringify([bounce()]), headers }, 401, 'wrong digest')
  })

  it('another body with its own digest, under the old signature', async () => {
    const { headers } = await signed([eventOf(mail, 'delivered')])
    const body = JSON.stringify([bounce()])
    const digest = `sha-256=:${await digestOf(body)}:`
    await expectRefused({ body, headers: { ...headers, 'Content-Digest': digest } }, 401, 'wrong signature')
  })

  it('a body with one byte more', async () => {
    const { body, headers } = await signed([bounce()])
    await expectRefused({ body: `${body} `, headers }, 401, 'wrong digest')
  })

  it('a digest of another algorithm', async () => {
    const { body, headers } = await signed([bounce()])
    const digest = headers['Content-Digest']?.replace('sha-256', 'sha-512')
    await expectRefused({ body, headers: { ...headers, 'Content-Digest': digest } }, 401, 'malformed signature')
  })

  it('a later time in the parameters than was signed', async () => {
    const { body, headers } = await signed([bounce()], { created: seconds() - 60 * MINUTE_S })
    const input = headers['Signature-Input']?.replace(/created=\d+/, `created=${seconds()}`)
    await expectRefused({ body, headers: { ...headers, 'Signature-Input': input } }, 401, 'wrong signature')
  })

  it.each<[string, Parameters<typeof signed>[1], string]>([
    ['by a key that is not pinned under this id', { key: 'forged' }, 'wrong signature'],
    ['by the key of another id', { key: 'other' }, 'wrong signature'],
    ['by a key with an unknown id', { keyId: 'no-such-key' }, 'unknown key'],
    ['with another algorithm', { alg: 'hmac-sha256' }, 'malformed signature'],
    ['too long ago', { created: seconds() - 5 * MINUTE_S - 5 }, 'created out of time'],
    ['in the future', { created: seconds() + 5 * MINUTE_S + 60 }, 'created out of time'],
    ['at no time', { created: undefined }, 'malformed signature'],
    ['over nothing', { covered: '' }, 'malformed signature'],
    ['over something else', { covered: '"@method"' }, 'malformed signature'],
    ['over more than we read', { covered: '"content-digest" "date"' }, 'malformed signature'],
  ])('signed %s', async (_, how, reason) => {
    await expectRefused(await signed([bounce()], how), 401, reason)
  })

  it.each(['Signature', 'Signature-Input', 'Content-Digest'])('without %s', async (name) => {
    const { body, headers } = await signed([bounce()])
    await expectRefused({ body, headers: { ...headers, [name]: undefined } }, 401, 'malformed signature')
    await expectRefused({ body, headers: { ...headers, [name]: 'nonsense' } }, 401, 'malformed signature')
  })

  it('with a second signature', async () => {
    const { body, headers } = await signed([bounce()])
    const forged = await signed([bounce()], { key: 'forged', label: 'sig_2' })
    const both = (name: string) => `${forged.headers[name]}, ${headers[name]}`
    await expectRefused(
      { body, headers: { ...headers, 'Signature-Input': both('Signature-Input'), Signature: both('Signature') } },
      401,
      'malformed signature',
    )
  })

  it('with a signature under another label', async () => {
    const { body, headers } = await signed([bounce()])
    const other = headers.Signature?.replace('sig_1', 'sig_2')
    await expectRefused({ body, headers: { ...headers, Signature: other } }, 401, 'malformed signature')
  })

  it('for another customer', async () => {
    await expectRefused(await signed([{ ...bounce(), customer_handle: 'somebody' }]), 401, 'another customer')
  })

  it('for us and, in one of a thousand events, for another customer', async () => {
    const events = [...Array.from({ length: 999 }, bounce), { ...bounce(), customer_handle: 'somebody' }]
    await expectRefused(await signed(events), 401, 'another customer')
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '[{'],
    ['no list', JSON.stringify({ customer_handle: CUSTOMER })],
    ['an empty list', '[]'],
    ['no event', '[null]'],
    ['an event without a customer', '[{"event":"delivered","timestamp":1}]'],
  ])('with %s in it', async (_, body) => {
    await expectRefused(await signed(body), 401, 'malformed events')
  })

  it('larger than 1 MiB', async () => {
    await expectRefused(await signed(`[${' '.repeat(MIB)}]`), 413)
  })

  it.each([
    ['MAILCHANNELS_WEBHOOK_KEYS', { MAILCHANNELS_WEBHOOK_KEYS: undefined }],
    [
      'MAILCHANNELS_WEBHOOK_KEYS and MAILCHANNELS_CUSTOMER',
      { MAILCHANNELS_WEBHOOK_KEYS: undefined, MAILCHANNELS_CUSTOMER: undefined },
    ],
  ])('without %s', async (_, unset) => {
    await expectRefused(await signed([bounce()]), 401, 'not configured', new Client(unset))
  })

  it('of a provider that we do not know', async () => {
    const request = await signed([bounce()])
    const before = await facts()
    for (const name of ['cloudflare', 'local', 'constructor'])
      expect((await new Client().sign(`/webhooks/mail/${name}`, request)).status).toBe(404)
    expect(await facts()).toEqual(before)
  })

  it.each(['GET', 'PUT', 'DELETE'])('as %s', async (method) => {
    const { body, headers } = await signed([bounce()])
    const before = await facts()
    const answer = await new Client().send(method, PATH, method === 'GET' ? undefined : body, { headers })

    expect([403, 404]).toContain(answer.status)
    expect(await facts()).toEqual(before)
  })
})

it('a body of nearly 1 MiB is read whole, although no form may be as long', async () => {
  const request = await signed(`${' '.repeat(MIB - 1000)}${JSON.stringify([bounce()])}`)

  expect((await post(request)).status).toBe(200)
  expect(await mailState(mail.id)).toBe('bounced')
  expect(env.MAILCHANNELS_CUSTOMER).toBe(CUSTOMER)
})
