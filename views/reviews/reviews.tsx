import type { Paging } from '../../src/models/core/paging'
import type { Review } from '../../src/models/reviews/review'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Badge } from '../components/badge'
import { SelectField } from '../components/field'
import { Pager } from '../components/pager'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { BADGES } from '../members/member-words'
import { numberOf, ROLES } from '../words'
import { countsInWords, decider, reviewedInWords, STATES } from './review-words'

type Props = { to: WorkspacePaths; reviews: Review[]; paging: Paging; newId: string; now: number }

/** The reviews of a workspace, and the form that starts one. */
export const ReviewsPage = ({ to, reviews, paging, newId, now }: Props) => (
  <AccessPage to={to} id="reviews" tab="users">
    <div class="stack loose">
      <StartForm to={to} newId={newId} />
      {reviews.length > 0 && <ReviewTable {...{ to, reviews, now }} />}
    </div>
    <Pager id="pages" label="Pages" paging={paging} hrefTo={(at) => withQuery(to.reviews, at)} target="reviews" />
  </AccessPage>
)

const StartForm = ({ to, newId }: Pick<Props, 'to' | 'newId'>) => (
  <form class="panel narrow" method="post" action={to.reviews}>
    <header>
      <h2>Access review</h2>
      <p>
        A record of who has which access today. Go through everyone and decide who stays: those you remove are deleted when you
        finish.
      </p>
    </header>
    <input type="hidden" name="id" value={newId} />
    <div class="pairs">
      <SelectField id="role" name="role" label="Role">
        <option value="">Everyone</option>
        {(['admin', 'user'] as const).map((role) => (
          <option value={role}>{ROLES[role]}s</option>
        ))}
      </SelectField>
      <SelectField id="status" name="status" label="Status">
        <option value="">Any status</option>
        {(['active', 'pending', 'disabled', 'ended'] as const).map((status) => (
          <option value={status}>{BADGES[status]}</option>
        ))}
      </SelectField>
    </div>
    <footer>
      <button class="button primary">Start a review</button>
    </footer>
  </form>
)

const ReviewTable = ({ to, reviews, now }: Omit<Props, 'newId' | 'paging'>) => (
  <Table caption="Reviews, newest first" columns={['Started', 'People', 'State', 'Finished']}>
    {reviews.map((review) => (
      <tr>
        <th scope="row">
          <div class="person">
            <span>
              <a href={to.review(review.id)}>
                <When at={review.startedAt} now={now} />
              </a>
              <small>by {decider(review.startedBy)}</small>
            </span>
          </div>
        </th>
        <Cell label="People">
          {reviewedInWords(review)}: {numberOf(review.people)}
          <small>{countsInWords(review)}</small>
        </Cell>
        <td data-label="State">
          <Badge tone={review.state === 'finished' ? 'active' : review.stopped ? 'bounced' : 'pending'}>
            {review.stopped ? 'Stopped' : STATES[review.state]}
          </Badge>
        </td>
        <Cell label="Finished">
          {review.finishedAt && (
            <>
              <When at={review.finishedAt} now={now} />
              <small>by {decider(review.finishedBy)}</small>
            </>
          )}
        </Cell>
      </tr>
    ))}
  </Table>
)
