import { env as bindings } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { freshAddress, providerIs, received } from '../../test/outbox'
import type { Mood } from '../../test/provider-moods'
import { readEnv } from '../env'
import { mailchannels } from './mailchannels'
import { because } from './provider'

const env = { ...readEnv(bindings), MAILCHANNELS_API_KEY: 'the-key', MAILCHANNELS_BASE_URL: inject('providerUrl') }

const letterTo = (to: string) => ({
  id: crypto.randomUUID(),
  to,
  from: { email: 'invitations@latchkey.test', name: 'Acme via Latchkey' },
  replyTo: { email: 'ada@acme.test', name: 'Ada Admin' },
  subject: 'Ada Admin invited you to Acme',
  html: '<p>Hello</p>',
  text: 'Hello',
})

async function inMood(mood: Mood) {
  const letter = letterTo(freshAddress())
  await providerIs(mood, letter.to)
  return mailchannels(env, 300).send(letter)
}

const isAboutTwoMinutes = (ms: number) => ms > 110_000 && ms <= 120_000

describe('MailChannels', () => {
  it('gets the request that its API describes, with the row id where every webhook shows it', async () => {
    const letter = letterTo(freshAddress())
    const outcome = await mailchannels(env).send(letter)
    const [request] = await received(letter.to)

    expect(outcome).toEqual({
      kind: 'sent',
      providerId: expect.stringMatching(/^<.+@loopback>$/),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(request?.path).toBe('/tx/v1/send?dry-run=false')
    expect(request?.headers).toMatchObject({
      'x-api-key': 'the-key',
      'content-type': 'application/json',
      'idempotency-key': letter.id,
    })
    expect(request?.body).toEqual({
      from: { email: 'invitations@latchkey.test', name: 'Acme via Latchkey' },
      reply_to: { email: 'ada@acme.test', name: 'Ada Admin' },
      personalizations: [{ to: [{ email: letter.to }] }],
      subject: 'Ada Admin invited you to Acme',
      content: [
        { type: 'text/plain', value: 'Hello' },
        { type: 'text/html', value: '<p>Hello</p>' },
      ],
      campaign_id: letter.id,
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'OOF, AutoReply',
        'X-Entity-Ref-ID': letter.id,
      },
      tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
    })
  })

  it('gets the DKIM key to sign with, where there is one', async () => {
    const letter = letterTo(freshAddress())
    await mailchannels({ ...env, DKIM: { domain: 'latchkey.test', selector: 'mc', privateKey: 'MIIB' } }).send(letter)
    const [request] = await received(letter.to)

    expect(request?.body).toMatchObject({ dkim_domain: 'latchkey.test', dkim_selector: 'mc', dkim_private_key: 'MIIB' })
  })

  it.each<[Mood, object]>([
    ['down', { kind: 'retry', ...because('provider_status', '500.') }],
    ['busy', { kind: 'retry', ...because('provider_status', '429.'), afterMs: 120_000 }],
    ['hanging', { kind: 'retry', ...because('provider_unreachable') }],
    ['resetting', { kind: 'retry', ...because('provider_unreachable') }],
    ['half_answer', { kind: 'retry', ...because('provider_unreachable') }],
    ['busy_until', { kind: 'retry', ...because('provider_status', '429.'), afterMs: expect.toSatisfy(isAboutTwoMinutes) }],
    ['puzzling', { kind: 'retry', ...because('provider_puzzling') }],
    ['taking_and_hanging', { kind: 'retry', ...because('provider_unreachable') }],
    ['unauthorized', { kind: 'misconfigured', ...because('misconfigured_domain') }],
    ['refusing_dkim', { kind: 'misconfigured', ...because('misconfigured_refusal', 'Bad Request. invalid dkim_private_key') }],
    [
      'failing_sender',
      {
        kind: 'misconfigured',
        ...because('misconfigured_refusal', '550 5.7.1 This sender is not authorized to send from acme.test'),
      },
    ],
    ['refusing', { kind: 'refused', ...because('provider_refused', 'Bad Request. recipient is not an address') }],
    ['failing_result', { kind: 'refused', ...because('provider_refused', 'suppressed') }],
  ])('%s gives an outcome, never an exception', async (mood, outcome) => {
    expect(await inMood(mood)).toEqual(outcome)
  })

  it('that redirects gets nothing a second time, and its URL is to be corrected', async () => {
    const letter = letterTo('moved@mailchannels.test')
    await providerIs('redirecting', letter.to)

    expect(await mailchannels(env).send(letter)).toEqual({ kind: 'misconfigured', ...because('misconfigured_url') })
    expect(await received(letter.to)).toHaveLength(1)
  })

  it('unreachable is asked again', async () => {
    const nowhere = mailchannels({ ...env, MAILCHANNELS_BASE_URL: 'http://127.0.0.1:1' }, 300)

    expect(await nowhere.send(letterTo('pia@acme.test'))).toEqual({ kind: 'retry', ...because('provider_unreachable') })
  })

  it('is not asked to send what it could never take', async () => {
    expect(await mailchannels(env).send(letterTo('not an address'))).toMatchObject({ kind: 'refused' })
  })
})
