import { type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { raw } from '../../db/raw'
import { recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { removePending } from '../invitations/cancel'
import { atPlace, beginJob, type Job, moveOn } from '../jobs/job'
import { STEP_PEOPLE } from '../jobs/people'
import { carryOut, removal } from '../members/changes'
import { lastRemovalOf } from './review'
import { shownOf } from './shown'

/** `stale`: it is not open any more, or other people are to be removed than the page said. */
export type Finished = { reason: 'stale' } | { job: string | undefined }

/**
 * `removes`: how many people the page said would be removed. `lastRemoval`: when (ms) the last of them was marked, which tells them from as many
 * others; null where nobody is.
 */
type Finish = { id: string; removes: number; lastRemoval: number | null }

/** Removes those who are to be removed and still are what the review shows, and closes it; what cannot be done at once a job does. */
export async function finishReview(act: MemberAct, shown: Finish): Promise<Finished> {
  const { id, removes } = shown
  if (removes > STEP_PEOPLE) return beginFinish(act, shown)
  const nonce = randomId()
  const ours = sql`EXISTS (SELECT 1 FROM reviews r WHERE ${itself(act, id)} AND r.state = 'finishing' AND r.job_id = ${nonce})`
  const [claimed] = await act.db.batch([
    raw<{ id: string }>(
      act.db,
      sql`UPDATE reviews AS r SET state = 'finishing', job_id = ${nonce}
        WHERE ${itself(act, id)} AND ${isAsShown(act, shown)} AND ${isAdmin(act)} RETURNING id`,
    ),
    ...removeNext(act, id, ours, 0),
    ...close(act, id, ours),
  ])
  return claimed.length === 1 ? { job: undefined } : { reason: 'stale' }
}

async function beginFinish(act: MemberAct, shown: Finish): Promise<Finished> {
  const { id, removes } = shown
  const job = `review-${randomId()}`
  const when = sql`EXISTS (SELECT 1 FROM reviews r WHERE ${itself(act, id)} AND ${isAsShown(act, shown)})`
  const spec = { review: id, does: 'remove' }
  const place = sql`coalesce((SELECT CAST(max(p.place) AS TEXT) FROM review_people p
    WHERE p.tenant_id = ${act.tenantId} AND p.review_id = ${id} AND p.verdict IN ('removed', 'left')), '')`
  const [begun] = await act.db.batch([
    beginJob(act, { id: job, kind: 'review', spec, total: removes, place }, when),
    raw(
      act.db,
      sql`UPDATE reviews AS r SET state = 'finishing', job_id = ${job}
        WHERE ${itself(act, id)} AND EXISTS (SELECT 1 FROM jobs j WHERE j.id = ${job})`,
    ),
  ])
  return begun.length === 1 ? { job } : { reason: 'stale' }
}

/** Of a review `r`. */
const itself = ({ tenantId }: MemberAct, id: string) => sql`r.tenant_id = ${tenantId} AND r.id = ${id}`

/** Of a review `r`: open, or left behind by a job that is over; and the same people are to be removed. */
const isAsShown = ({ tenantId }: MemberAct, { id, removes, lastRemoval }: Finish) => sql`
  (r.state = 'open' OR r.state = 'finishing' AND NOT EXISTS (SELECT 1 FROM jobs q WHERE q.id = r.job_id AND q.state = 'queued'))
  AND coalesce((SELECT c.people FROM review_counts c WHERE c.tenant_id = ${tenantId} AND c.review_id = ${id} AND c.verdict = 'remove'), 0) = ${removes}
  AND ${lastRemovalOf({ tenantId, id })} IS ${lastRemoval}`

const isAdmin = ({ tenantId, memberId }: MemberAct) => sql`EXISTS (
  SELECT 1 FROM members a WHERE a.tenant_id = ${tenantId} AND a.id = ${memberId} AND a.role = 'admin' AND a.status = 'active')`

/**
 * Decides about the next people to remove where `when` holds, then removes them. Whoever is not what the review shows is left, and so is whoever
 * finishes it: they are the admin who always remains. `after` is the place of the last one who was dealt with.
 */
function removeNext(act: MemberAct, id: string, when: SQL, after: number): [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] {
  const { tenantId, memberId } = act
  const removed = sql`SELECT p.member_id FROM review_people p
    WHERE p.tenant_id = ${tenantId} AND p.review_id = ${id} AND p.verdict = 'removed' AND p.place > ${after}`
  const active = sql`(SELECT m.id FROM members m WHERE m.id IN (${removed}) AND m.status <> 'pending')`
  return [
    raw(
      act.db,
      sql`
      UPDATE review_people SET verdict = iif(f.why IS NULL, 'removed', 'left'), left_for = f.why
      FROM (
        SELECT p.place, CASE WHEN m.id IS NULL THEN 'gone' WHEN m.id = ${memberId} THEN 'self'
          WHEN m.email_key <> p.email_key OR p.shown <> ${shownOf(act)} THEN 'changed' END AS why
        FROM (
          SELECT n.place, n.member_id, n.email_key, n.shown FROM review_people n
          WHERE n.tenant_id = ${tenantId} AND n.review_id = ${id} AND n.verdict = 'remove' AND n.place > ${after}
          ORDER BY n.place LIMIT ${STEP_PEOPLE}) p
        LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = p.member_id
      ) f
      WHERE review_people.tenant_id = ${tenantId} AND review_people.review_id = ${id} AND review_people.place = f.place AND ${when}`,
    ),
    ...removePending(act, 'cancelled', sql`member_id IN (${removed})`, randomId()),
    ...carryOut(act, removal(act, 'deleted'), active, undefined),
  ]
}

/** With an entry that says how it ended. */
const close = (act: MemberAct, id: string, when: SQL): BatchItem<'sqlite'>[] => [
  recordWorkspace(
    act,
    'review_finished',
    {
      after: sql`(SELECT json_group_object(c.verdict, c.people) FROM review_counts c
      WHERE c.tenant_id = ${act.tenantId} AND c.review_id = ${id} AND c.people > 0)`,
    },
    when,
  ),
  raw(
    act.db,
    sql`UPDATE reviews SET state = 'finished', finished_at = ${act.now}, finished_by = ${act.memberId}
      WHERE tenant_id = ${act.tenantId} AND id = ${id} AND ${when}`,
  ),
]

/** One step of the job, whose place is that of the last person who was dealt with. The one that leaves nobody to remove closes the review. */
export async function removeOn(act: MemberAct, job: Job, id: string) {
  const [after, those] = [Number(job.place), sql`p.tenant_id = ${act.tenantId} AND p.review_id = ${id}`]
  const next = sql`(SELECT p.place FROM review_people p WHERE ${those} AND p.verdict = 'remove' ORDER BY p.place LIMIT 1)`
  const dealtWith = sql`FROM review_people p WHERE ${those} AND p.verdict IN ('removed', 'left') AND p.place > ${after}`
  const results = await act.db.batch([
    ...removeNext(act, id, atPlace(job), after),
    ...close(act, id, sql`${atPlace(job)} AND ${next} IS NULL`),
    moveOn(act, job, {
      place: sql`(SELECT CAST(max(p.place) AS TEXT) ${dealtWith})`,
      done: sql`(SELECT count(*) ${dealtWith})`,
      finished: sql`${next} IS NULL`,
    }),
  ])
  return { moved: results.at(-1)?.[0] }
}
