import { type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { raw } from '../../db/raw'
import type { Act, MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { atPlace, type Job, type JobKind, moveOn } from './job'

/** One step of a job about people takes so many, and one batch of D1 carries it. */
export const STEP_PEOPLE = 1000

/** Marks the place of a job that nobody has taken a step of; no id of a member begins so. */
const UNBEGUN = '!'

/** A job at a place that nobody else can know: only the batch that begins it there takes its first step. */
export const newJob = <S extends object>({ now }: Act, what: { id: string; kind: JobKind; spec: S; total: number }) => ({
  ...what,
  place: `${UNBEGUN}${randomId()}`,
  done: 0,
  leftOut: 0,
  attempts: 0,
  createdAt: now,
})

/** Whom a job that was just begun in this batch is about. `people` is a SELECT of `id, state`; each is remembered as they are now. */
export const remember = ({ db }: Act, job: Job, people: SQL) =>
  raw(
    db,
    sql`INSERT INTO job_people (job_id, member_id, state) SELECT ${job.id}, s.id, s.state FROM (${people}) s WHERE ${atPlace(job)}`,
  )

/** The people of this step, as a SELECT of `member_id, state, left_for`. */
export const inStep = ({ id, place }: Job) => sql`
  SELECT p.member_id, p.state, p.left_for FROM job_people p
  WHERE p.job_id = ${id} AND p.member_id > ${place.startsWith(UNBEGUN) ? '' : place} ORDER BY p.member_id LIMIT ${STEP_PEOPLE}`

/** Those of them who are not left, as a SELECT of ids in brackets; nobody where the job is not at its place. */
export const reached = (job: Job) => sql`(SELECT c.member_id FROM (${inStep(job)}) c WHERE c.left_for IS NULL AND ${atPlace(job)})`

/** Leaves people of this step. `why` is a SELECT of `member_id, reason`; a reason that is NULL leaves nobody. */
export const leave = ({ db }: Act, job: Job, why: SQL) =>
  raw(
    db,
    sql`
    UPDATE job_people SET left_for = v.reason FROM (${why}) v
    WHERE job_people.job_id = ${job.id} AND job_people.member_id = v.member_id AND v.reason IS NOT NULL AND ${atPlace(job)}`,
  )

/** Whoever is beyond the number for whom there is room, of those it takes; in the order of the step. */
export const leaveBeyond = (act: MemberAct, job: Job, { most, takes, reason }: { most: SQL; takes: SQL; reason: string }) =>
  leave(
    act,
    job,
    sql`SELECT r.member_id, iif(r.place > room.most, ${reason}, NULL) AS reason FROM (
      SELECT m.id AS member_id, row_number() OVER (ORDER BY m.id) AS place FROM members m WHERE m.id IN ${reached(job)} AND ${takes}) r
      CROSS JOIN (SELECT ${most} AS most) room`,
  )

/** Ends the step: the last statement of its batch. */
export const goOn = (act: Act, job: Job) =>
  moveOn(act, job, {
    place: sql`(SELECT max(c.member_id) FROM (${inStep(job)}) c)`,
    done: sql`(SELECT count(*) FROM (${inStep(job)}) c)`,
    leftOut: sql`(SELECT count(*) FROM (${inStep(job)}) c WHERE c.left_for IS NOT NULL)`,
    finished: job.done + STEP_PEOPLE >= job.total,
  })

/** What a step does to its people. `mails`: the statement that returns the ids of emails. */
export type StepOf = { statements: BatchItem<'sqlite'>[]; mails?: BatchItem<'sqlite'> | undefined }

/** With what decides about them before, and what moves the job on behind. */
export type WholeStep = StepOf & { statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] }
