import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { freshAddress, mailRow, providerIs, queueMail, received, run, taken } from '../../test/outbox'
import type { Mood } from '../../test/provider'
import { connect } from '../db/connect'
import { readEnv } from '../env'
import { LEASE_MS, leaseMail, markSent } from '../models/mail'
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

async function consumeQueue(id = 'mail-1') {
  const batch = createMessageBatch('latchkey-mail', [{ id: 'message-1', timestamp: new Date(), attempts: 1, body: { mailId: id } }])
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
      provider_id: expect.stringContaining('@loopback'),
    })
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
    ['unauthorized', 'MailChannels does not accept our key or sender (403).'],
  ]

  it.each(troubles)('is %s, the mail stays queued with the reason, and one goes out afterwards', async (mood, reason) => {
    await providerIs(mood, to)
    const { retryMessages } = await consumeQueue()
    expect(retryMessages).toMatchObject([{ msgId: 'message-1' }])
    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason, attempts: 1, sent_at: null })
    expect(await taken(to)).toHaveLength(0)

    await providerIs('well', to)
    await letBackoffPass()
    await consumeQueue()
    expect(await mailRow('mail-1')).toMatchObject({ state: 'sent', reason: null, attempts: 2 })
    expect(await taken(to)).toHaveLength(1)
  })

  it('answers half, the mail stays queued', async () => {
    await providerIs('half_answer', to)
    await consumeQueue()

    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason: 'MailChannels could not be reached.' })
  })

  it('is down, waiting doubles and ends at five minutes', async () => {
    await providerIs('down', to)
    const waits: number[] = []
    for (let attempt = 1; attempt <= 9; attempt++) {
      await letBackoffPass()
      const retryAt = await deliver(env, providers, 'mail-1', Date.now())
      waits.push(Math.round(((retryAt ?? 0) - Date.now()) / 1000))
    }

    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300])
  })

  it('asks for patience, nobody tries earlier', async () => {
    await providerIs('busy', to)
    await consumeQueue()
    await consumeQueue()

    expect(await received(to)).toHaveLength(1)
    expect((await mailRow('mail-1'))?.leased_until).toBeGreaterThan(Date.now() + 110_000)
  })

  it.each<[Mood, string]>([
    ['refusing', 'MailChannels refused it (400): Bad Request. recipient is not an address'],
    ['failing_result', 'suppressed'],
  ])('is %s this mail, it fails with the reason and is not tried again', async (mood, reason) => {
    await providerIs(mood, to)
    await consumeQueue()
    await consumeQueue()

    expect(await mailRow('mail-1')).toMatchObject({ state: 'failed', reason, sent_at: null })
    expect(await received(to)).toHaveLength(1)
  })

  it('throws, the mail stays queued', async () => {
    vi.spyOn(console, 'error').mockReturnValueOnce()
    await deliver(env, {}, 'mail-1', Date.now())

    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason: 'Something went wrong on our side.' })
  })
})

it('a consumer whose lease has passed to another changes nothing', async () => {
  const slow = await leaseMail(db, 'mail-1', Date.now() - LEASE_MS)
  const quick = await leaseMail(db, 'mail-1', Date.now())
  if (slow) await markSent(db, slow, 'slow', Date.now())

  expect(quick).toBeDefined()
  expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', provider_id: null, leased_until: quick?.lease })
})
