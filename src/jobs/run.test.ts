import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { actNamed } from '../../test/cast'
import { all, one, run } from '../../test/database'
import { AT_ONCE, TRIES, together, tryOften } from '../../test/race'
import { changes } from '../db/connect'
import { raw } from '../db/raw'
import { readEnv } from '../env'
import { DAY_MS, OUTBOX } from '../limits'
import type { MemberAct } from '../models/core/act'
import { atPlace, beginJob, moveOn } from '../models/jobs/job'
import { lostJobs, pruneJobs } from '../models/jobs/lease'
import { sweepJobs } from './queue'
import { runJobs, type Step } from './run'

const TOTAL = 20
const CHUNK = 2
let ada: MemberAct
let sent: string[]

beforeEach(async () => {
  ada = await actNamed('ada')
  sent = []
  await run('CREATE TABLE chunks (place TEXT NOT NULL, by TEXT NOT NULL) STRICT')
  await begun()
})

const begun = (id = 'job-1') => beginJob(ada, { id, kind: 'change', spec: { to: 'x' }, total: TOTAL })

/** Notes each chunk that it writes, in the batch that moves the job. */
const note: Step = async (act, job) => {
  const [, [moved]] = await act.db.batch([
    raw(act.db, sql`INSERT INTO chunks (place, by) SELECT ${job.place}, ${act.by.email} WHERE ${atPlace(job)}`),
    moveOn(act, job, { place: `${job.done + CHUNK}`, done: CHUNK, leftOut: 1, finished: job.done + CHUNK >= TOTAL }),
  ])
  return { moved }
}

async function pruned(now: number, rows: number) {
  const counts: number[] = []
  for (const statement of pruneJobs(ada.db, now, rows)) counts.push(await changes(ada.db, statement))
  return counts
}

const queue = Object.assign(Object.create(env.JOB_QUEUE) as typeof env.JOB_QUEUE, {
  send: async ({ jobId }: { jobId: string }) => void sent.push(jobId),
  sendBatch: async (messages: { body: { jobId: string } }[]) => void sent.push(...messages.map(({ body }) => body.jobId)),
})
const bindings = () => readEnv({ ...env, JOB_QUEUE: queue })

const runWith = (step: Step) => runJobs(bindings(), { change: step }, ['job-1'])
const job = () => one('SELECT state, place, done, left_out, ip, leased_until FROM jobs WHERE id = ?', 'job-1')
const places = async () => (await all('SELECT place FROM chunks ORDER BY cast(place AS INTEGER)')).map(({ place }) => place)
const expired = () => run("UPDATE jobs SET leased_until = 0 WHERE state = 'queued'")

const EVERY_PLACE = ['', '2', '4', '6', '8', '10', '12', '14', '16', '18']

describe('a job', () => {
  it('is done step by step, for its admin, and forgets from where it was begun', async () => {
    expect(await runWith(note)).toEqual(new Map())
    expect(await job()).toMatchObject({ state: 'done', done: TOTAL, left_out: 10, ip: null })
    expect(await places()).toEqual(EVERY_PLACE)
    expect(await all('SELECT DISTINCT by FROM chunks')).toEqual([{ by: 'ada@acme.test' }])
  })

  it('is begun once, however often it is posted', async () => {
    expect(await begun()).toEqual([])
    expect(await all('SELECT id FROM jobs')).toEqual([{ id: 'job-1' }])
  })

  it('that takes long goes on with another message', async () => {
    const longer: Step = async (act, at) => {
      const [, [moved]] = await act.db.batch([
        raw(act.db, sql`INSERT INTO chunks (place, by) SELECT ${at.place}, '' WHERE ${atPlace(at)}`),
        moveOn(act, at, { place: `${at.done + 1}`, done: 1, finished: at.done + 1 >= TOTAL }),
      ])
      return { moved }
    }
    await runWith(longer)
    expect([sent, await job()]).toMatchObject([['job-1'], { state: 'queued', done: 12 }])
    await runWith(longer)
    expect([sent, await job()]).toMatchObject([['job-1'], { state: 'done', done: TOTAL }])
    expect(await places()).toHaveLength(TOTAL)
  })

  it.each([
    ['an admin who is none any more', "UPDATE members SET role = 'user' WHERE id = 'ada'"],
    ['a disabled admin', "UPDATE members SET status = 'disabled' WHERE id = 'ada'"],
    ['an admin who was deleted', "DELETE FROM members WHERE id = 'ada'"],
    ['a suspended workspace', "UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'"],
  ])('of %s stops where it is', async (_, change) => {
    const untilThen: Step = async (act, at, bound) => {
      if (at.done === 6) await run(change)
      return note(act, at, bound)
    }
    await runWith(untilThen)
    expect(await job()).toMatchObject({ state: 'stopped', place: '6', done: 6, ip: null })
    expect(await places()).toEqual(['', '2', '4'])
  })

  it('in trouble is tried again later, and after a day given up', async () => {
    const broken: Step = async () => {
      throw new Error('no luck')
    }
    const retries = await runWith(broken)
    expect(retries.get('job-1')).toBeGreaterThan(Date.now() - 1000)
    expect(await job()).toMatchObject({ state: 'queued', place: '' })

    await run('UPDATE jobs SET leased_until = 0, moved_at = ?', Date.now() - DAY_MS - 1)
    expect(await runWith(broken)).toEqual(new Map())
    expect(await job()).toMatchObject({ state: 'failed', place: '', done: 0, ip: null })
  })

  it('is given up by how long it has been stuck, not by its age', async () => {
    const failing: Step = async (act, at, bound) => {
      if (at.done === 6) throw new Error('no luck')
      return note(act, at, bound)
    }
    await run('UPDATE jobs SET created_at = ?, moved_at = NULL', Date.now() - 3 * DAY_MS)
    await runWith(failing)
    expect(await job()).toMatchObject({ state: 'queued', done: 6 })
  })

  it('that waits for a day to come is stuck only from then on', async () => {
    const until = Date.now() + DAY_MS
    await runWith(async (act, at, bound) => ({ ...(await note(act, at, bound)), until }))
    expect(await one('SELECT done, moved_at, leased_until FROM jobs')).toEqual({
      done: CHUNK,
      moved_at: until,
      leased_until: until,
    })
  })

  it('of a kind that this build does not know waits for the one that does', async () => {
    await runJobs(bindings(), {}, ['job-1'])
    expect(await job()).toMatchObject({ state: 'queued', done: 0 })
  })

  it('is kept for a month after its end', async () => {
    await runWith(note)
    await run('UPDATE jobs SET finished_at = ?', ada.now - 30 * DAY_MS)
    expect(await pruned(ada.now - 1, 10)).toEqual([0, 0])
    expect(await pruned(ada.now, 10)).toEqual([0, 1])
  })

  it('of many people goes a part at a time, they first', async () => {
    await run("INSERT INTO job_people (job_id, member_id) VALUES ('job-1', 'a'), ('job-1', 'b'), ('job-1', 'c')")
    await run("UPDATE jobs SET state = 'done', finished_at = ?", ada.now - 30 * DAY_MS)
    expect([await pruned(ada.now, 2), await pruned(ada.now, 2)]).toEqual([
      [2, 0],
      [1, 1],
    ])
  })
})

describe('a runner', () => {
  it('that dies leaves its job to the sweep, which waits for the end of its lease', async () => {
    const gone: Step = async (act, at, bound) => (at.done === 6 ? new Promise(() => {}) : note(act, at, bound))
    void runWith(gone)
    await vi.waitFor(async () => expect(await job()).toMatchObject({ done: 6 }))

    const now = Date.now()
    expect(await lostJobs(ada.db, now + OUTBOX.graceMs)).toEqual([])
    expect(await sweepJobs(bindings(), now + OUTBOX.leaseMs + OUTBOX.graceMs + 1000)).toBe(1)
    expect(sent).toEqual(['job-1'])
    await expired()
    await runWith(note)
    expect([await job(), await places()]).toMatchObject([{ state: 'done', done: TOTAL }, EVERY_PLACE])
  })

  it('that comes back from the dead changes nothing', async () => {
    const { promise: awake, resolve: wake } = Promise.withResolvers<void>()
    const { promise: asleep, resolve: sleeps } = Promise.withResolvers<void>()
    const slow: Step = async (act, at, bound) => {
      if (at.done === 6) {
        sleeps()
        await awake
      }
      return note(act, at, bound)
    }
    const first = runWith(slow)
    await asleep
    await expired()
    await runWith(note)
    const [before, done] = [await job(), await places()]
    wake()
    await first
    expect([await job(), await places()]).toEqual([before, done])
  })

  it(`of ${AT_ONCE} at once does each step once, in ${TRIES} tries, wherever their leases end`, async () => {
    await tryOften(async (i) => {
      await run("UPDATE jobs SET state = 'queued', finished_at = NULL, place = '', done = 0, left_out = 0, leased_until = 0")
      await run('DELETE FROM chunks')
      const hasty: Step = async (act, at, bound) => {
        if ((at.done + i) % 6 === 0) await expired()
        return note(act, at, bound)
      }
      await together(() => runWith(hasty))
      await expired()
      await runWith(note)
      expect(await places(), `try ${i}`).toEqual(EVERY_PLACE)
      expect(await job()).toMatchObject({ state: 'done', done: TOTAL, left_out: 10 })
    })
  })

  it('whose batch is sent once more, since the answer to it was lost, does the step once', async () => {
    const twice: Step = async (act, at, bound) => {
      const first = await note(act, at, bound)
      expect(await note(act, at, bound)).toEqual({ moved: undefined })
      return first
    }
    await runWith(twice)
    expect([await job(), await places()]).toMatchObject([{ state: 'done', done: TOTAL, left_out: 10 }, EVERY_PLACE])
  })

  it('that loses the answer to a step goes on from what it wrote', async () => {
    const deaf: Step = async (act, at, bound) => {
      const { moved } = await note(act, at, bound)
      return { moved: at.done === 4 ? undefined : moved }
    }
    await runWith(deaf)
    expect([await job(), await places()]).toMatchObject([{ state: 'done', done: TOTAL }, EVERY_PLACE])
  })
})
