import { env as bindings } from 'cloudflare:workers'
import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { somebody } from '../../test/cast'
import { freshAddress, leaseMail, mailRow, queueMail, received, run } from '../../test/outbox'
import { connect } from '../db/connect'
import { readEnv } from '../env'
import { OUTBOX } from '../limits'
import { markSent } from '../models/mail/attempt'
import { deliver } from './deliver'
import { mailchannels } from './mailchannels'
import { sweep } from './queue'

const env = {
  ...readEnv(bindings),
  MAIL_PROVIDER: 'mailchannels' as const,
  MAILCHANNELS_API_KEY: 'key',
  MAILCHANNELS_BASE_URL: inject('providerUrl'),
}
const db = connect(env.DB)
const LONG_AGO_MS = OUTBOX.leaseMs + 120_000

let to: string

beforeEach(async () => {
  to = freshAddress()
  await run('DELETE FROM mails')
})

/** What the sweep puts into the Queue, without the Queue acting on it. */
async function swept() {
  const queue = vi
    .spyOn(env.MAIL_QUEUE, 'sendBatch')
    .mockResolvedValueOnce({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } })
  await sweep(env, somebody())
  const ids = queue.mock.calls.flatMap(([batch]) => [...batch].map(({ body }) => body.mailId))
  queue.mockRestore()
  return ids
}

describe('the sweep', () => {
  it('puts back what the Queue dropped', async () => {
    await queueMail('mail-lost', to, Date.now() - LONG_AGO_MS)

    expect(await swept()).toEqual(['mail-lost'])
  })

  it('puts back what a consumer died over, and it goes out once', async () => {
    const longAgo = Date.now() - LONG_AGO_MS
    await queueMail('mail-orphan', to, longAgo)
    const dead = await leaseMail({ db, now: longAgo }, 'mail-orphan')
    expect(await swept()).toEqual(['mail-orphan'])

    await deliver(env, { mailchannels }, ['mail-orphan'], Date.now())
    if (dead) await db.batch(markSent(somebody(), dead, { provider: 'mailchannels', providerId: 'from-the-dead', requestId: null }))
    expect(await received(to)).toHaveLength(1)
    expect(await mailRow('mail-orphan')).toMatchObject({
      state: 'sent',
      attempts: 2,
      provider_id: expect.stringContaining('@loopback'),
    })
    expect(await swept()).toEqual([])
  })

  it('leaves alone what somebody is sending, what waits for its turn and what the Queue has only just got', async () => {
    await queueMail('mail-held', to, Date.now() - LONG_AGO_MS)
    await leaseMail(somebody(), 'mail-held')
    await queueMail('mail-new', to)

    expect(await swept()).toEqual([])
  })

  it('puts back at most a Queue batch at a time, the longest waiting first', async () => {
    const now = Date.now()
    for (let i = 0; i < 101; i++) await queueMail(`mail-${i}`, to, now - LONG_AGO_MS)
    await run("UPDATE mails SET leased_until = 1 WHERE id = 'mail-7'")
    const ids = await swept()

    expect(ids).toHaveLength(100)
    expect(ids).not.toContain('mail-7')
  })

  it('and the Queue really carry a mail to its provider', async () => {
    await queueMail('mail-lost', to, Date.now() - LONG_AGO_MS)
    await sweep(env, somebody())

    await vi.waitFor(async () => expect(await mailRow('mail-lost')).toMatchObject({ state: 'sent' }), 5000)
  })
})
