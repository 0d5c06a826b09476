import type { Paging } from '../../src/models/core/paging'
import type { Review, Reviewed, ReviewFilter, Verdict } from '../../src/models/reviews/review'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Callout } from '../components/callout'
import { Empty } from '../components/empty'
import { ExportMenu } from '../components/export-menu'
import { Pager } from '../components/pager'
import { PartHead } from '../components/part-head'
import { Progress } from '../components/progress'
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
      <Work {...{ to, review }} />
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
  <PartHead title={`Access review: ${reviewedInWords(review)}`} lead={<Lead {...{ to, review, now }} />}>
    {(review.state === 'open' || (review.state === 'finishing' && review.stopped)) && (
      <a class="button primary" href={to.finishReview(review.id)}>
        Finish review
      </a>
    )}
  </PartHead>
)

const Lead = ({ to, review, now }: Pick<Props, 'to' | 'review' | 'now'>) => (
  <>
    <When at={review.startedAt} now={now} prefix="Started" /> by {decider(review.startedBy)}.{' '}
    {review.finishedAt && (
      <>
        <When at={review.finishedAt} now={now} prefix="Finished" /> by {decider(review.finishedBy)}.{' '}
      </>
    )}
    <a href={to.reviews}>All reviews</a>
  </>
)

/** What a job is at, and whether it is still at it. */
const Work = ({ to, review }: Pick<Props, 'to' | 'review'>) => {
  const { state, stopped, people, total, counts, id } = review
  if (state !== 'preparing' && state !== 'finishing') return null
  if (stopped)
    return (
      <Callout id="stopped" tone="bad" icon="triangle-alert">
        <p>
          {state === 'preparing'
            ? 'This stopped before everyone was listed. Start another review.'
            : 'This stopped before everyone was removed. Finish the review again to go on.'}
        </p>
      </Callout>
    )
  const done = state === 'preparing' ? people : (total ?? 0) - counts.remove
  const label = state === 'preparing' ? 'Listing people' : 'Removing people'
  return (
    <div class="stack">
      <h3>{label}</h3>
      <Progress label={label} path={to.review(id)} target="review" done={done} total={total ?? done} />
    </div>
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
