import { eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { users } from '../../db/schema/identity'
import { jobs } from '../../db/schema/jobs'
import { members } from '../../db/schema/members'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { backoff } from '../outbox/backoff'
import { isOpen, lease, lost, type Outbox, postpone } from '../outbox/lease'
import type { Job } from './job'

const JOBS: Outbox = { table: 'jobs' }

/** A job that could not go on for so long is given up, and says so. One that waits for a day to come is not stuck. */
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
export const wait = ({ act: { db }, job }: LeasedJob, until: number) => postpone(db, JOBS, job, until, sql`moved_at = ${until}`)

/** After trouble. @returns when it is tried again (ms), or nothing where it was given up, or is somebody else's by now */
export async function putOff({ act: { db, now }, job }: LeasedJob): Promise<number | undefined> {
  const until = now + backoff({ attempts: Math.min(job.attempts, 10), ageMs: now - job.createdAt })
  const isStuck = sql`coalesce(moved_at, created_at) < ${now - GIVE_UP_MS}`
  const [left] = await raw<{ state: string }>(
    db,
    sql`
    UPDATE jobs SET leased_until = ${until}, state = iif(${isStuck}, 'failed', 'queued'), finished_at = iif(${isStuck}, ${now}, NULL),
      ip = iif(${isStuck}, NULL, ip)
    WHERE ${isOpen(job)} RETURNING state`,
  )
  return left?.state === 'queued' ? until : undefined
}

/** Ends a job that its admin may not do any more, at the place where it was. */
export const stop = ({ act: { db, now }, job }: LeasedJob) =>
  raw(db, sql`UPDATE jobs SET state = 'stopped', ip = NULL, finished_at = ${now} WHERE ${isOpen(job)} AND place = ${job.place}`)

/** Jobs are kept for a month, so that their reports can be read. */
const KEPT_MS = 30 * DAY_MS

/** Of jobs that ended long ago at most `rows` of their people and, once none is left, at most `rows` of the jobs. */
export const pruneJobs = (db: Db, now: number, rows: number) => {
  const old = sql`jobs j WHERE j.finished_at <= ${now - KEPT_MS}`
  return [
    raw(
      db,
      sql`
      DELETE FROM job_people WHERE (job_id, member_id) IN (
        SELECT p.job_id, p.member_id FROM (SELECT j.id FROM ${old}) o CROSS JOIN job_people p ON p.job_id = o.id LIMIT ${rows})`,
    ),
    raw(
      db,
      sql`
      DELETE FROM jobs WHERE id IN (
        SELECT j.id FROM ${old} AND NOT EXISTS (SELECT 1 FROM job_people p WHERE p.job_id = j.id) LIMIT ${rows})`,
    ),
  ] as const
}
