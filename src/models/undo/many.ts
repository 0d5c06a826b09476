import { type SQL, sql } from 'drizzle-orm'
import * as v from 'valibot'
import { raw } from '../../db/raw'
import { UNDO_KINDS } from '../../db/schema/undo'
import type { MemberAct } from '../core/act'
import { atPlace, beginJob, type Job, type JobPage, jobOf } from '../jobs/job'
import {
  endStep,
  gather,
  inStep,
  isGathering,
  leaveOut,
  newGathering,
  newJob,
  reached,
  remember,
  STEP_PEOPLE,
  type WholeStep,
} from '../jobs/people'
import { openValues } from './restore'
import { CHANGED_SINCE, RESTORES, type Undo } from './undo'

/** The undo of a change of many is named like its job, and its own job after it: pressed however often, it is one. */
export const undoJobOf = (undoId: string) => `undo-${undoId}`

/** What a job of this kind does; `of` is the change, as its own job has it. */
const SPEC = v.object({ undo: v.string(), kind: v.picklist(UNDO_KINDS), of: v.unknown(), since: v.array(v.string()) })

/** `of`: the job of the change. */
type Wanted = Undo & { of: Pick<JobPage, 'spec' | 'done' | 'leftOut'> }

/** Takes a change of up to a thousand people back in one batch, or begins the job that does. No job: it could not be pressed any more. */
export async function beginUndo(act: MemberAct, { id, kind, of }: Wanted): Promise<JobPage | undefined> {
  const what = {
    id: undoJobOf(id),
    kind: 'undo',
    spec: { undo: id, kind, of: of.spec, since: CHANGED_SINCE(kind) },
    total: of.done - of.leftOut,
  } as const
  const isOneBatch = what.total <= STEP_PEOPLE
  const job = isOneBatch ? newJob(act, what) : newGathering(act, what)
  const results = await act.db.batch([
    beginJob(act, job, canBePressed(act, id)),
    raw(act.db, sql`UPDATE undos SET undone_at = ${act.now} WHERE id = ${id} AND undone_at IS NULL AND ${atPlace(job)}`),
    ...(isOneBatch ? [remember(act, job, nextKept(id, '', STEP_PEOPLE)), ...stepOf(act, job).statements] : []),
    jobOf(act, job.id),
  ])
  return results.at(-1)?.[0]
}

/** The next of whom it has kept something: a SELECT of `id, state, key`. */
const nextKept = (undoId: string, after: string, rows: number) => sql`
  SELECT DISTINCT v.subject AS id, NULL AS state, v.subject AS key FROM undo_values v WHERE v.undo_id = ${undoId} AND v.subject > ${after}
  ORDER BY v.subject LIMIT ${rows}`

/** Not while the change itself goes on. */
const canBePressed = (act: MemberAct, id: string) => sql`EXISTS (SELECT 1 FROM ${openValues(act, { id })})
  AND NOT EXISTS (SELECT 1 FROM jobs c WHERE c.id = ${id} AND c.state = 'queued')`

/** Another step of the job. */
export async function continueUndo(act: MemberAct, job: Job) {
  const { undo: id } = v.parse(SPEC, job.spec)
  if (isGathering(job)) return gather(act, job, { next: (after, rows) => nextKept(id, after, rows), exactly: false })
  const results = await act.db.batch(stepOf(act, job).statements)
  return { moved: results.at(-1)?.[0] }
}

function stepOf(act: MemberAct, job: Job): WholeStep {
  const { undo: id, kind } = v.parse(SPEC, job.spec)
  const { stands, blocked, write } = RESTORES[kind](act, { id, step: reached(job) })
  return { statements: [leaveOut(act, job, whyNot(act, job, stands, blocked)), ...write, endStep(act, job)] }
}

/** Somebody of whom nothing stands is left. */
const whyNot = ({ tenantId }: MemberAct, job: Job, stands: SQL, blocked?: SQL) => sql`
  SELECT c.member_id, CASE WHEN c.member_id IN (SELECT s.subject FROM (${stands}) s) THEN NULL WHEN m.id IS NULL THEN 'gone'
    ELSE coalesce(${blocked ? sql`(SELECT b.reason FROM (${blocked}) b WHERE b.subject = c.member_id)` : null}, 'changed') END AS reason
  FROM (${inStep(job)}) c LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = c.member_id`
