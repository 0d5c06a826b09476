import type { SectionAccess } from '../../src/models/access/permission'
import type { Column, PersonSections } from '../../src/models/access/permission-page'
import type { Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Callout } from '../components/callout'
import { Icon } from '../components/icon'
import { Pager } from '../components/pager'
import { Search } from '../components/search'
import type { Stale } from '../components/stale'
import { Nobody } from '../members/nobody'
import { AccessPage } from './access'
import { answersIn, MarkIcon, Marks, onThisPage, postTo } from './matrix'
import { Cell, PersonRow, WORDS } from './permission-row'

const ID = 'permissions'
const COLUMN_WORDS: Record<SectionAccess, string> = { default: 'Set to default for', on: 'Turn on for', off: 'Turn off for' }

type Props = {
  to: WorkspacePaths
  columns: Column[]
  people: PersonSections[]
  paging: Paging
  total: Count | undefined
  /** Nobody has chosen the defaults, and nobody is here yet for whom they count. */
  undecided: boolean
  search: { q: string }
  now: number
  changed: string | undefined
  stale?: Stale | undefined
}

export const PermissionsPage = ({ to, columns, people, paging, total, undecided, search, now, changed, stale }: Props) => (
  <AccessPage {...{ to, stale }} id={ID} tab="permissions">
    {undecided && <KeepDefaults to={to} />}
    <div class="filters">
      <Search id="q" path={to.permissions} name="q" label="Search name or address" value={search.q} kept={{}} target={ID} />
      <Legend />
    </div>
    {people.length === 0 ? (
      <Nobody q={search.q} path={to.permissions} otherwise="There is no one on this page anymore." />
    ) : (
      <Matrix {...{ to, columns, people, now, changed }} />
    )}
    <Pager
      id="people"
      label="Pages of people"
      {...{ paging, total }}
      hrefTo={(link) => withQuery(to.permissions, { q: search.q, ...link })}
      target={ID}
    />
  </AccessPage>
)

/** The step of a new workspace that is done by looking. */
const KeepDefaults = ({ to }: Pick<Props, 'to'>) => (
  <Callout tone="info">
    <p>
      People you invite see every section that is on in the row “Workspace default”. Turn off what they should not see, or keep all
      of them.
    </p>
    <form class="buttons" {...postTo(to.keepDefaults)} hx-target={`#${ID}`} hx-disable="find button">
      <button class="button small">Keep these defaults</button>
    </form>
  </Callout>
)

const Legend = () => (
  <p class="legend">
    <span>
      <MarkIcon mark="default-on" /> Same as workspace default
    </span>
    <span>
      <MarkIcon mark="on" /> On
    </span>
    <span>
      <MarkIcon mark="off" /> Off
    </span>
  </p>
)

type MatrixProps = Pick<Props, 'to' | 'columns' | 'people' | 'now' | 'changed'>

const Matrix = ({ to, columns, people, now, changed }: MatrixProps) => {
  const users = people.filter(({ role }) => role === 'user').map(({ id }) => id)
  return (
    <>
      <Marks />
      <div class="table-wrap matrix" {...answersIn(ID)}>
        <table aria-label="Permission Matrix">
          <thead>
            <tr>
              <th scope="col">Person</th>
              {columns.map((column) => (
                <th scope="col">{users.length === 0 ? column.name : <ColumnMenu {...{ to, column, users }} />}</th>
              ))}
              <th scope="col">
                <span class="visually-hidden">Reset</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Defaults {...{ to, columns }} />
            {people.map((person) => (
              <PersonRow {...{ to, person, columns, now }} changed={changed === person.id} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

type ColumnProps = { to: WorkspacePaths; column: Column; users: string[] }

/** Sets a whole column for the people on the page. */
const ColumnMenu = ({ to, column: { slug, name }, users }: ColumnProps) => (
  <>
    <button type="button" class="button ghost small" popovertarget={`column-${slug}`} title="Set the whole column">
      {name}
      <Icon name="chevron-down" />
    </button>
    <div class="menu" id={`column-${slug}`} popover="auto" role="group" aria-label={`${name} for everyone on this page`}>
      <form {...postTo(to.permissionColumns)}>
        <input type="hidden" name="section" value={slug} />
        {users.map((id) => (
          <input type="hidden" name="member" value={id} />
        ))}
        {(['on', 'off', 'default'] as const).map((access) => (
          <button id={`column-${slug}-${access}`} name="access" value={access}>
            <MarkIcon mark={access === 'default' ? 'default-on' : access} />
            {COLUMN_WORDS[access]} {onThisPage(users.length)}
          </button>
        ))}
      </form>
    </div>
  </>
)

const Defaults = ({ to, columns }: Pick<Props, 'to' | 'columns'>) => (
  <tr class="defaults">
    <th scope="row">
      Workspace default
      <small>For everyone without their own setting</small>
    </th>
    {columns.map(({ slug, name, byDefault }) => (
      <td class={byDefault}>
        <form {...postTo(to.permissionDefaults)}>
          <input type="hidden" name="section" value={slug} />
          <fieldset class="access" aria-label={`${name} by default`}>
            {(['on', 'off'] as const).map((access) => (
              <Cell value={access} title={WORDS[access]} pressed={byDefault === access} />
            ))}
          </fieldset>
        </form>
      </td>
    ))}
    <td />
  </tr>
)
