import * as v from 'valibot'
import type { MemberAct } from '../core/act'
import { idsIn } from '../invitations/resend-many'
import type { Caps } from '../invitations/sending-limit'
import { beginJob, type Job, type JobPage, jobOf } from '../jobs/job'
import { goOn, inStep, leave, leaveBeyond, newJob, reached, remember, type WholeStep } from '../jobs/people'
import { TURNS } from '../members/standing'
import { CHANGES, changeOf, type Wanted } from './change'
import { areAsShown, type Chosen, chosenPeople, numberOf, verdictsOn } from './chosen'

/** What a job of this kind does. `list` is the query of the list that the people were chosen in; `since`: which entries tell who changed somebody. */
export const SPEC = v.object({
  change: v.picklist(CHANGES),
  endsAt: v.optional(v.nullable(v.number())),
  preset: v.optional(v.string()),
  list: v.string(),
  since: v.optional(v.array(v.string())),
})
export type ChangeSpec = v.InferOutput<typeof SPEC>

/** What a job changes, or takes back; undefined where it does something else to people. */
export function specOf({ kind, spec }: Pick<JobPage, 'kind' | 'spec'>): ChangeSpec | undefined {
  if (kind === 'change') return v.parse(SPEC, spec)
  return kind === 'undo' ? v.parse(v.object({ of: SPEC }), spec).of : undefined
}

/** `id` is the form's own: however often it is posted, it makes one change. */
export type NewChange = { id: string; spec: Omit<ChangeSpec, 'since'>; chosen: Chosen }

/** `job` is missing where the people are not those whom the form meant. */
export type Begun = { job: JobPage | undefined; mailIds: string[] }

/** Changes up to a thousand people, and begins to change more of them: one batch, whose steps are those of the job that goes on with the rest. */
export async function beginChange(act: MemberAct, { id, spec, chosen }: NewChange, caps: Caps): Promise<Begun> {
  const job = newJob(act, { id, kind: 'change', spec: { ...spec, since: TURNS }, total: numberOf(chosen) })
  const first = stepOf(act, job, spec, caps)
  const results = await act.db.batch([
    beginJob(act, job, areAsShown(act, chosen)),
    remember(act, job, chosenPeople(act, chosen)),
    ...first.statements,
    jobOf(act, id),
  ])
  return { job: results.at(-1)?.[0], mailIds: mailIdsIn(first, results.slice(2)) }
}

/** Another step of the job. */
export async function continueChange(act: MemberAct, job: Job, caps: Caps) {
  const step = stepOf(act, job, v.parse(SPEC, job.spec), caps)
  const results = await act.db.batch(step.statements)
  return { moved: results.at(-1)?.[0], mailIds: mailIdsIn(step, results) }
}

/** Decides about the people of a step, then does it to those who are not left. */
export function stepOf(act: MemberAct, job: Job, wanted: Wanted, caps: Caps): WholeStep {
  const change = changeOf(act, wanted, caps)
  const { statements, mails } = change.write(reached(job), job.id)
  return {
    mails,
    statements: [
      leave(act, job, verdictsOn(act, { people: inStep(job), change, self: act.memberId })),
      ...(change.rooms ?? []).map((room) => leaveBeyond(act, job, room)),
      ...statements,
      goOn(act, job),
    ],
  }
}

/** `results` are those of its statements. */
export const mailIdsIn = ({ statements, mails }: WholeStep, results: { id: string }[][]) =>
  mails ? idsIn(results[statements.indexOf(mails)]) : []
