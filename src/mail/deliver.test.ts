import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { all } from '../../test/database'
import { freshAddress, historyOf, mailRow, providerIs, queueMail, received, run, taken } from '../../test/outbox'
import type { Mood } from '../../test/provider'
import { connect } from '../db/connect'
import { readEnv } from '../env'
import { markFailed, markForRetry, markSent } from '../models/outbox/attempt'
import { LEASE_MS, leaseMail } from '../models/outbox/mail'
import { consume, deliver } from './deliver'
import { mailchannels } from './mailchannels'
import type { Providers } from './provider'

const env = {
  ...readEnv(bindings),
  MAIL_PROVIDER: 'mailchannels' as const,
  MAILCHANNELS_API_KEY: 'key',
  MAILCHANNELS_BASE_URL: inject('providerUrl'),
}
const providers: Providers = { mailchannels: (env) => mailchannels(env, 400) }
const db = connect(env.DB)

let to: string

beforeEach(async () => {
  to = freshAddress()
  await queueMail('mail-1', to)
})

const letBackoffPass = () => run('UPDATE mails SET leased_until = ?', Date.now() - 1)

async function consumeQueue(id = 'mail-1', queue = 'latchkey-mail') {
  const batch = createMessageBatch(queue, [{ id: 'message-1', timestamp: new Date(), attempts: 1, body: { mailId: id } }])
  await consume(batch, env, providers)
  return getQueueResult(batch, createExecutionContext())
}

describe('a mail', () => {
  it('goes out once, and its row says so', async () => {
    const { explicitAcks } = await consumeQueue()

    expect(explicitAcks).toEqual(['message-1'])
    expect(await taken(to)).toHaveLength(1)
    expect(await mailRow('mail-1')).toMatchObject({
      state: 'sent',
      reason: null,
      attempts: 1,
      provider: 'mailchannels',
      provider_id: expect.stringContaining('@loopback'),
      request_id: expect.stringMatching(/./),
    })
    expect(await historyOf('mail-1')).toEqual([{ kind: 'sent', attempt: 1, reason: null }])
  })

  it('goes out once although the Queue hands it over twice', async () => {
    await consumeQueue()
    await consumeQueue()

    expect(await received(to)).toHaveLength(1)
  })

  it('goes out once although twenty consumers hold it at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      await queueMail(`mail-of-round-${round}`, to)
      await Promise.all(Array.from({ length: 20 }, () => consumeQueue(`mail-of-round-${round}`)))
    }

    expect(await received(to)).toHaveLength(10)
  })

  it('of a superseded invitation is dropped, not sent', async () => {
    await run("UPDATE invitations SET state = 'superseded', closed_at = 1, claim = 'resend' WHERE id = 'invitation-pia'")
    const { explicitAcks } = await consumeQueue()

    expect(explicitAcks).toEqual(['message-1'])
    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'dropped' })
  })

  it('whose link has lapsed is dropped, not sent', async () => {
    await run("UPDATE invitations SET expires_at = created_at + 1 WHERE id = 'invitation-pia'")
    await consumeQueue()

    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'dropped' })
  })

  it('to an address that may not be invited any more is not sent, and the admin sees that it cannot be mailed', async () => {
    await run("INSERT INTO suppressions (email_key, reason, at) VALUES (?, 'asked', 1)", to)
    await consumeQueue()

    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'failed', reason: 'This address cannot be mailed.' })
    expect(await all("SELECT kind FROM notices WHERE member_id = 'ada'")).toEqual([{ kind: 'bounced' }])
  })

  it('that nobody knows is forgotten', async () => {
    const { explicitAcks } = await consumeQueue('no-such-mail')

    expect(explicitAcks).toEqual(['message-1'])
  })
})

describe('while the provider', () => {
  const troubles: [Mood, string][] = [
    ['down', 'MailChannels answered 500.'],
    ['busy', 'MailChannels answered 429.'],
    ['hanging', 'MailChannels could not be reached.'],
    ['resetting', 'MailChannels could not be reached.'],
    ['taking_and_down', 'MailChannels answered 502.'],
    ['puzzling', 'MailChannels gave an answer that we do not understand.'],
    ['unauthorized', expect.stringContaining('MailChannels does not accept our API key')],
    ['refusing_dkim', 'MailChannels refused it: Bad Request. invalid dkim_private_key'],
  ]

  it.each(troubles)('is %s, the mail stays queued with the reason, and one goes out afterwards', async (mood, reason) => {
    await providerIs(mood, to)
    const { retryMessages } = await consumeQueue()
    expect(retryMessages).toMatchObject([{ msgId: 'message-1' }])
    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason, attempts: 1, sent_at: null })
    const before = (await taken(to)).length

    await providerIs('well', to)
    await letBackoffPass()
    await consumeQueue()
    expect(await mailRow('mail-1')).toMatchObject({ state: 'sent', reason: null, attempts: 2 })
    expect(await taken(to)).toHaveLength(before + 1)
    expect(await historyOf('mail-1')).toEqual([
      { kind: 'postponed', attempt: 1, reason },
      { kind: 'sent', attempt: 2, reason: null },
    ])
  })

  it('answers half, the mail stays queued', async () => {
    await providerIs('half_answer', to)
    await consumeQueue()

    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason: 'MailChannels could not be reached.' })
  })

  it('does not accept our key, the mail waits for minutes, not seconds', async () => {
    await providerIs('unauthorized', to)
    const retryAt = (await deliver(env, providers, 'mail-1', Date.now())) ?? 0

    expect(retryAt - Date.now()).toBeGreaterThan(4 * 60_000)
    expect(await mailRow('mail-1')).toMatchObject({ leased_until: retryAt })
  })

  it.each<Mood>(['busy', 'busy_until'])('is %s and asks for patience, nobody tries earlier', async (mood) => {
    await providerIs(mood, to)
    await consumeQueue()
    await consumeQueue()

    expect(await received(to)).toHaveLength(1)
    expect((await mailRow('mail-1'))?.leased_until).toBeGreaterThan(Date.now() + 110_000)
  })

  it.each<[Mood, string]>([
    ['refusing', 'MailChannels refused it: Bad Request. recipient is not an address'],
    ['failing_result', 'MailChannels refused it: suppressed'],
  ])('is %s this mail, it fails with the reason and is not tried again', async (mood, reason) => {
    await providerIs(mood, to)
    await consumeQueue()
    await consumeQueue()

    expect(await mailRow('mail-1')).toMatchObject({ state: 'failed', reason, sent_at: null })
    expect(await received(to)).toHaveLength(1)
    expect(await historyOf('mail-1')).toEqual([{ kind: 'failed', attempt: 1, reason }])
  })

  it('refuses an invitation, its inviter is told, once', async () => {
    await run("UPDATE invitations SET inviter_id = 'ada'")
    await providerIs('refusing', to)
    await consumeQueue()

    expect(await all('SELECT member_id, kind, about_email FROM notices')).toEqual([
      { member_id: 'ada', kind: 'bounced', about_email: 'pia@acme.test' },
    ])
  })

  it('throws, the mail stays queued', async () => {
    vi.spyOn(console, 'error').mockReturnValueOnce()
    await deliver(env, {}, 'mail-1', Date.now())

    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason: 'Something went wrong on our side.' })
  })
})

describe('a consumer whose lease has passed to another', () => {
  it('changes nothing, whatever became of its attempt', async () => {
    const slow = await leaseMail(db, 'mail-1', Date.now() - LEASE_MS)
    const quick = await leaseMail(db, 'mail-1', Date.now())
    const before = await mailRow('mail-1')
    if (!slow || !quick) throw new Error('nobody could lease it')
    await markSent(db, slow, { provider: 'mailchannels', providerId: 'slow', requestId: 'slow' }, Date.now())
    await markForRetry(db, slow, 'It was down.', Date.now(), Date.now())
    await markFailed(db, slow, 'It was refused.', Date.now())

    expect(await mailRow('mail-1')).toEqual(before)
    expect(await historyOf('mail-1')).toEqual([])
  })
})

it('a message that the Queue has given up leaves a line in the log, and its mail to the sweep', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const before = await mailRow('mail-1')
  const { ackAll } = await consumeQueue('mail-1', 'latchkey-mail-dead')

  expect(ackAll).toBe(true)
  expect(JSON.parse(log.mock.lastCall?.[0])).toMatchObject({ action: 'deliver mail', outcome: 'dead letter', mail: 'mail-1' })
  expect(await mailRow('mail-1')).toEqual(before)
  expect(await received(to)).toHaveLength(0)
  log.mockRestore()
})
