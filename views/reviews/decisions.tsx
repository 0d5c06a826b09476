import { CONFIGURABLE } from '../../src/models/access/section'
import type { Review, Reviewed } from '../../src/models/reviews/review'
import type { WorkspacePaths } from '../../src/paths'
import { Avatar } from '../components/avatar'
import { Badge } from '../components/badge'
import { shownAddress, shownName } from '../components/shown-address'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { BADGES } from '../members/member-words'
import { ROLES } from '../words'
import { decider, verdictInWords } from './review-words'

type Props = { to: WorkspacePaths; review: Review; people: Reviewed[]; now: number }

/** The people of a page. One form for all of them: a button of a row is about that row, those above about the rows that are ticked. */
export const DecisionForm = ({ to, review, people, now }: Props) => {
  const open = review.state === 'open'
  const places = people.map(({ place }) => place)
  const undecided = people.filter(({ verdict }) => verdict === 'undecided').length
  return (
    <form
      id="decisions"
      class="stack"
      method="post"
      action={to.review(review.id)}
      hx-post={to.review(review.id)}
      hx-target="#review"
      hx-swap="outerMorph"
      hx-disable="find button"
    >
      {open && (
        <div class="buttons decide">
          <button class="button small" name="do" value="keep">
            Keep ticked
          </button>
          <button class="button small" name="do" value="remove">
            Remove ticked
          </button>
          {undecided > 0 && (
            <button class="button small" name="do" value={`rest ${Math.min(...places)}-${Math.max(...places)}`}>
              Keep the {undecided} not decided here
            </button>
          )}
        </div>
      )}
      <Table class="review" columns={['Person', 'Role', 'Status', 'Sections', 'Agents', 'Decision']}>
        {people.map((person) => (
          <PersonRow {...{ person, review, now, open }} />
        ))}
      </Table>
    </form>
  )
}

type RowProps = { person: Reviewed; review: Review; now: number; open: boolean }

const PersonRow = ({ person, review, now, open }: RowProps) => {
  const name = nameIn(person)
  return (
    <tr id={`person-${person.place}`} class={person.verdict === 'remove' ? 'leaving' : undefined}>
      <th scope="row">
        <div class="person">
          {open && (
            <label class="tick-box">
              <input type="checkbox" id={`row-${person.place}`} name="row" value={person.place} aria-label={`Tick ${name}`} />
            </label>
          )}
          <Avatar label={name} pending={person.status === 'pending'} />
          <span>
            {name}
            {person.name && <small>{shownAddress(person.email)}</small>}
          </span>
        </div>
      </th>
      <td class="quiet">{ROLES[person.role]}</td>
      <td>
        <Badge tone={person.status}>{BADGES[person.status]}</Badge>
      </td>
      <Cell label="Sections" title={person.shown.sections?.join(', ')}>
        {person.shown.sections ? `${person.shown.sections.length} of ${CONFIGURABLE.length}` : 'All'}
      </Cell>
      <Cell label="Agents" title={person.agents?.join(', ')}>
        {person.agents ? (person.agents.length === 0 ? 'None' : person.agents.length) : 'All'}
      </Cell>
      <td class="quiet answers">
        {open && (
          <div class="buttons">
            <Answer place={person.place} verdict="keep" text="Keep" name={name} chosen={person.verdict === 'keep'} />
            <Answer place={person.place} verdict="remove" text="Remove" name={name} chosen={person.verdict === 'remove'} />
          </div>
        )}
        {person.verdict !== 'undecided' ? (
          <small>
            {!open && `${verdictInWords(person, review)}. `}
            {person.decidedAt && <When at={person.decidedAt} now={now} prefix={`By ${decider(person.decidedBy)},`} />}
          </small>
        ) : (
          !open && <small>Not decided</small>
        )}
      </td>
    </tr>
  )
}

/** Whoever is erased has no name any more. */
const nameIn = ({ name, email }: Reviewed) => (name || email ? shownName({ name, email }) : 'Erased person')

type AnswerProps = { place: number; verdict: 'keep' | 'remove'; text: string; name: string; chosen: boolean }

const Answer = ({ place, verdict, text, name, chosen }: AnswerProps) => (
  <button
    class={`button small${chosen ? (verdict === 'keep' ? ' primary' : ' danger') : ''}`}
    id={`${verdict}-${place}`}
    name="do"
    value={`${verdict} ${place}`}
    aria-pressed={chosen ? 'true' : 'false'}
  >
    {text}
    <span class="visually-hidden"> {name}</span>
  </button>
)
