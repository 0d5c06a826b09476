import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import type { Mood, Received } from '../../test/provider'
import { connect } from '../db/connect'
import { readEnv } from '../env'
import { LEASE_MS, leaseMail, markSent } from '../models/mail'
import { consume, deliver, sweep } from './deliver'
import { mailchannels } from './mailchannels'
import type { Providers } from './provider'

const providerUrl = inject('providerUrl')
const env = { ...readEnv(bindings), MAIL_PROVIDER: 'mailchannels' as const, MAILCHANNELS_API_KEY: 'key', MAILCHANNELS_BASE_URL: providerUrl }
const providers: Providers = { mailchannels: (env) => mailchannels(env, 400) }
const db = connect(env.DB)
const MINUTE_MS = 60_000

let to: string

beforeEach(async () => {
  to = `pia-${crypto.randomUUID()}@acme.test`
  await run('DELETE FROM mails')
  await queueMail('mail-1')
})

const run = (text: string, ...values: unknown[]) =>
  env.DB.prepare(text)
    .bind(...values)
    .run()

const queueMail = (id: string, createdAt = Date.now()) =>
  run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
     VALUES (?, 'acme', 'pia', 'invitation', ?, ?, 'invitation-pia', ?)`,
    id,
    to,
    to,
    createdAt,
  )

const mailRow = (id = 'mail-1') =>
  env.DB.prepare('SELECT state, reason, attempts, leased_until, provider_id, sent_at FROM mails WHERE id = ?').bind(id).first<{
    state: string
    reason: string | null
    attempts: number
    leased_until: number
    provider_id: string | null
    sent_at: number | null
  }>()

const provider = (mood: Mood) => fetch(`${providerUrl}/control/mood/${to}`, { method: 'PUT', body: mood })
const received = async () => (await fetch(`${providerUrl}/control/received/${to}`)).json<Received[]>()
const taken = async () => (await received()).filter((one) => one.taken)
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
    expect(await taken()).toHaveLength(1)
    expect(await mailRow()).toMatchObject({ state: 'sent', reason: null, attempts: 1, provider_id: expect.stringContaining('@loopback') })
  })

  it('goes out once although the Queue hands it over twice', async () => {
    await consumeQueue()
    await consumeQueue()

    expect(await received()).toHaveLength(1)
  })

  it('goes out once although twenty consumers hold it at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      await queueMail(`mail-of-round-${round}`)
      await Promise.all(Array.from({ length: 20 }, () => consumeQueue(`mail-of-round-${round}`)))
    }

    expect(await received()).toHaveLength(10)
  })

  it('of a superseded invitation is dropped, not sent', async () => {
    await run("UPDATE invitations SET state = 'superseded', closed_at = 1, claim = 'resend' WHERE id = 'invitation-pia'")
    const { explicitAcks } = await consumeQueue()

    expect(explicitAcks).toEqual(['message-1'])
    expect(await received()).toHaveLength(0)
    expect(await mailRow()).toMatchObject({ state: 'dropped' })
  })

  it('whose link has lapsed is dropped, not sent', async () => {
    await run("UPDATE invitations SET expires_at = created_at + 1 WHERE id = 'invitation-pia'")
    await consumeQueue()

    expect(await received()).toHaveLength(0)
    expect(await mailRow()).toMatchObject({ state: 'dropped' })
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
    await provider(mood)
    const { retryMessages } = await consumeQueue()
    expect(retryMessages).toMatchObject([{ msgId: 'message-1' }])
    expect(await mailRow()).toMatchObject({ state: 'queued', reason, attempts: 1, sent_at: null })
    expect(await taken()).toHaveLength(0)

    await provider('well')
    await letBackoffPass()
    await consumeQueue()
    expect(await mailRow()).toMatchObject({ state: 'sent', reason: null, attempts: 2 })
    expect(await taken()).toHaveLength(1)
  })

  it('answers half, the mail stays queued', async () => {
    await provider('half_answer')
    await consumeQueue()

    expect(await mailRow()).toMatchObject({ state: 'queued', reason: 'MailChannels could not be reached.' })
  })

  it('is down, waiting doubles and ends at five minutes', async () => {
    await provider('down')
    const waits: number[] = []
    for (let attempt = 1; attempt <= 9; attempt++) {
      await letBackoffPass()
      const retryAt = await deliver(env, providers, 'mail-1', Date.now())
      waits.push(Math.round(((retryAt ?? 0) - Date.now()) / 1000))
    }

    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300])
  })

  it('asks for patience, nobody tries earlier', async () => {
    await provider('busy')
    await consumeQueue()
    await consumeQueue()

    expect(await received()).toHaveLength(1)
    expect((await mailRow())?.leased_until).toBeGreaterThan(Date.now() + 110_000)
  })

  it.each<[Mood, string]>([
    ['refusing', 'MailChannels refused it (400): Bad Request. recipient is not an address'],
    ['failing_result', 'suppressed'],
  ])('is %s this mail, it fails with the reason and is not tried again', async (mood, reason) => {
    await provider(mood)
    await consumeQueue()
    await consumeQueue()

    expect(await mailRow()).toMatchObject({ state: 'failed', reason, sent_at: null })
    expect(await received()).toHaveLength(1)
  })

  it('throws, the mail stays queued', async () => {
    vi.spyOn(console, 'error').mockReturnValueOnce()
    await deliver(env, {}, 'mail-1', Date.now())

    expect(await mailRow()).toMatchObject({ state: 'queued', reason: 'Something went wrong on our side.' })
  })
})

describe('the sweep', () => {
  const swept = async () => {
    const send = vi.spyOn(env.MAIL_QUEUE, 'sendBatch').mockResolvedValueOnce({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } })
    await sweep(env)
    const ids = send.mock.calls.flatMap(([batch]) => [...batch].map(({ body }) => body.mailId))
    send.mockRestore()
    return ids
  }

  it('puts back what the Queue dropped', async () => {
    await queueMail('mail-lost', Date.now() - 2 * MINUTE_MS)

    expect(await swept()).toEqual(['mail-lost'])
  })

  it('puts back what a consumer died over, and it goes out once', async () => {
    const longAgo = Date.now() - LEASE_MS - 2 * MINUTE_MS
    await queueMail('mail-orphan', longAgo)
    const dead = await leaseMail(db, 'mail-orphan', longAgo)
    expect(await swept()).toEqual(['mail-orphan'])

    await consumeQueue('mail-orphan')
    if (dead) await markSent(db, dead, 'from-the-dead', Date.now())
    expect(await received()).toHaveLength(1)
    expect(await mailRow('mail-orphan')).toMatchObject({ state: 'sent', attempts: 2, provider_id: expect.stringContaining('@loopback') })
    expect(await swept()).toEqual([])
  })

  it('leaves alone what somebody is sending and what waits for its turn', async () => {
    await queueMail('mail-held', Date.now() - 2 * MINUTE_MS)
    await leaseMail(db, 'mail-held', Date.now())

    expect(await swept()).toEqual([])
  })
})

it('a consumer whose lease has passed to another changes nothing', async () => {
  const slow = await leaseMail(db, 'mail-1', Date.now() - LEASE_MS)
  const quick = await leaseMail(db, 'mail-1', Date.now())
  if (slow) await markSent(db, slow, 'slow', Date.now())

  expect(quick).toBeDefined()
  expect(await mailRow()).toMatchObject({ state: 'queued', provider_id: null, leased_until: quick?.lease })
})

it('the Queue itself carries a mail from sweep to consumer', async () => {
  await queueMail('mail-lost', Date.now() - 2 * MINUTE_MS)

  await expect(sweep(env)).resolves.toBeUndefined()
})
