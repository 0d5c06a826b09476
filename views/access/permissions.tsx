import type { Column, PersonSections, SectionAccess } from '../../src/models/access/permission'
import { Icon } from '../components/icon'
import { hrefWith, Pager } from '../components/pager'
import { Search } from '../components/search'
import { Nobody } from '../members/nobody'
import { AccessPage } from './access'
import { answersIn, MarkIcon, Marks, postTo } from './matrix'
import { Cell, PersonRow, WORDS } from './permission-row'

const PATH = '/access/permissions'
const ID = 'permissions'
const COLUMN_WORDS: Record<SectionAccess, string> = {
  default: 'Set to default for these',
  on: 'Turn on for these',
  off: 'Turn off for these',
}

type Props = {
  columns: Column[]
  people: PersonSections[]
  next: string | undefined
  search: { q: string; cursor: string }
  changed: string | undefined
}

export const PermissionsPage = ({ columns, people, next, search, changed }: Props) => (
  <AccessPage id={ID} tab={PATH}>
    <div class="filters">
      <Search id="q" path={PATH} name="q" label="Search name or address" value={search.q} kept={{}} target={ID} />
      <Legend />
    </div>
    {people.length === 0 ? (
      <Nobody q={search.q} path={PATH} otherwise="There is nobody on this page any more." />
    ) : (
      <Matrix {...{ columns, people, changed }} />
    )}
    <Pager
      id="people"
      label="Pages of people"
      first={search.cursor && hrefWith(PATH, { q: search.q })}
      next={next && hrefWith(PATH, { q: search.q, cursor: next })}
      target={ID}
      words={['First page', 'Next page']}
    />
  </AccessPage>
)

const Legend = () => (
  <p class="legend">
    <span>
      <MarkIcon mark="default-on" /> Default, as in the first row
    </span>
    <span>
      <MarkIcon mark="on" /> On
    </span>
    <span>
      <MarkIcon mark="off" /> Off
    </span>
  </p>
)

const Matrix = ({ columns, people, changed }: Pick<Props, 'columns' | 'people' | 'changed'>) => {
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
                <th scope="col">{users.length === 0 ? column.name : <ColumnMenu column={column} users={users} />}</th>
              ))}
              <th scope="col">
                <span class="visually-hidden">Reset</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Defaults columns={columns} />
            {people.map((person) => (
              <PersonRow {...{ person, columns }} changed={changed === person.id} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** Sets a whole column for the people on the page. */
const ColumnMenu = ({ column: { slug, name }, users }: { column: Column; users: string[] }) => (
  <>
    <button type="button" class="button ghost small" popovertarget={`column-${slug}`} title="Set the whole column">
      {name}
      <Icon name="chevron-down" />
    </button>
    <div class="menu" id={`column-${slug}`} popover="auto" role="group" aria-label={`${name} for everybody on this page`}>
      <form {...postTo(`${PATH}/columns`)}>
        <input type="hidden" name="section" value={slug} />
        {users.map((id) => (
          <input type="hidden" name="member" value={id} />
        ))}
        {(['on', 'off', 'default'] as const).map((access) => (
          <button id={`column-${slug}-${access}`} name="access" value={access}>
            <MarkIcon mark={access === 'default' ? 'default-on' : access} />
            {COLUMN_WORDS[access]} {users.length}
          </button>
        ))}
      </form>
    </div>
  </>
)

const Defaults = ({ columns }: { columns: Column[] }) => (
  <tr class="defaults">
    <th scope="row">
      Workspace default
      <small>For new people and cells on default</small>
    </th>
    {columns.map(({ slug, name, byDefault }) => (
      <td>
        <form {...postTo(`${PATH}/defaults`)}>
          <input type="hidden" name="section" value={slug} />
          <fieldset class="access" aria-label={`${name} by default`}>
            {(['on', 'off'] as const).map((access) => (
              <Cell id={`default-${slug}-${access}`} value={access} title={WORDS[access]} pressed={byDefault === access} />
            ))}
          </fieldset>
        </form>
      </td>
    ))}
    <td />
  </tr>
)
