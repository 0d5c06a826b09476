import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { all, one, run } from '../../../test/database'
import { listen } from '../../../test/logged'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { OUTBOX } from '../../limits'
import { consumeWith, type Work } from '../../outbox/consume'
import { type Attempt, lease, lost, type Outbox, postpone, settle } from './lease'

/** Another user of the outbox than mail. */
const CALLS: Outbox = { table: 'calls' }
const NOW = Date.now()
const db = connect(env.DB)

beforeEach(async () => {
  await run(`CREATE TABLE calls (id TEXT PRIMARY KEY, url TEXT NOT NULL, answer INTEGER, state TEXT NOT NULL DEFAULT 'queued',
    attempts INTEGER NOT NULL DEFAULT 0, leased_until INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL) STRICT`)
  await run("CREATE INDEX calls_queued ON calls (leased_until) WHERE state = 'queued'")
  await due('call-1')
})

const due = (id: string, at = NOW) => run("INSERT INTO calls (id, url, created_at) VALUES (?, 'https://tool.test', ?)", id, at)
const rowOf = (id: string) => one('SELECT state, attempts, leased_until, answer FROM calls WHERE id = ?', id)
const leased = async (id = 'call-1', now = NOW) => (await lease(db, CALLS, [id], now))[0]

async function leaseNow(now = NOW): Promise<Attempt> {
  const attempt = await leased('call-1', now)
  if (!attempt) throw new Error('nobody could lease it')
  return attempt
}

describe('a lease', () => {
  it('is one consumer’s, of twenty at once', async () => {
    await tryOften(async () => {
      await run("UPDATE calls SET state = 'queued', leased_until = 0")
      const attempts = await together(() => leased())
      expect(attempts.filter(Boolean)).toHaveLength(1)
    }, 10)
  })

  it('passes on when it is over, and counts as another attempt', async () => {
    await leaseNow()
    expect(await leased('call-1', NOW + OUTBOX.leaseMs - 1)).toBeUndefined()
    expect(await leased('call-1', NOW + OUTBOX.leaseMs)).toEqual({ id: 'call-1', attempts: 2, createdAt: NOW })
  })

  it('of many is of those that are due, in one statement', async () => {
    await due('call-2')
    await due('call-3')
    await leased('call-2')
    const query = lease(db, CALLS, ['call-1', 'call-2', 'call-3', 'call-1', 'nothing'], NOW)

    expect((await query).map(({ id }) => id).toSorted()).toEqual(['call-1', 'call-3'])
    const { sql, params } = query.toSQL()
    expect(await scansOf(sql, params)).toEqual([])
  })

  it('is not given of what is settled, waits or is not there', async () => {
    await settle(db, CALLS, await leaseNow(), 'done')
    await due('call-2')
    await postpone(db, CALLS, { id: 'call-2', attempts: 0 }, NOW + 1000)

    expect([await leased('call-1', NOW * 2), await leased('call-2'), await leased('nothing')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('an attempt', () => {
  it('settles its row and whatever goes with it', async () => {
    await settle(db, CALLS, await leaseNow(), 'done', sql`answer = ${200}`)

    expect(await rowOf('call-1')).toMatchObject({ state: 'done', attempts: 1, answer: 200 })
  })

  it('that is not the last changes nothing', async () => {
    const [slow, quick] = [await leaseNow(), await leaseNow(NOW + OUTBOX.leaseMs)]
    const before = await rowOf('call-1')
    await db.batch([settle(db, CALLS, slow, 'done'), postpone(db, CALLS, slow, NOW * 2)])
    expect(await rowOf('call-1')).toEqual(before)

    await settle(db, CALLS, quick, 'done')
    await settle(db, CALLS, quick, 'failed')
    expect(await rowOf('call-1')).toMatchObject({ state: 'done' })
  })
})

describe('what is lost', () => {
  const LATER = NOW + OUTBOX.leaseMs + OUTBOX.graceMs

  it('is what nobody took and what somebody died over, those that are due for longest first', async () => {
    await leaseNow()
    await due('call-2')
    await due('call-3', LATER)
    expect(await lost(db, CALLS, LATER)).toEqual([{ id: 'call-2' }, { id: 'call-1' }])

    await settle(db, CALLS, { id: 'call-1', attempts: 1 }, 'done')
    expect(await lost(db, CALLS, LATER)).toEqual([{ id: 'call-2' }])
  })

  it('is found by the index, and never more than a sweep’s worth of it', async () => {
    for (let i = 0; i < OUTBOX.sweepRows + 5; i++) await due(`row-${i}`, 1)
    const query = lost(db, CALLS, LATER)

    expect(await query).toHaveLength(OUTBOX.sweepRows)
    const { sql, params } = query.toSQL()
    expect(await scansOf(sql, params)).toEqual([])
  })
})

describe('the consumer', () => {
  const message = { id: 'message-1', timestamp: new Date(NOW), attempts: 1, body: { callId: 'call-1' } }

  async function consumed(attempt: Work<{ callId: string }>['attempt'], queue = 'calls') {
    const batch = createMessageBatch<{ callId: string }>(queue, [message])
    const work = { action: 'call tool', rowOf: ({ callId }: { callId: string }) => callId, attempt }
    const ear = listen()
    await consumeWith(work, batch)
    return { lines: ear.stop().map((line) => JSON.parse(line)), ...(await getQueueResult(batch, createExecutionContext())) }
  }

  it('does the work of a message and is done with it', async () => {
    const { explicitAcks } = await consumed(async ([id = '']) =>
      settle(db, CALLS, { id, attempts: 0 }, 'done').then(() => new Map()),
    )

    expect(explicitAcks).toEqual(['message-1'])
    expect(await rowOf('call-1')).toMatchObject({ state: 'done' })
  })

  it('hands back what has to wait', async () => {
    const { retryMessages } = await consumed(async ([id = '']) => new Map([[id, Date.now() + 30_000]]))

    expect(retryMessages).toMatchObject([{ msgId: 'message-1' }])
  })

  it('hands back what ended in an error, and says which row it was about', async () => {
    const { retryMessages, lines } = await consumed(async () => Promise.reject(new Error('trouble')))

    expect(retryMessages).toMatchObject([{ msgId: 'message-1' }])
    expect(lines).toEqual([expect.objectContaining({ action: 'call tool', outcome: 'failed', row: 'call-1' })])
  })

  it('is done with a dead letter, whose row goes on waiting for the sweep', async () => {
    const { ackAll, lines } = await consumed(async () => Promise.reject(new Error('asked')), 'calls-dead')

    expect(ackAll).toBe(true)
    expect(lines).toEqual([expect.objectContaining({ action: 'call tool', outcome: 'dead letter', row: 'call-1' })])
    expect(await all('SELECT id FROM calls WHERE state = ?', 'queued')).toEqual([{ id: 'call-1' }])
  })
})
