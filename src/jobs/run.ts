import { connectForSafeWrites } from '../db/connect'
import type { Env, JobMessage } from '../env'
import { log, troubleOf } from '../log'
import { postNow } from '../mail/queue'
import type { MemberAct } from '../models/core/act'
import type { Job, JobKind, Moved } from '../models/jobs/job'
import { jobNow, type LeasedJob, leaseJobs, putOff, release, stop, wait } from '../models/jobs/lease'
import { consumeWith, type Messages } from '../outbox/consume'
import { telling } from './logouts'

/** A run of a free account may ask D1 and the Queues fifty times in all. */
const STEPS_OF_A_RUN = 12

/** One batch that ends with `moveOn`, the emails that it wrote, and when (ms) the next step can be taken, where that is not at once. */
export type Step = (
  act: MemberAct,
  job: Job,
  env: Env,
) => Promise<{ moved: Moved | undefined; mailIds?: string[]; until?: number | undefined }>
export type Steps = Partial<Record<JobKind, Step>>

/** The Queue's consumer. */
export const consumeJobs = (batch: Messages<JobMessage>, env: Env, steps: Steps) =>
  consumeWith({ action: 'run job', rowOf: ({ jobId }) => jobId, attempt: (ids) => runJobs(env, steps, ids) }, batch)

/** Those of these jobs that nobody else runs. @returns when to try again (ms), by job; with the others there is nothing left to do now */
export async function runJobs(env: Env, steps: Steps, ids: string[]): Promise<Map<string, number>> {
  const retries = new Map<string, number>()
  const { due, done } = telling(env)
  for (const leased of await leaseJobs(connectForSafeWrites(env.DB, due), ids, Date.now())) {
    const retryAt = await run(env, steps, leased)
    if (retryAt !== undefined) retries.set(leased.job.id, retryAt)
  }
  await done()
  return retries
}

/** Nothing here is lost by dying: the lease ends, and the sweep hands the job to the next from the place where it is. */
async function run(env: Env, steps: Steps, leased: LeasedJob): Promise<number | undefined> {
  const { id, kind } = leased.job
  try {
    const outcome = await goOn(env, steps, leased)
    log({ action: 'run job', outcome, kind, row: id })
  } catch (error) {
    log({ action: 'run job', outcome: 'failed', kind, row: id, ...troubleOf(error) })
    return putOff(leased)
  }
}

async function goOn(env: Env, steps: Steps, leased: LeasedJob) {
  let at: LeasedJob | undefined = leased
  for (let taken = 0; at && taken < STEPS_OF_A_RUN; taken++) {
    const next = await take(env, steps, at)
    if (typeof next === 'string') return next
    at = next
  }
  if (!at) return 'over'
  await release(at)
  await env.JOB_QUEUE.send({ jobId: at.job.id })
  return 'goes on'
}

/** Undefined: another runner has it, or it is over. */
async function take(
  env: Env,
  steps: Steps,
  at: LeasedJob,
): Promise<LeasedJob | 'done' | 'outdated' | 'stopped' | 'waits' | undefined> {
  const step = steps[at.job.kind]
  if (!step) throw new Error(`This build has no steps of "${at.job.kind}".`)
  const act = { ...at.act, now: Date.now() }
  const { moved, mailIds = [], until } = await step(act, at.job, env)
  await postNow(env, mailIds)
  if (moved && until !== undefined) return waitUntil({ act, job: { ...at.job, ...moved } }, until)
  if (moved) return moved.state !== 'queued' ? moved.state : { act, job: { ...at.job, ...moved } }
  return otherwise({ ...at, act })
}

async function waitUntil(at: LeasedJob, until: number) {
  await wait(at, until)
  return 'waits' as const
}

/** Nothing was written: the answer to it was lost, or another has moved it, or its admin may not any more. */
async function otherwise(at: LeasedJob) {
  const now = await jobNow(at)
  if (now?.job.place !== at.job.place) return now
  await stop(at)
  return 'stopped' as const
}
