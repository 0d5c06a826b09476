import { type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { raw } from '../../db/raw'
import { UNDO_KINDS } from '../../db/schema/undo'
import type { MemberAct } from '../core/act'
import { atPlace, beginJob, type Job, type JobPage, jobOf } from '../jobs/job'
import { goOn, inStep, leave, newJob, reached, remember, type WholeStep } from '../jobs/people'
import type { Place } from '../members/viewer'
import { openValues } from './restore'
import { CHANGED_SINCE, RESTORES, type Undo } from './undo'

/** The undo of a change of many is named like its job, and its own job after it: pressed however often, it is one. */
export const undoJobOf = (undoId: string) => `undo-${undoId}`

/** What a job of this kind does; `of` is the change, as its own job has it. */
const SPEC = v.object({ undo: v.string(), kind: v.picklist(UNDO_KINDS), of: v.unknown(), since: v.array(v.string()) })

/** How many people an undo is about. */
export const peopleIn = ({ db }: Pick<Place, 'db'>, undoId: string) =>
  raw<{ people: number }>(db, sql`SELECT count(DISTINCT v.subject) AS people FROM undo_values v WHERE v.undo_id = ${undoId}`)

/** `total`: of people. `of`: what the change was, as its job has it. */
type Wanted = Undo & { total: number; of: unknown }

/** Takes a change of many back, or begins to: up to a thousand people in this batch. No job: it could not be pressed any more. */
export async function beginUndo(act: MemberAct, { id, kind, total, of }: Wanted): Promise<JobPage | undefined> {
  const spec = { undo: id, kind, of, since: CHANGED_SINCE(kind) }
  const job = newJob(act, { id: undoJobOf(id), kind: 'undo', spec, total })
  const results = await act.db.batch([
    beginJob(act, job, canBePressed(act, id)),
    remember(act, job, sql`SELECT DISTINCT v.subject AS id, NULL AS state FROM undo_values v WHERE v.undo_id = ${id}`),
    raw(act.db, sql`UPDATE undos SET undone_at = ${act.now} WHERE id = ${id} AND ${atPlace(job)}`),
    ...stepOf(act, job).statements,
    jobOf(act, job.id),
  ])
  return results.at(-1)?.[0]
}

/** Not while the change itself goes on. */
const canBePressed = (act: MemberAct, id: string) => sql`EXISTS (SELECT 1 FROM ${openValues(act, { id })})
  AND NOT EXISTS (SELECT 1 FROM jobs c WHERE c.id = ${id} AND c.state = 'queued')`

/** Another step of the job. */
export async function continueUndo(act: MemberAct, job: Job) {
  const results = await act.db.batch(stepOf(act, job).statements)
  return { moved: results.at(-1)?.[0] }
}

function stepOf(act: MemberAct, job: Job): WholeStep {
  const { undo: id, kind } = v.parse(SPEC, job.spec)
  const { stands, blocked, write } = RESTORES[kind](act, { id, step: reached(job) })
  return { statements: [leave(act, job, whyNot(act, job, stands, blocked)), ...write, goOn(act, job)] }
}

/** Somebody of whom nothing stands is left. */
const whyNot = ({ tenantId }: MemberAct, job: Job, stands: SQL, blocked?: SQL) => sql`
  SELECT c.member_id, CASE WHEN c.member_id IN (SELECT s.subject FROM (${stands}) s) THEN NULL WHEN m.id IS NULL THEN 'gone'
    ELSE coalesce(${blocked ? sql`(SELECT b.reason FROM (${blocked}) b WHERE b.subject = c.member_id)` : null}, 'changed') END AS reason
  FROM (${inStep(job)}) c LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = c.member_id`
