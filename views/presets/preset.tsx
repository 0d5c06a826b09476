import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import { CONFIGURABLE } from '../../src/models/access/section'
import type { Link, Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
import type { Preset } from '../../src/models/presets/preset'
import type { PresetHolder } from '../../src/models/presets/preset-page'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { postTo } from '../access/matrix'
import { Avatar } from '../components/avatar'
import { Badge } from '../components/badge'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Pager } from '../components/pager'
import { shownAddress, shownName } from '../components/shown-address'
import { type Stale, StaleCallout } from '../components/stale'
import { Tabs } from '../components/tabs'
import { When } from '../components/when'
import { BADGES, isInvited } from '../members/member-words'
import { inWords, listOf, numberOf, peopleInWords } from '../words'
import { differencesInWords } from './preset-words'

type Looked = { people: number; differing: number }
type Props = {
  to: WorkspacePaths
  preset: Preset
  choices: AgentChoice[]
  people: PresetHolder[]
  paging: Paging
  count: Count
  /** How many were looked at for whether they differ, where only those are shown. */
  looked?: Looked | undefined
  cursor: string
  now: number
  changed: string | undefined
  stale: Stale | undefined
}

export const PresetPage = ({ to, preset, choices, stale, ...holders }: Props) => (
  <section id="preset" class="stack loose">
    <div>
      <a class="back" href={to.presets}>
        <Icon name="arrow-left" />
        Presets
      </a>
      <PageHead title={preset.name}>
        <a class="button" href={to.editPreset(preset.id)}>
          Edit
        </a>
        <ConfirmTrigger for="delete-preset" class="button">
          Delete
        </ConfirmTrigger>
      </PageHead>
      <StaleCallout stale={stale} />
      <Confirm id="delete-preset" title={`Delete ${preset.name}?`} action={to.deletePreset(preset.id)} button="Delete">
        <p>
          {holders.count === 0
            ? 'Nobody has this preset.'
            : `${holders.count === 1 ? '1 person has' : `${inWords(holders.count)} people have`} this preset. They keep the sections and agents they have.`}
        </p>
      </Confirm>
    </div>
    <Facts {...{ preset, choices }} now={holders.now} />
    <Holders {...{ to, preset }} {...holders} />
  </section>
)

const Facts = ({ preset, choices, now }: Pick<Props, 'preset' | 'choices' | 'now'>) => (
  <dl class="facts panel">
    <dt>Sections</dt>
    <dd>{namesOf(CONFIGURABLE.filter(({ slug }) => preset.sections.includes(slug))) || 'None'}</dd>
    <dt>Agents</dt>
    <dd>{agentsInWords(preset, choices)}</dd>
    <dt>Ends</dt>
    <dd>{preset.endsAt === null ? 'Never' : <When at={preset.endsAt} now={now} />}</dd>
  </dl>
)

const namesOf = (those: readonly { name: string }[]) => listOf(those.map(({ name }) => name))

/** So many are named. */
const NAMED = 6

function agentsInWords({ mode, agents }: Preset, choices: AgentChoice[]) {
  if (mode === 'all') return 'All agents, including those added later'
  const named = choices.filter(({ id }) => agents.includes(id))
  const rest = named.length - NAMED
  if (named.length === 0) return 'None'
  return rest > 1
    ? `${named
        .slice(0, NAMED)
        .map(({ name }) => name)
        .join(', ')} and ${rest} more`
    : namesOf(named)
}

type HoldersProps = Omit<Props, 'choices' | 'stale'>

const Holders = ({ to, preset, people, paging, count, looked, cursor, now, changed }: HoldersProps) => (
  <div class="stack" id="holders">
    <div>
      <h2>People</h2>
      {count !== 0 && (
        <Tabs
          label="Which people"
          items={WHICH.map(({ differ, text }) => ({ href: withQuery(to.preset(preset.id), { differ }), text: text(count) }))}
          current={withQuery(to.preset(preset.id), { differ: looked && 'on' })}
        />
      )}
    </div>
    {looked && <RealignAll {...{ to, preset, looked, cursor, count }} />}
    {people.length > 0 ? (
      <HolderTable {...{ to, preset, people, now, changed }} />
    ) : (
      <p class="hint">{looked ? 'Everybody has exactly what it says.' : NOBODY}</p>
    )}
    <Pager
      id="holders"
      label="Pages"
      paging={paging}
      total={looked ? undefined : count}
      hrefTo={hrefTo(to, preset, looked)}
      target="preset"
    />
  </div>
)

const WHICH = [
  { differ: undefined, text: (count: Count) => `All ${inWords(count)}` },
  { differ: 'on', text: () => 'Who differs' },
]

const NOBODY = 'Nobody has this preset yet. Give it on a person’s page, or when you invite somebody.'

const hrefTo =
  (to: WorkspacePaths, { id }: Preset, looked: Looked | undefined) =>
  (link: Link) =>
    withQuery(to.preset(id), { ...(looked ? { differ: 'on' } : {}), ...link })

type RealignAllProps = Pick<Props, 'to' | 'preset' | 'cursor' | 'count'> & { looked: Looked }

/** The question names how many: if there are others by then, it is asked again. */
const RealignAll = ({ to, preset, looked, cursor, count }: RealignAllProps) => (
  <div class="buttons spread">
    <p>
      {peopleInWords(looked.differing)} of {looked.people === count ? '' : 'these '}
      {numberOf(looked.people)} {looked.differing === 1 ? 'differs' : 'differ'} from this preset.
    </p>
    {looked.differing > 0 && (
      <form {...postTo(to.realignPreset(preset.id))} hx-target="#preset" hx-disable="find button">
        <input type="hidden" name="version" value={preset.version} />
        <input type="hidden" name="people" value={looked.differing} />
        <input type="hidden" name="cursor" value={cursor} />
        <button class="button primary small">
          Realign {looked.differing === 1 ? '1 person' : `all ${numberOf(looked.differing)}`}
        </button>
      </form>
    )}
  </div>
)

type TableProps = Pick<Props, 'to' | 'preset' | 'people' | 'now' | 'changed'>

const HolderTable = ({ to, preset, people, now, changed }: TableProps) => (
  <div class="table-wrap">
    <table class="presets">
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Status</th>
          <th scope="col">Since</th>
          <th scope="col">Differs in</th>
          <th scope="col">
            <span class="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <HolderRow {...{ to, preset, person, now }} changed={changed === person.id} />
        ))}
      </tbody>
    </table>
  </div>
)

const HolderRow = ({
  to,
  preset,
  person,
  now,
  changed,
}: Omit<TableProps, 'people' | 'changed'> & { person: PresetHolder; changed: boolean }) => (
  <tr id={`member-${person.id}`} class={changed ? 'changed' : undefined}>
    <th scope="row">
      <div class="person">
        <Avatar label={shownName(person)} pending={isInvited(person)} />
        <span>
          <a href={to.member(person.id)}>{shownName(person)}</a>
          {person.name && <small>{shownAddress(person.email)}</small>}
        </span>
      </div>
    </th>
    <td>
      <Badge tone={person.state}>{BADGES[person.state]}</Badge>
    </td>
    <td class="quiet" data-label="Since">
      {person.givenAt !== null && <When at={person.givenAt} now={now} />}
    </td>
    <td class="quiet" data-label="Differs in">
      {person.role === 'admin' ? 'Tenant Admin: always everything' : differencesInWords(person.differences) || 'Nothing'}
    </td>
    <td class="actions">
      {person.differences.length > 0 && (
        <form {...postTo(to.realignPreset(preset.id))} hx-target="#preset" hx-disable="find button">
          <input type="hidden" name="version" value={preset.version} />
          <input type="hidden" name="member" value={person.id} />
          <button class="button small" aria-label={`Realign ${shownName(person)}`}>
            Realign
          </button>
        </form>
      )}
    </td>
  </tr>
)
