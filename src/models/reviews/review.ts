import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { jobs } from '../../db/schema/jobs'
import { REVIEW_STATES, reviewCounts, reviewPeople, reviews, VERDICTS } from '../../db/schema/reviews'
import { json, maybe } from '../../db/select'
import { PAGE_ROWS, type Position } from '../core/paging'
import type { Place } from '../members/viewer'
import type { ShownAccess } from './shown'

export { REVIEW_STATES, VERDICTS }
export type ReviewState = (typeof REVIEW_STATES)[number]
export type Verdict = (typeof VERDICTS)[number]

type At = Pick<Place, 'db' | 'tenantId'>

/** Who somebody is whom a review names by their id: in the workspace, or gone from it. NULL for one who is erased. */
const nameOf = (id: SQL) => sql`coalesce(
  (SELECT coalesce(u.name, m.email) FROM members m LEFT JOIN users u ON u.id = m.user_id WHERE m.tenant_id = reviews.tenant_id AND m.id = ${id}),
  (SELECT coalesce(f.name, f.email) FROM former_people f WHERE f.tenant_id = reviews.tenant_id AND f.member_id = ${id}))`

const REVIEW = {
  id: reviews.id,
  state: reviews.state,
  role: reviews.role,
  status: reviews.status,
  people: reviews.people,
  startedAt: reviews.startedAt,
  startedBy: sql<string | null>`${nameOf(sql`${reviews.startedBy}`)}`.as('starter'),
  finishedAt: reviews.finishedAt,
  finishedBy: sql<string | null>`${nameOf(sql`${reviews.finishedBy}`)}`.as('finisher'),
  counts: json<Partial<Record<Verdict, number>>>(
    sql`(SELECT json_group_object(${reviewCounts.verdict}, ${reviewCounts.people}) FROM ${reviewCounts}
      WHERE ${reviewCounts.tenantId} = ${reviews.tenantId} AND ${reviewCounts.reviewId} = ${reviews.id})`,
    'counts',
  ),
  jobState: maybe(jobs.state, 'job_state'),
  total: maybe(jobs.total, 'job_total'),
}

const selectReviews = ({ db }: At) => db.select(REVIEW).from(reviews).leftJoin(jobs, eq(jobs.id, reviews.jobId)).$dynamic()

export const REVIEWS = 25

/** One page of the reviews of a workspace, the newest first, and a row more. A cursor is the time and the id of a review. */
export function reviewsPage(at: At, { cursor, before }: Position) {
  const [time = '', id = ''] = (before || cursor).split('.')
  const place = sql`(${reviews.startedAt}, ${reviews.id})`
  const beside = before ? sql`${place} > (${Number(time)}, ${id})` : cursor ? sql`${place} < (${Number(time)}, ${id})` : undefined
  const columns = [reviews.startedAt, reviews.id]
  return selectReviews(at)
    .where(and(eq(reviews.tenantId, at.tenantId), beside))
    .orderBy(...columns.map((column) => (before ? column : desc(column))))
    .limit(REVIEWS + 1)
}

export const cursorOf = ({ startedAt, id }: Pick<ReviewRow, 'startedAt' | 'id'>) => `${startedAt}.${id}`

/** At most one row. */
export const reviewOf = (at: At, id: string) => selectReviews(at).where(and(eq(reviews.tenantId, at.tenantId), eq(reviews.id, id)))

export type ReviewRow = Awaited<ReturnType<typeof reviewOf>>[number]

/** `undecided` is whoever is not counted otherwise; `stopped`: the job that wrote down or removed its people is over before its end. */
export function toReview({ counts, jobState, ...review }: ReviewRow) {
  const { keep = 0, remove = 0, removed = 0, left = 0 } = counts
  const stopped = jobState !== 'queued' && (review.state === 'preparing' || review.state === 'finishing')
  return { ...review, stopped, counts: { keep, remove, removed, left, undecided: review.people - keep - remove - removed - left } }
}

export type Review = ReturnType<typeof toReview>

export type ReviewFilter = { verdict?: Verdict | undefined; after?: number | undefined; before?: number | undefined }

/** The next people of a review in the order of addresses, or those before a place, backwards; a row more tells that there are others. */
export const reviewedPeople = (
  { db, tenantId }: At,
  id: string,
  { verdict, after = 0, before }: ReviewFilter,
  rows = PAGE_ROWS + 1,
) =>
  db
    .select({
      place: reviewPeople.place,
      memberId: reviewPeople.memberId,
      email: reviewPeople.email,
      name: reviewPeople.name,
      role: reviewPeople.role,
      status: reviewPeople.status,
      shown: json<ShownAccess>(reviewPeople.shown, 'shown'),
      agents: json<string[] | null>(reviewPeople.agents, 'agents'),
      verdict: reviewPeople.verdict,
      leftFor: reviewPeople.leftFor,
      decidedBy: sql<string | null>`${nameOf(sql`${reviewPeople.decidedBy}`)}`.as('decider'),
      decidedAt: reviewPeople.decidedAt,
    })
    .from(reviews)
    .innerJoin(reviewPeople, and(eq(reviewPeople.tenantId, reviews.tenantId), eq(reviewPeople.reviewId, reviews.id)))
    .where(
      and(
        eq(reviews.tenantId, tenantId),
        eq(reviews.id, id),
        verdict && eq(reviewPeople.verdict, verdict),
        before ? sql`${reviewPeople.place} < ${before}` : sql`${reviewPeople.place} > ${after}`,
      ),
    )
    .orderBy(before ? desc(reviewPeople.place) : reviewPeople.place)
    .limit(rows)

/** SQL for when (ms) the last of those who are to be removed was marked. */
export const lastRemovalOf = ({ tenantId, id }: { tenantId: string; id: string }) =>
  sql`(SELECT max(l.decided_at) FROM review_people l WHERE l.tenant_id = ${tenantId} AND l.review_id = ${id} AND l.verdict = 'remove')`

/** One row. */
export const lastRemoval = ({ db, tenantId }: At, id: string) =>
  raw<{ at: number | null }>(db, sql`SELECT ${lastRemovalOf({ tenantId, id })} AS at`)

export type Reviewed = Awaited<ReturnType<typeof reviewedPeople>>[number]
