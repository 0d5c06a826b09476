import { and, eq, type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { type JOB_KINDS, type JOB_STATES, jobs } from '../../db/schema/jobs'
import { OUTBOX } from '../../limits'
import type { Act, MemberAct } from '../core/act'
import type { Place } from '../members/viewer'
import { isOpen } from '../outbox/lease'

export type JobKind = (typeof JOB_KINDS)[number]
export type JobState = (typeof JOB_STATES)[number]

/** How far a job has come, as its steps say it; what the words mean is theirs. */
type Mark = { place: string; done: number; leftOut: number }

/** A job that a runner has leased, as of its last step. `attempts` tells which of its runners that is. */
export type Job = Mark & { id: string; kind: JobKind; spec: unknown; total: number; attempts: number; createdAt: number }

/** `place`: of its first step, where it is not the empty text. */
type NewJob = { id: string; kind: JobKind; spec: object; total: number | SQL; place?: string | SQL }

/**
 * Begins a job for an admin, in the batch of what it needs, where `when` holds. Returns one row, or none where the job was begun before: however
 * often a form is posted, its id makes one job.
 */
export const beginJob = (
  { db, tenantId, memberId, by, now }: MemberAct,
  { id, kind, spec, total, place = '' }: NewJob,
  when: SQL = sql`true`,
) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO jobs (id, tenant_id, admin_id, ip, kind, spec, total, place, created_at, moved_at)
    SELECT ${id}, ${tenantId}, ${memberId}, ${by.ip}, ${kind}, ${JSON.stringify(spec)}, ${total}, ${place}, ${now}, ${now} WHERE ${when}
    ON CONFLICT DO NOTHING RETURNING id`,
  )

/** At most one row: a job of this workspace, whoever began it. */
export const jobOf = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, id: string) =>
  db
    .select({
      id: jobs.id,
      adminId: jobs.adminId,
      kind: jobs.kind,
      spec: jobs.spec,
      total: jobs.total,
      done: jobs.done,
      leftOut: jobs.leftOut,
      state: jobs.state,
      createdAt: jobs.createdAt,
      finishedAt: jobs.finishedAt,
    })
    .from(jobs)
    .where(and(eq(jobs.id, id), eq(jobs.tenantId, tenantId)))

export type JobPage = Awaited<ReturnType<typeof jobOf>>[number]

/**
 * That the job still is where its runner believes it to be, and its admin may still do it. Every statement of a step that writes asks this, so that
 * the step happens once, however many runners there are and wherever one of them died.
 */
export const atPlace = ({ id, attempts, place }: Pick<Job, 'id' | 'attempts' | 'place'>) => sql`EXISTS (
  SELECT 1 FROM jobs j JOIN members a ON a.id = j.admin_id AND a.tenant_id = j.tenant_id AND a.role = 'admin' AND a.status = 'active'
    JOIN tenants t ON t.id = j.tenant_id AND t.suspended_at IS NULL
  WHERE j.id = ${id} AND j.attempts = ${attempts} AND j.place = ${place} AND j.state = 'queued')`

/**
 * `place`: of the next step. `done`, `leftOut`: how many more by this one, which may be SQL over what the batch has just written. `total`: of
 * people, where it is known only now. `end`: the state of a job that is finished.
 */
type Move = {
  place: string | SQL
  done: number | SQL
  leftOut?: number | SQL
  total?: number
  finished: boolean | SQL
  end?: 'done' | 'outdated'
}
export type Moved = Mark & { total: number; state: 'queued' | 'done' | 'outdated' }

/**
 * Ends a step and leads on to the next. The last statement of its batch, since everything before it asks for the place. Returns where the job is
 * now; no row, and nothing of the batch was written, where it was not at its place.
 */
export const moveOn = (
  { db, now }: Act,
  job: Job,
  { place, done, leftOut = 0, total = job.total, finished: over, end = 'done' }: Move,
) => {
  const finished = typeof over === 'boolean' ? +over : over
  return raw<Moved>(
    db,
    sql`
    UPDATE jobs SET place = ${place}, done = done + ${done}, left_out = left_out + ${leftOut}, total = ${total}, ip = iif(${finished}, NULL, ip),
      leased_until = ${now + OUTBOX.leaseMs}, moved_at = ${now}, state = iif(${finished}, ${end}, 'queued'), finished_at = iif(${finished}, ${now}, NULL)
    WHERE ${isOpen(job)} AND ${atPlace(job)} RETURNING place, done, left_out AS leftOut, total, state`,
  )
}
