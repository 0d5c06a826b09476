import { eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { users } from '../../db/schema/identity'
import { jobs } from '../../db/schema/jobs'
import { members } from '../../db/schema/members'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { backoff } from '../outbox/backoff'
import { isOpen, lease, lost, type Outbox, postpone, settle } from '../outbox/lease'
import type { Job } from './job'

const JOBS: Outbox = { table: 'jobs' }

/** A job that could not go on for so long is given up, and says so. */
const GIVE_UP_MS = DAY_MS

/** A job that is ours for a while, and who acts in it: its admin, from where they began it. */
export type LeasedJob = { job: Job; act: MemberAct }

/** Takes those of these jobs that nobody else runs, in one round trip. */
export async function leaseJobs(db: Db, ids: string[], now: number): Promise<LeasedJob[]> {
  const [leased, rows] = await db.batch([lease(db, JOBS, ids, now), jobsWithAdmins(db).where(inArray(jobs.id, ids))])
  return rows.filter(({ id }) => leased.some((one) => one.id === id)).map((row) => toLeased(db, row, now))
}

/** The same job where it is by now, while it is still ours. */
export async function jobNow({ act: { db, now }, job }: LeasedJob): Promise<LeasedJob | undefined> {
  const [row] = await jobsWithAdmins(db).where(
    sql`${jobs.id} = ${job.id} AND ${jobs.attempts} = ${job.attempts} AND ${jobs.state} = 'queued'`,
  )
  return row && toLeased(db, row, now)
}

const jobsWithAdmins = (db: Db) =>
  db
    .select({
      id: jobs.id,
      tenantId: jobs.tenantId,
      adminId: jobs.adminId,
      ip: jobs.ip,
      name: users.name,
      email: members.email,
      kind: jobs.kind,
      spec: jobs.spec,
      total: jobs.total,
      place: jobs.place,
      done: jobs.done,
      leftOut: jobs.leftOut,
      attempts: jobs.attempts,
      createdAt: jobs.createdAt,
    })
    .from(jobs)
    .leftJoin(members, eq(members.id, jobs.adminId))
    .leftJoin(users, eq(users.id, members.userId))
    .$dynamic()

type Row = Awaited<ReturnType<typeof jobsWithAdmins>>[number]

const toLeased = (db: Db, { tenantId, adminId, ip, name, email, ...job }: Row, now: number): LeasedJob => ({
  job,
  act: { db, now, tenantId, memberId: adminId, by: { memberId: adminId, name, email, ip } },
})

/** Ids of jobs that somebody should be running by now. */
export const lostJobs = async (db: Db, now: number) => (await lost(db, JOBS, now)).map(({ id }) => id)

/** Lets the next runner take it at once. */
export const release = ({ act: { db, now }, job }: LeasedJob) => postpone(db, JOBS, job, now)

/** Nobody goes on with it before then. */
export const wait = ({ act: { db }, job }: LeasedJob, until: number) => postpone(db, JOBS, job, until)

/** After trouble. @returns when it is tried again (ms), or nothing where it was given up */
export async function putOff({ act: { db, now }, job }: LeasedJob): Promise<number | undefined> {
  const ageMs = now - job.createdAt
  const until = now + backoff({ attempts: Math.min(job.attempts, 10), ageMs })
  await (ageMs > GIVE_UP_MS ? settle(db, JOBS, job, 'failed', finishedAt(now)) : postpone(db, JOBS, job, until))
  return ageMs > GIVE_UP_MS ? undefined : until
}

/** Ends a job that its admin may not do any more, at the place where it was. */
export const stop = ({ act: { db, now }, job }: LeasedJob) =>
  raw(db, sql`UPDATE jobs SET state = 'stopped', ip = NULL, ${finishedAt(now)} WHERE ${isOpen(job)} AND place = ${job.place}`)

const finishedAt = (now: number) => sql`finished_at = ${now}`

/** Jobs are kept for a month, so that their reports can be read. */
const KEPT_MS = 30 * DAY_MS

/** At most `rows` of those that ended long ago, with whatever belongs to them. */
export const pruneJobs = (db: Db, now: number, rows: number) =>
  db.delete(jobs).where(inArray(jobs.id, sql`(SELECT j.id FROM jobs j WHERE j.finished_at <= ${now - KEPT_MS} LIMIT ${rows})`))
