import type { Link, Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
import type { Preset } from '../../src/models/presets/preset'
import type { PresetHolder } from '../../src/models/presets/preset-page'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { postTo } from '../access/matrix'
import { Badge } from '../components/badge'
import { Pager } from '../components/pager'
import { PersonCell } from '../components/person-cell'
import { shownName } from '../components/shown-address'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { BADGES, isInvited } from '../members/member-words'
import { inWords, numberOf, peopleInWords } from '../words'
import { differencesInWords } from './preset-words'

type Looked = { people: number; differing: number }
export type HoldersProps = {
  to: WorkspacePaths
  preset: Preset
  people: PresetHolder[]
  paging: Paging
  count: Count
  /** How many were looked at for whether they differ, where only those are shown. */
  looked?: Looked | undefined
  cursor: string
  now: number
  changed: string | undefined
}

/** Who has a preset, or those of them who differ from it. */
export const Holders = ({ to, preset, people, paging, count, looked, cursor, now, changed }: HoldersProps) => (
  <div class="stack" id="holders">
    <h2>People</h2>
    {count !== 0 && (
      <nav class="chips" aria-label="Which people">
        <a class="chip" href={to.preset(preset.id)} aria-current={looked ? undefined : 'true'}>
          All <small class="count">{inWords(count)}</small>
        </a>
        <a class="chip" href={withQuery(to.preset(preset.id), { differ: 'on' })} aria-current={looked ? 'true' : undefined}>
          Who differs
        </a>
      </nav>
    )}
    {looked && <RealignAll {...{ to, preset, looked, cursor, count }} />}
    {people.length > 0 ? (
      <HolderTable {...{ to, preset, people, now, changed }} />
    ) : (
      <p class="hint">{looked ? 'Everyone has exactly what it says.' : NOBODY}</p>
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

const NOBODY =
  'No one has this preset yet. Give it on a person’s page, to people you select under Users, or when you invite someone.'

const hrefTo =
  (to: WorkspacePaths, { id }: Preset, looked: Looked | undefined) =>
  (link: Link) =>
    withQuery(to.preset(id), { ...(looked ? { differ: 'on' } : {}), ...link })

type RealignAllProps = Pick<HoldersProps, 'to' | 'preset' | 'cursor' | 'count'> & { looked: Looked }

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

type TableProps = Pick<HoldersProps, 'to' | 'preset' | 'people' | 'now' | 'changed'>

const HolderTable = ({ to, preset, people, now, changed }: TableProps) => (
  <Table class="presets" columns={['Person', 'Status', 'Since', 'Differs in']} actions>
    {people.map((person) => (
      <HolderRow {...{ to, preset, person, now }} changed={changed === person.id} />
    ))}
  </Table>
)

const HolderRow = ({
  to,
  preset,
  person,
  now,
  changed,
}: Omit<TableProps, 'people' | 'changed'> & { person: PresetHolder; changed: boolean }) => (
  <tr id={`member-${person.id}`} class={changed ? 'changed' : undefined}>
    <PersonCell person={person} href={to.member(person.id)} pending={isInvited(person)} />
    <td>
      <Badge tone={person.state}>{BADGES[person.state]}</Badge>
    </td>
    <Cell label="Since">{person.givenAt !== null && <When at={person.givenAt} now={now} />}</Cell>
    <Cell label="Differs in">
      {person.role === 'admin' ? 'Tenant Admin: always everything' : differencesInWords(person.differences) || 'Nothing'}
    </Cell>
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
