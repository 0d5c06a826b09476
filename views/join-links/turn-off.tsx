import type { JoinLink } from '../../src/models/join-links/join-link'
import type { Joined } from '../../src/models/join-links/joined'
import type { WorkspacePaths } from '../../src/paths'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { PageHead } from '../components/page-head'
import { shownAddress, shownName } from '../components/shown-address'
import { DateAndTime } from '../components/when'
import { listOf, peopleInWords } from '../words'
import { minuteOf } from './join-words'

type Props = {
  to: WorkspacePaths
  link: JoinLink
  since: number
  /** How many would be disabled, the first of them, and the admins who are left. */
  count: number
  first: Joined[]
  left: Joined[]
  /** How many there were when the question was asked. */
  changed: number | undefined
}

/** Asked before anything happens: since when, and then who. */
export const TurnOffPage = (props: Props) => (
  <section id="turn-off">
    <BackLink href={props.to.joinLink(props.link.id)}>{props.link.label ?? 'Join link'}</BackLink>
    <PageHead title="Turn off and disable" lead="Disable everyone who joined by this link since a time you choose." />
    <div class="stack loose narrow">
      {props.changed !== undefined && (
        <Callout tone="warn">
          The question was about {peopleInWords(props.changed)}, and now it is about {peopleInWords(props.count)}. Nothing was
          changed.
        </Callout>
      )}
      <Since {...props} />
      <Question {...props} />
    </div>
  </section>
)

const Since = ({ to, link, since }: Props) => (
  <form class="form" method="get" action={to.turnOffJoinLink(link.id)}>
    <div class="field">
      <label for="since">Joined since (UTC)</label>
      <input type="datetime-local" id="since" name="since" value={minuteOf(since)} required />
    </div>
    <div class="buttons">
      <button class="button">Show people</button>
    </div>
  </form>
)

const Question = ({ to, link, since, count, first, left }: Props) => (
  <div class="panel">
    <header>
      <h2>{count === 0 ? 'No one to disable' : `Disable ${peopleInWords(count)}?`}</h2>
      <p>
        {count === 0 ? 'No active Tenant User' : 'Active Tenant Users who'} joined by this link since <DateAndTime at={since} />.
      </p>
    </header>
    {count > 0 && (
      <ul class="left-out">
        {first.map((person) => (
          <li>
            <a href={to.member(person.id)}>{shownName(person)}</a> {person.name && <small>{shownAddress(person.email)}</small>}
          </li>
        ))}
        {count > first.length && <li class="hint">and {count - first.length} more</li>}
      </ul>
    )}
    {left.length > 0 && <p class="hint">Left as they are, because they are Tenant Admins now: {listOf(left.map(shownName))}.</p>}
    {count > 0 && (
      <p>
        They are signed out of this workspace, and nothing of theirs is lost. You can undo it for ten minutes, or enable them again
        later.{link.state !== 'off' && ' The link stays off even then.'}
      </p>
    )}
    <form method="post" action={to.disableJoined(link.id)} hx-disable="find button">
      <input type="hidden" name="since" value={new Date(since).toISOString().slice(0, -1)} />
      <input type="hidden" name="count" value={String(count)} />
      <div class="buttons">
        <button class="button primary danger" disabled={count === 0 && link.state === 'off'}>
          {buttonOf(link, count)}
        </button>
        <a class="button ghost" href={to.joinLink(link.id)}>
          Cancel
        </a>
      </div>
    </form>
  </div>
)

function buttonOf({ state }: JoinLink, count: number) {
  const disable = `disable ${peopleInWords(count)}`
  if (state === 'off') return `D${disable.slice(1)}`
  return count === 0 ? 'Turn off' : `Turn off and ${disable}`
}
