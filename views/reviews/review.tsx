import type { Paging } from '../../src/models/core/paging'
import type { Review, Reviewed, ReviewFilter, Verdict } from '../../src/models/reviews/review'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Callout } from '../components/callout'
import { Empty } from '../components/empty'
import { ExportMenu } from '../components/export-menu'
import { Pager } from '../components/pager'
import type { Stale } from '../components/stale'
import { When } from '../components/when'
import { numberOf } from '../words'
import { DecisionForm } from './decisions'
import { decider, reviewedInWords, verdictName } from './review-words'

type Props = {
  to: WorkspacePaths
  review: Review
  people: Reviewed[]
  filter: ReviewFilter
  paging: Paging
  now: number
  stale?: Stale | undefined
}

export const reviewHref = (to: WorkspacePaths, { id }: Pick<Review, 'id'>, { verdict }: ReviewFilter, link: object = {}) =>
  withQuery(to.review(id), { verdict, ...link })

/** One review: to decide, or as the record of what was decided. */
export const ReviewPage = ({ to, review, people, filter, paging, now, stale }: Props) => (
  <AccessPage
    to={to}
    id="review"
    tab="users"
    stale={stale}
    actions={<ExportMenu action={to.exportReview(review.id)} label="Export this review" filter={{}} />}
  >
    <div class="stack">
      <Head {...{ to, review, now }} />
      {review.state !== 'preparing' && <Verdicts {...{ to, review, filter }} />}
      {people.length === 0 ? <Nobody review={review} /> : <DecisionForm {...{ to, review, people, now }} />}
    </div>
    <Pager
      id="people"
      label="Pages"
      paging={paging}
      total={filter.verdict ? review.counts[filter.verdict] : review.people}
      hrefTo={(link) => reviewHref(to, review, filter, link)}
      target="review"
    />
  </AccessPage>
)

const Head = ({ to, review, now }: Pick<Props, 'to' | 'review' | 'now'>) => (
  <header class="page-head">
    <div>
      <h2>Access review: {reviewedInWords(review)}</h2>
      <p class="lead">
        <When at={review.startedAt} now={now} prefix="Started" /> by {decider(review.startedBy)}.{' '}
        {review.finishedAt && (
          <>
            <When at={review.finishedAt} now={now} prefix="Finished" /> by {decider(review.finishedBy)}.{' '}
          </>
        )}
        <a href={to.reviews}>All reviews</a>
      </p>
    </div>
    {(review.state === 'open' || (review.state === 'finishing' && review.stopped)) && (
      <div class="buttons">
        <a class="button primary" href={to.finishReview(review.id)}>
          Finish review
        </a>
      </div>
    )}
    <Progress to={to} review={review} />
  </header>
)

/** Asked for again while a job is at it, by htmx or by whoever reloads the page. */
const Progress = ({ to, review }: Pick<Props, 'to' | 'review'>) => {
  const { state, stopped, people, total, counts, id } = review
  if (state !== 'preparing' && state !== 'finishing') return null
  if (stopped)
    return (
      <Callout id="stopped" tone="bad" icon="triangle-alert">
        <p>
          {state === 'preparing'
            ? 'This stopped before everyone was written down. Start another review.'
            : 'This stopped before everyone was removed. Finish the review again to go on.'}
        </p>
      </Callout>
    )
  const done = state === 'preparing' ? people : (total ?? 0) - counts.remove
  return (
    <p class="progress" role="status" hx-get={to.review(id)} hx-trigger="load delay:2s" hx-target="#review" hx-swap="outerMorph">
      {state === 'preparing' ? 'Writing down' : 'Removing'} people: {numberOf(done)} of {numberOf(total ?? done)}{' '}
      <progress value={done} max={total ?? done} />
      <a href={to.review(id)}>Reload</a>
    </p>
  )
}

const FILTERS: Record<'before' | 'after', Verdict[]> = {
  before: ['undecided', 'keep', 'remove'],
  after: ['keep', 'removed', 'left', 'undecided'],
}

const Verdicts = ({ to, review, filter }: Pick<Props, 'to' | 'review' | 'filter'>) => (
  <nav class="chips" aria-label="Decision">
    {[undefined, ...FILTERS[review.state === 'open' ? 'before' : 'after']].map((verdict) => (
      <a class="chip" href={reviewHref(to, review, { verdict })} aria-current={filter.verdict === verdict ? 'true' : undefined}>
        {verdict ? verdictName(verdict, review) : 'All'}
        <small class="count"> {numberOf(verdict ? review.counts[verdict] : review.people)}</small>
      </a>
    ))}
  </nav>
)

const Nobody = ({ review }: Pick<Props, 'review'>) =>
  review.state === 'preparing' ? null : (
    <Empty icon="users" title="No one here">
      <p>{review.people === 0 ? 'No one had this role and status when the review was started.' : 'No one has this decision.'}</p>
    </Empty>
  )
