import type { Review, Reviewed } from '../../src/models/reviews/review'
import type { WorkspacePaths } from '../../src/paths'
import { AccessPage } from '../access/access'
import { shownAddress, shownName } from '../components/shown-address'
import type { Stale } from '../components/stale'
import { numberOf, peopleInWords } from '../words'
import { reviewHref } from './review'

type Props = {
  to: WorkspacePaths
  review: Review
  removed: Reviewed[]
  /** When (ms) the last of them was marked. */
  lastRemoval: number | null
  stale?: Stale | undefined
}

/** Asks before people are removed, and says what will happen. */
export const FinishPage = ({ to, review, removed, lastRemoval, stale }: Props) => {
  const { keep, remove, undecided } = review.counts
  return (
    <AccessPage to={to} id="finish" tab="users" stale={stale}>
      <form class="panel narrow" method="post" action={to.finishReview(review.id)}>
        <header>
          <h2>{remove > 0 ? `Finish the review and remove ${peopleInWords(remove)}?` : 'Finish the review?'}</h2>
          <p>
            {numberOf(keep)} stay, {numberOf(remove)} will be removed, {numberOf(undecided)} not decided. People who are not decided
            stay as they are, and the record says so.
          </p>
        </header>
        <input type="hidden" name="removes" value={remove} />
        {lastRemoval !== null && <input type="hidden" name="version" value={lastRemoval} />}
        {remove > 0 && (
          <div class="stack">
            <ul class="left-out">
              {removed.map((person) => (
                <li>
                  {shownName(person)}
                  {person.name && <small>{shownAddress(person.email)}</small>}
                </li>
              ))}
              {remove > removed.length && (
                <li>
                  <a href={reviewHref(to, review, { verdict: 'remove' })}>and {numberOf(remove - removed.length)} more</a>
                </li>
              )}
            </ul>
            <p class="hint">
              They lose access to this workspace right away, and their invitations are cancelled. Anyone whose role, status, access
              or address has changed since the review started stays and is listed, and so are you. This cannot be undone.
            </p>
          </div>
        )}
        <footer>
          <div class="buttons">
            <button class={`button primary${remove > 0 ? ' danger' : ''}`}>
              {remove > 0 ? `Remove ${peopleInWords(remove)} and finish` : 'Finish review'}
            </button>
            <a class="button" href={to.review(review.id)}>
              Back to the review
            </a>
          </div>
        </footer>
      </form>
    </AccessPage>
  )
}
