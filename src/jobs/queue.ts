import { connect } from '../db/connect'
import type { Env } from '../env'
import { log, troubleOf } from '../log'
import { lostJobs } from '../models/jobs/lease'

/** Tells the Queue of a job, after the answer: nobody waits for it, and what it loses the Cron's sweep finds. */
export function start(env: Env, background: Pick<ExecutionContext, 'waitUntil'>, jobId: string) {
  const failed = (error: unknown) => log({ action: 'queue job', outcome: 'failed', row: jobId, ...troubleOf(error) })
  background.waitUntil(env.JOB_QUEUE.send({ jobId }).catch(failed))
}

/** The Cron's part: jobs that the Queue dropped, or whose runner died. @returns how many */
export async function sweepJobs({ JOB_QUEUE, DB }: Env, now: number): Promise<number> {
  const ids = await lostJobs(connect(DB), now)
  if (ids.length) await JOB_QUEUE.sendBatch(ids.map((jobId) => ({ body: { jobId } })))
  return ids.length
}
