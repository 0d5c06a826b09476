import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { counted } from '../../test/counted'
import { all } from '../../test/database'
import { freshAddress, historyOf, leaseMail, mailRow, providerIs, queueMail, received, run, taken } from '../../test/outbox'
import type { Mood } from '../../test/provider-moods'
import { connect } from '../db/connect'
import { readEnv } from '../env'
import { HOUR_MS, OUTBOX } from '../limits'
import { markFailed, markForRetry, markSent } from '../models/mail/attempt'
import type { Why } from '../models/mail/mail-reason'
import { consume, deliver } from './deliver'
import { mailchannels } from './mailchannels'
import { because, type Providers } from './provider'

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

const messageOf = (mailId: string, n = 1) => ({ id: `message-${n}`, timestamp: new Date(), attempts: 1, body: { mailId } })

async function consumeQueue(id = 'mail-1', queue = 'latchkey-mail') {
  const batch = createMessageBatch(queue, [messageOf(id)])
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
      detail: null,
      attempts: 1,
      provider: 'mailchannels',
      provider_id: expect.stringContaining('@loopback'),
      request_id: expect.stringMatching(/./),
    })
    expect(await historyOf('mail-1')).toEqual([{ kind: 'sent', attempt: 1, reason: null, detail: null }])
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
    await run("UPDATE invitations SET state = 'superseded', closed_at = 1, write_nonce = 'resend' WHERE id = 'invitation-pia'")
    const { explicitAcks } = await consumeQueue()

    expect(explicitAcks).toEqual(['message-1'])
    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'dropped' })
  })

  it('of a suspended workspace is dropped, not sent', async () => {
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    await consumeQueue()

    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'dropped' })
  })

  it('whose link has expired is dropped, not sent', async () => {
    await run("UPDATE invitations SET expires_at = created_at + 1 WHERE id = 'invitation-pia'")
    await consumeQueue()

    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'dropped' })
  })

  it('to an address that may not be invited any more is not sent, and the admin sees that it cannot be emailed', async () => {
    await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES (?, 'acme', 'asked', 1)", to)
    await consumeQueue()

    expect(await received(to)).toHaveLength(0)
    expect(await mailRow('mail-1')).toMatchObject({ state: 'failed', reason: 'suppressed' })
    expect(await all("SELECT kind FROM notices WHERE member_id = 'ada'")).toEqual([{ kind: 'bounced' }])
  })

  it('says whether its address has an account by the time that it is sent', async () => {
    await consumeQueue()
    await run("UPDATE users SET email_key = ? WHERE id = 'user-bob'", to)
    await queueMail('mail-2', to)
    await consumeQueue('mail-2')

    const texts = (await taken(to)).map(({ body }) => body.content[0]?.value ?? '')
    expect(texts.map((text) => text.match(/(Set My Password|Join Acme):/)?.[1])).toEqual(['Set My Password', 'Join Acme'])
  })

  it('is answered to its inviter, while they are here and their workspace wants it', async () => {
    await run("UPDATE invitations SET inviter_id = 'ada'")
    const sent = async (id: string) => {
      await queueMail(id, to)
      await consumeQueue(id)
      return (await taken(to)).at(-1)?.body
    }
    expect(await sent('mail-2')).toMatchObject({ reply_to: { email: 'ada@acme.test', name: 'Ada Admin' } })

    await run("UPDATE tenants SET reply_to_inviter = 0 WHERE id = 'acme'")
    expect(await sent('mail-3')).not.toHaveProperty('reply_to')
    await run("UPDATE tenants SET reply_to_inviter = 1 WHERE id = 'acme'")
    await run("UPDATE members SET status = 'disabled' WHERE id = 'ada'")
    expect(await sent('mail-4')).not.toHaveProperty('reply_to')
    expect(JSON.stringify(await taken(to)).match(/\(ada@acme\.test\)/g)).toHaveLength(2)
  })

  it('that nobody knows is forgotten', async () => {
    const { explicitAcks } = await consumeQueue('no-such-mail')

    expect(explicitAcks).toEqual(['message-1'])
  })
})

describe('a batch', () => {
  it('is two round trips, whatever becomes of each of its mails', async () => {
    await Promise.all(['well', 'down', 'refused', 'dead'].map((id) => queueMail(id, `${id}-${to}`)))
    await providerIs('down', `down-${to}`)
    await providerIs('refusing', `refused-${to}`)
    await run("UPDATE mails SET state = 'dropped' WHERE id = 'dead'")
    const database = counted(env.DB)
    const batch = createMessageBatch('latchkey-mail', ['well', 'down', 'refused', 'dead', 'well'].map(messageOf))
    await consume(batch, { ...env, DB: database }, providers)

    expect(database.roundTrips()).toBe(2)
    const { retryMessages, explicitAcks } = await getQueueResult(batch, createExecutionContext())
    expect(retryMessages.map(({ msgId }) => msgId)).toEqual(['message-1'])
    expect(explicitAcks.toSorted()).toEqual(['message-0', 'message-2', 'message-3', 'message-4'])
    expect(await taken(`well-${to}`)).toHaveLength(1)
    expect(await all("SELECT id, state FROM mails WHERE id IN ('well', 'down', 'refused', 'dead') ORDER BY id")).toEqual([
      { id: 'dead', state: 'dropped' },
      { id: 'down', state: 'queued' },
      { id: 'refused', state: 'failed' },
      { id: 'well', state: 'sent' },
    ])
  })
})

describe('in a long outage', () => {
  it('a mail waits up to half an hour, and its history has a line for each reason and not for each attempt', async () => {
    await run("UPDATE mails SET created_at = ? WHERE id = 'mail-1'", Date.now() - 2 * HOUR_MS)
    for (const mood of ['down', 'down', 'down', 'busy', 'down'] as const) {
      await providerIs(mood, to)
      await consumeQueue()
      await letBackoffPass()
    }

    expect(await mailRow('mail-1')).toMatchObject({ attempts: 5, reason: 'provider_status', detail: '500.' })
    expect(await historyOf('mail-1')).toEqual([
      { kind: 'postponed', attempt: 1, ...because('provider_status', '500.') },
      { kind: 'postponed', attempt: 4, ...because('provider_status', '429.') },
      { kind: 'postponed', attempt: 5, ...because('provider_status', '500.') },
    ])
  })
})

describe('while the provider', () => {
  const troubles: [Mood, Why][] = [
    ['down', because('provider_status', '500.')],
    ['busy', because('provider_status', '429.')],
    ['hanging', because('provider_unreachable')],
    ['resetting', because('provider_unreachable')],
    ['taking_and_down', because('provider_status', '502.')],
    ['puzzling', because('provider_puzzling')],
    ['unauthorized', because('misconfigured_domain')],
    ['refusing_dkim', because('misconfigured_refusal', 'Bad Request. invalid dkim_private_key')],
  ]

  it.each(troubles)('is %s, the mail stays queued with the reason, and one goes out afterwards', async (mood, why) => {
    await providerIs(mood, to)
    const { retryMessages } = await consumeQueue()
    expect(retryMessages).toMatchObject([{ msgId: 'message-1' }])
    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', ...why, attempts: 1, sent_at: null })
    const before = (await taken(to)).length

    await providerIs('well', to)
    await letBackoffPass()
    await consumeQueue()
    expect(await mailRow('mail-1')).toMatchObject({ state: 'sent', reason: null, detail: null, attempts: 2 })
    expect(await taken(to)).toHaveLength(before + 1)
    expect(await historyOf('mail-1')).toEqual([
      { kind: 'postponed', attempt: 1, ...why },
      { kind: 'sent', attempt: 2, reason: null, detail: null },
    ])
  })

  it('answers half, the mail stays queued', async () => {
    await providerIs('half_answer', to)
    await consumeQueue()

    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason: 'provider_unreachable' })
  })

  it('does not accept our key, the mail waits for minutes, not seconds', async () => {
    await providerIs('unauthorized', to)
    const retryAt = (await deliver(env, providers, ['mail-1'], Date.now())).get('mail-1') ?? 0

    expect(retryAt - Date.now()).toBeGreaterThan(4 * 60_000)
    expect(await mailRow('mail-1')).toMatchObject({ leased_until: retryAt })
  })

  it.each<Mood>(['busy', 'busy_until'])('is %s and says when to come back, nobody tries earlier', async (mood) => {
    await providerIs(mood, to)
    await consumeQueue()
    await consumeQueue()

    expect(await received(to)).toHaveLength(1)
    expect((await mailRow('mail-1'))?.leased_until).toBeGreaterThan(Date.now() + 110_000)
  })

  it.each<[Mood, Why]>([
    ['refusing', because('provider_refused', 'Bad Request. recipient is not an address')],
    ['failing_result', because('provider_refused', 'suppressed')],
  ])('is %s this mail, it fails with the reason and is not tried again', async (mood, why) => {
    await providerIs(mood, to)
    await consumeQueue()
    await consumeQueue()

    expect(await mailRow('mail-1')).toMatchObject({ state: 'failed', ...why, sent_at: null })
    expect(await received(to)).toHaveLength(1)
    expect(await historyOf('mail-1')).toEqual([{ kind: 'failed', attempt: 1, ...why }])
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
    await deliver(env, {}, ['mail-1'], Date.now())

    expect(await mailRow('mail-1')).toMatchObject({ state: 'queued', reason: 'our_trouble' })
  })
})

describe('a consumer whose lease has passed to another', () => {
  it('changes nothing, whatever became of its attempt', async () => {
    const now = Date.now()
    const slow = await leaseMail({ db, now: now - OUTBOX.leaseMs }, 'mail-1')
    const quick = await leaseMail({ db, now }, 'mail-1')
    const before = await mailRow('mail-1')
    if (!slow || !quick) throw new Error('nobody could lease it')
    const act = { db, now }
    await db.batch(markSent(act, slow, { provider: 'mailchannels', providerId: 'slow', requestId: 'slow' }))
    await db.batch(markForRetry(act, slow, because('provider_unreachable'), now))
    await db.batch(markFailed(act, slow, because('provider_refused')))

    expect(await mailRow('mail-1')).toEqual(before)
    expect(await historyOf('mail-1')).toEqual([])
  })
})

it('a message that the Queue has given up leaves a line in the log, and its mail to the sweep', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const before = await mailRow('mail-1')
  const { ackAll } = await consumeQueue('mail-1', 'latchkey-mail-dead')

  expect(ackAll).toBe(true)
  expect(JSON.parse(log.mock.lastCall?.[0])).toMatchObject({ action: 'deliver mail', outcome: 'dead letter', row: 'mail-1' })
  expect(await mailRow('mail-1')).toEqual(before)
  expect(await received(to)).toHaveLength(0)
  log.mockRestore()
})
