import * as v from 'valibot'
import { ROLES } from '../../db/schema/members'
import type { MemberAct } from '../core/act'
import { idsIn } from '../invitations/resend-many'
import type { Caps } from '../invitations/sending-limit'
import { beginJob, type Job, type JobPage, jobOf } from '../jobs/job'
import {
  endStep,
  gather,
  inStep,
  isGathering,
  leaveOut,
  leaveOutBeyond,
  newGathering,
  newJob,
  reached,
  remember,
  type WholeStep,
} from '../jobs/people'
import { STATUSES } from '../members/member'
import { TURNS } from '../members/standing'
import { CHANGES, changeOf, type Wanted } from './change'
import { areAsShown, type Chosen, chosenPeople, isOneBatch, nextWhoMatch, numberOf, verdictsOn } from './chosen'

const EVERYBODY = v.object({
  q: v.string(),
  status: v.optional(v.picklist(STATUSES)),
  role: v.optional(v.picklist(ROLES)),
})

/**
 * What a job of this kind does. `list` is the query of the list that the people were chosen in; `everybody`: who matches it, where the job has to find
 * them; `since`: which entries tell who changed somebody.
 */
export const SPEC = v.object({
  change: v.picklist(CHANGES),
  endsAt: v.optional(v.nullable(v.number())),
  preset: v.optional(v.string()),
  list: v.string(),
  everybody: v.optional(EVERYBODY),
  since: v.optional(v.array(v.string())),
})
export type ChangeSpec = v.InferOutput<typeof SPEC>

/** What a job changes, or takes back; undefined where it does something else to people. */
export function specOf({ kind, spec }: Pick<JobPage, 'kind' | 'spec'>): ChangeSpec | undefined {
  if (kind === 'change') return v.parse(SPEC, spec)
  return kind === 'undo' ? v.parse(v.object({ of: SPEC }), spec).of : undefined
}

/** `id` is the form's own: however often it is posted, it makes one change. */
export type NewChange = { id: string; spec: Omit<ChangeSpec, 'since' | 'everybody'>; chosen: Chosen }

/** `job` is missing where the people are not those whom the form meant. */
export type Begun = { job: JobPage | undefined; mailIds: string[] }

/** Changes up to a thousand people in one batch, by the step that the job of more of them takes; of more this only begins the job. */
export async function beginChange(act: MemberAct, { id, spec, chosen }: NewChange, caps: Caps): Promise<Begun> {
  const what = { id, kind: 'change', spec: { ...spec, since: TURNS }, total: numberOf(chosen) } as const
  if ('filter' in chosen && !isOneBatch(chosen))
    return beginWith(act, newGathering(act, { ...what, spec: { ...what.spec, everybody: chosen.filter } }))
  const job = newJob(act, what)
  const first: WholeStep | undefined = isOneBatch(chosen) ? stepOf(act, job, spec, caps) : undefined
  const results = await act.db.batch([
    beginJob(act, job, areAsShown(act, chosen)),
    remember(act, job, chosenPeople(act, chosen)),
    ...(first?.statements ?? []),
    jobOf(act, id),
  ])
  return { job: results.at(-1)?.[0], mailIds: first ? mailIdsIn(first, results.slice(2)) : [] }
}

async function beginWith(act: MemberAct, job: ReturnType<typeof newGathering>): Promise<Begun> {
  const [, found] = await act.db.batch([beginJob(act, job), jobOf(act, job.id)])
  return { job: found[0], mailIds: [] }
}

/** Another step of the job. */
export async function continueChange(act: MemberAct, job: Job, caps: Caps) {
  const spec = v.parse(SPEC, job.spec)
  const { everybody } = spec
  // Who matches is who did when it was asked for: by the clock, nobody comes or goes while they are gathered.
  const at = { ...act, now: job.createdAt }
  if (isGathering(job) && everybody)
    return gather(act, job, { next: (after, rows) => nextWhoMatch(at, everybody, after, rows), exactly: true })
  const step = stepOf(act, job, spec, caps)
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
      leaveOut(act, job, verdictsOn(act, { people: inStep(job), change, self: act.memberId })),
      ...(change.rooms ?? []).map((room) => leaveOutBeyond(act, job, room)),
      ...statements,
      endStep(act, job),
    ],
  }
}

/** `results` are those of its statements. */
export const mailIdsIn = ({ statements, mails }: WholeStep, results: { id: string }[][]) =>
  mails ? idsIn(results[statements.indexOf(mails)]) : []
