import * as v from 'valibot'
import type { MemberAct } from '../core/act'
import type { Job } from '../jobs/job'
import { removeOn } from './finish'
import { reviewOf } from './review'
import { prepareOn } from './start'

const SPEC = v.object({ review: v.string(), does: v.picklist(['prepare', 'remove']) })

/** Another step of what a review of many people takes: to write them down, or to remove those who are to be removed. */
export async function reviewOn(act: MemberAct, job: Job) {
  const { review, does } = v.parse(SPEC, job.spec)
  if (does === 'remove') return removeOn(act, job, review)
  const [found] = await reviewOf(act, review)
  return prepareOn(act, job, { id: review, role: found?.role ?? undefined, status: found?.status ?? undefined })
}
