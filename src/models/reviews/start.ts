import { type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { raw } from '../../db/raw'
import type { Role } from '../access/access'
import { asJson, recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { atPlace, beginJob, type Job, moveOn } from '../jobs/job'
import { isActive, statusAt } from '../members/active'
import type { MemberStatus } from '../members/membership'
import { nameOfMember } from '../members/their-name'
import { agentNames, shownOf } from './shown'

/** Up to so many people are written down with the form that starts a review; more of them by a job. */
export const AT_ONCE = 1000
/** So many people are written down by one statement. */
const WRITTEN = 5000

/** Whom a review is about: everybody, or those of a role or status. */
export type ReviewScope = { role?: Role | undefined; status?: MemberStatus | undefined }

/** `id` is the form's own: however often it is posted, it starts one review. `people`: how many there are, by the kept counts. */
type NewReview = ReviewScope & { id: string; people: number }

/** Writes down who has access, all of it at once or by a job that goes on. @returns the id of the job, if there is one */
export async function startReview(act: MemberAct, review: NewReview): Promise<string | undefined> {
  const many = review.people > AT_ONCE
  await act.db.batch([...begun(act, review, many ? 'preparing' : 'open'), ...(many ? [] : writeDown(act, review))])
  return many ? jobOf(review) : undefined
}

const jobOf = ({ id }: { id: string }) => `review-${id}`

function begun(act: MemberAct, review: NewReview, state: 'preparing' | 'open'): [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] {
  const { id, role = null, status = null, people } = review
  const isNew = sql`NOT EXISTS (SELECT 1 FROM reviews r WHERE r.tenant_id = ${act.tenantId} AND r.id = ${id})`
  const job = { id: jobOf(review), kind: 'review', spec: { review: id, does: 'prepare' }, total: people } as const
  return [
    recordWorkspace(
      act,
      'review_started',
      { after: asJson({ role: role ?? undefined, status: status ?? undefined, people }) },
      isNew,
    ),
    ...(state === 'preparing' ? [beginJob(act, job, isNew)] : []),
    raw(
      act.db,
      sql`
      INSERT INTO reviews (tenant_id, id, state, role, status, started_at, started_by, job_id)
      VALUES (${act.tenantId}, ${id}, ${state}, ${role}, ${status}, ${act.now}, ${act.memberId}, ${state === 'preparing' ? job.id : null})
      ON CONFLICT DO NOTHING`,
    ),
  ]
}

/** The next people in the order of addresses, where `when` holds, and how many there are by now. A review that has people already gets none but by `when`. */
function writeDown(act: MemberAct, review: { id: string } & ReviewScope, when: SQL = isEmpty(act, review)) {
  return [
    raw(
      act.db,
      sql`
      INSERT INTO review_people (tenant_id, review_id, place, member_id, email, email_key, name, role, status, shown, agents)
      SELECT m.tenant_id, ${review.id}, last.place + row_number() OVER (ORDER BY m.email_key), m.id, m.email, m.email_key, ${nameOfMember}, m.role,
        ${statusAt(act.now, 'm')}, ${shownOf(act)}, ${agentNames}
      FROM (${lastOf(act, review)}) last CROSS JOIN (
        SELECT n.* FROM (${lastOf(act, review)}) after CROSS JOIN members n
        WHERE n.tenant_id = ${act.tenantId} AND n.email_key > after.email_key AND ${isReviewed(act, review)} AND ${when}
        ORDER BY n.email_key LIMIT ${WRITTEN}) m`,
    ),
    raw(
      act.db,
      sql`UPDATE reviews SET people = (SELECT last.place FROM (${lastOf(act, review)}) last) WHERE tenant_id = ${act.tenantId} AND id = ${review.id}`,
    ),
  ] as const
}

const isEmpty = ({ tenantId }: MemberAct, { id }: { id: string }) =>
  sql`NOT EXISTS (SELECT 1 FROM review_people e WHERE e.tenant_id = ${tenantId} AND e.review_id = ${id})`

/** One row: the last of those that are written down. */
const lastOf = ({ tenantId }: MemberAct, { id }: { id: string }) => sql`
  SELECT coalesce(max(l.place), 0) AS place, coalesce(max(l.email_key), '') AS email_key FROM (
    SELECT p.place, p.email_key FROM review_people p WHERE p.tenant_id = ${tenantId} AND p.review_id = ${id} ORDER BY p.place DESC LIMIT 1) l`

/** Of members `n`. */
const isReviewed = ({ now }: MemberAct, { role, status }: ReviewScope) =>
  sql.join([role ? sql`n.role = ${role}` : sql`true`, status ? statusIs(status, now) : sql`true`], sql` AND `)

const statusIs = (status: MemberStatus, now: number) =>
  status === 'active' ? isActive(now, 'n') : sql`${statusAt(now, 'n')} = ${status}`

/** One step of the job, whose place is that of the last person who is written down. The one that finds fewer people than it has room for is the last. */
export async function prepareOn(act: MemberAct, job: Job, review: { id: string } & ReviewScope) {
  const last = sql`(SELECT last.place FROM (${lastOf(act, review)}) last)`
  const written = sql`(${last} - ${Number(job.place)})`
  const [, , , [moved]] = await act.db.batch([
    ...writeDown(act, review, atPlace(job)),
    raw(
      act.db,
      sql`UPDATE reviews SET state = 'open'
        WHERE tenant_id = ${act.tenantId} AND id = ${review.id} AND state = 'preparing' AND ${written} < ${WRITTEN} AND ${atPlace(job)}`,
    ),
    moveOn(act, job, { place: sql`CAST(${last} AS TEXT)`, done: written, finished: sql`${written} < ${WRITTEN}` }),
  ])
  return { moved }
}
