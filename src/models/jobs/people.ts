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

/** The place of a job that has yet to remember some of its people: how many it has, and whom it goes on after. No id of a member begins so. */
const GATHERING = '?'

/** So many are remembered in one step: they come into memory on the way. */
const GATHERED_AT_ONCE = 5000

/** A job at a place that nobody else can know: only the batch that begins it there takes its first step. */
export const newJob = <S extends object>({ now }: Act, what: { id: string; kind: JobKind; spec: S; total: number }) => ({
  ...what,
  place: `${UNBEGUN}${randomId()}`,
  done: 0,
  leftOut: 0,
  attempts: 0,
  createdAt: now,
})

/** The same for more people than one batch should remember: the steps of the job do it, before anybody is changed. */
export const newGathering = <S extends object>(act: Act, what: { id: string; kind: JobKind; spec: S; total: number }) => ({
  ...newJob(act, what),
  place: gatheredTo(0, ''),
})

const gatheredTo = (people: number, after: string) => `${GATHERING}${people} ${after}`

export const isGathering = ({ place }: Job) => place.startsWith(GATHERING)

/** `next`: a SELECT of `id, state, key` of those who come after a key, in its order. `exactly`: whether they have to be as many as the job was begun for. */
type Gathering = { next: (after: string, rows: number) => SQL; exactly: boolean }

/** One step of remembering. The last one leads to whoever comes first or, where there is another number of people than there has to be, to the end. */
export async function gather(act: Act, job: Job, { next, exactly }: Gathering) {
  const [before = '', after = ''] = job.place.slice(GATHERING.length).split(' ')
  const people = await raw<{ id: string; state: string | null; key: string }>(act.db, next(after, GATHERED_AT_ONCE))
  const gathered = Number(before) + people.length
  const rows = sql`SELECT value ->> 'id' AS id, value ->> 'state' AS state FROM json_each(${JSON.stringify(people)})`
  const [, [moved]] = await act.db.batch([
    remember(act, job, rows),
    people.length === GATHERED_AT_ONCE
      ? moveOn(act, job, { place: gatheredTo(gathered, people.at(-1)?.key ?? ''), done: 0, finished: false })
      : moveOn(act, job, allGathered(job, gathered, exactly)),
  ])
  return { moved }
}

function allGathered({ total }: Job, people: number, exactly: boolean) {
  if (exactly && people !== total) return { place: '', done: 0, finished: true, end: 'outdated' as const }
  return { place: '', done: 0, total: people, finished: people === 0 }
}

/** Whom a job that was just begun in this batch is about. `people` is a SELECT of `id, state`; each is remembered as they are now. */
export const remember = ({ db }: Act, job: Job, people: SQL) =>
  raw(
    db,
    sql`INSERT INTO job_people (job_id, member_id, state) SELECT ${job.id}, s.id, s.state FROM (${people}) s WHERE ${atPlace(job)} ON CONFLICT DO NOTHING`,
  )

/** The people of this step, as a SELECT of `member_id, state, left_for`. */
export const inStep = ({ id, place }: Job) => sql`
  SELECT p.member_id, p.state, p.left_for FROM job_people p
  WHERE p.job_id = ${id} AND p.member_id > ${place.startsWith(UNBEGUN) ? '' : place} ORDER BY p.member_id LIMIT ${STEP_PEOPLE}`

/** Those of them who are not left, as a SELECT of ids in brackets; nobody where the job is not at its place. */
export const reached = (job: Job) => sql`(SELECT c.member_id FROM (${inStep(job)}) c WHERE c.left_for IS NULL AND ${atPlace(job)})`

/** Leaves people of this step. `why` is a SELECT of `member_id, reason`; a reason that is NULL leaves nobody. */
export const leaveOut = ({ db }: Act, job: Job, why: SQL) =>
  raw(
    db,
    sql`
    UPDATE job_people SET left_for = v.reason FROM (${why}) v
    WHERE job_people.job_id = ${job.id} AND job_people.member_id = v.member_id AND v.reason IS NOT NULL AND ${atPlace(job)}`,
  )

/** Whoever is beyond the number for whom there is room, of those it takes; in the order of the step. */
export const leaveOutBeyond = (act: MemberAct, job: Job, { most, takes, reason }: { most: SQL; takes: SQL; reason: string }) =>
  leaveOut(
    act,
    job,
    sql`SELECT r.member_id, iif(r.place > room.most, ${reason}, NULL) AS reason FROM (
      SELECT m.id AS member_id, row_number() OVER (ORDER BY m.id) AS place FROM members m WHERE m.id IN ${reached(job)} AND ${takes}) r
      CROSS JOIN (SELECT ${most} AS most) room`,
  )

/** Ends the step: the last statement of its batch. */
export const endStep = (act: Act, job: Job) =>
  moveOn(act, job, {
    place: sql`coalesce((SELECT max(c.member_id) FROM (${inStep(job)}) c), ${job.place})`,
    done: sql`(SELECT count(*) FROM (${inStep(job)}) c)`,
    leftOut: sql`(SELECT count(*) FROM (${inStep(job)}) c WHERE c.left_for IS NOT NULL)`,
    finished: job.done + STEP_PEOPLE >= job.total,
  })

/** What a step does to its people. `mails`: the statement that returns the ids of emails. */
export type StepOf = { statements: BatchItem<'sqlite'>[]; mails?: BatchItem<'sqlite'> | undefined }

/** With what decides about them before, and what moves the job on behind. */
export type WholeStep = StepOf & { statements: [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] }
