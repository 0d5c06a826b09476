import { TEXT_PEOPLE } from '../../src/limits'
import type { ActivityKind, Group } from '../../src/models/activity/activity'
import type { FoundPerson } from '../../src/models/activity/people'
import type { Link } from '../../src/models/core/paging'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Icon } from '../components/icon'
import { shownAddress, shownName } from '../components/shown-address'
import { KINDS } from './activity-words'

/** As the form has it: `who` is what was typed to find a person, `from` and `to` are days in UTC. */
export type Filter = {
  person?: string | undefined
  who?: string | undefined
  kind?: ActivityKind | Group | undefined
  from?: string | undefined
  to?: string | undefined
}

export type Groups = Record<Exclude<Group, 'all'>, readonly ActivityKind[]>
type Props = { to: WorkspacePaths; filter: Filter; groups: Groups; person: string | undefined }

export const activityHref = (to: WorkspacePaths, { person, who, kind, from, to: until }: Filter, page: Link = {}) =>
  withQuery(to.activity, { person, who, kind, from, to: until, ...page })

/** One form, so that no choice throws away another. `person` is the name of the one it is narrowed to. */
export const Filters = ({ to, filter, groups, person }: Props) => (
  <form
    class="filters log-filters"
    method="get"
    action={to.activity}
    hx-get={to.activity}
    hx-trigger="change, submit"
    hx-target="#activity"
    hx-swap="outerMorph"
    hx-push-url="true"
  >
    {filter.person ? <Chosen {...{ to, filter, person }} /> : <PersonField who={filter.who} />}
    <button type="button" class="button narrow-only" popovertarget="choices">
      <Icon name="filter" />
      {chosenInWords(filter)}
    </button>
    <div class="choices" id="choices" popover="auto">
      <select id="kind" name="kind" aria-label="Action">
        <option value="">Changes</option>
        {(['sign_ins', 'all'] as const).map((group) => (
          <option value={group} selected={filter.kind === group}>
            {GROUPS[group]}
          </option>
        ))}
        <Kinds label={GROUPS.changes} kinds={groups.changes} chosen={filter.kind} />
        <Kinds label={GROUPS.sign_ins} kinds={groups.sign_ins} chosen={filter.kind} />
      </select>
      <Day id="from" label="From" value={filter.from} />
      <Day id="to" label="To" value={filter.to} />
      <small class="zone">UTC</small>
    </div>
    <button class="button without-script">Show</button>
    {activityHref(to, filter) !== to.activity && (
      <a class="button ghost" href={to.activity}>
        Clear
      </a>
    )}
  </form>
)

const GROUPS: Record<Group, string> = { changes: 'Changes', sign_ins: 'Sign-ins', all: 'Everything' }

function chosenInWords({ kind, from, to }: Filter) {
  const words = { ...KINDS, ...GROUPS }
  return [kind && words[kind], (from || to) && 'Dates'].filter(Boolean).join(', ') || 'Filter'
}

const Chosen = ({ to, filter, person }: Omit<Props, 'groups'>) => (
  <span class="chosen">
    <input type="hidden" name="person" value={filter.person} />
    {person}
    <a href={activityHref(to, { ...filter, person: undefined })} aria-label="Show everyone" title="Show everyone">
      <Icon name="x" />
    </a>
  </span>
)

const PersonField = ({ who }: Pick<Filter, 'who'>) => (
  <span class="search">
    <Icon name="search" />
    <input
      id="who"
      type="search"
      name="who"
      value={who}
      autocomplete="off"
      placeholder="Name or address"
      aria-label="Search: name or address of people here or gone"
    />
  </span>
)

type KindsProps = { label: string; kinds: readonly ActivityKind[]; chosen: string | undefined }

const Kinds = ({ label, kinds, chosen }: KindsProps) => (
  <optgroup label={label}>
    {kinds.map((kind) => (
      <option value={kind} selected={kind === chosen}>
        {KINDS[kind]}
      </option>
    ))}
  </optgroup>
)

const Day = ({ id, label, value }: { id: 'from' | 'to'; label: string; value: string | undefined }) => (
  <label class="day">
    {label}
    <input id={id} type="date" name={id} value={value} />
  </label>
)

/** Why entries of so many people are neither shown nor exported. */
export const tooManyPeopleWords = (who: string) => ({
  title: `More than ${TEXT_PEOPLE} people match`,
  text: `Nothing was exported. Type more of the name or address than “${who}”, or choose someone.`,
})

/** Those who may be meant, to choose from. */
export const People = ({ to, filter, people }: Pick<Props, 'to' | 'filter'> & { people: FoundPerson[] }) => (
  <ul class="mailbox" aria-label={`People matching “${filter.who}”`}>
    {people.map(({ id, name, email }) => (
      <li>
        <span class="signed">
          <a href={activityHref(to, { ...filter, who: '', person: id })}>{shownName({ name, email })}</a>
          {name && <small>{shownAddress(email)}</small>}
        </span>
      </li>
    ))}
  </ul>
)
