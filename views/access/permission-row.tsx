import type { SectionAccess } from '../../src/models/access/permission'
import type { Column, PersonSections } from '../../src/models/access/permission-page'
import type { WorkspacePaths } from '../../src/paths'
import { Icon } from '../components/icon'
import { shownName } from '../components/shown-address'
import { originInWords } from '../presets/origin-words'
import { AlwaysEverything, MarkIcon, PersonHead, postTo, Segment } from './matrix'

export const WORDS: Record<SectionAccess, string> = { default: 'Default', on: 'On', off: 'Off' }

type RowProps = { to: WorkspacePaths; person: PersonSections; columns: Column[]; now: number }

export const PersonRow = ({ to, person, columns, now, changed }: RowProps & { changed: boolean }) => (
  <tr id={`member-${person.id}`} class={changed ? 'changed' : undefined}>
    <PersonHead person={person} />
    {person.role === 'admin' ? (
      <AlwaysEverything columns={columns.length + 1} />
    ) : (
      <>
        {columns.map((column, i) => {
          const state = person.sections[i] ?? 'default'
          const why = state === 'default' ? undefined : originInWords(person.origins[i], person.preset, now)
          return (
            <td class={state === 'default' ? column.byDefault : state}>
              <SectionForm {...{ to, person, column, state, why }} />
            </td>
          )
        })}
        <td class="actions">
          <Reset {...{ to, person, columns }} />
        </td>
      </>
    )}
  </tr>
)

type SectionFormProps = {
  to: WorkspacePaths
  person: Pick<PersonSections, 'id' | 'name' | 'email'>
  column: Column
  state: SectionAccess
  /** Where what is set comes from. */
  why?: string | undefined
}

export const SectionForm = ({ to, person, column: { slug, name, byDefault }, state, why }: SectionFormProps) => (
  <form {...postTo(to.permission(person.id))}>
    <input type="hidden" name="section" value={slug} />
    <fieldset class="access" aria-label={`${name} for ${shownName(person)}`}>
      {(['default', 'on', 'off'] as const).map((access) => (
        <Cell
          value={access}
          {...(state === access && why
            ? { title: why, 'aria-label': WORDS[access] }
            : { title: access === 'default' ? `Default: ${byDefault}` : WORDS[access] })}
          mark={access === 'default' ? `default-${byDefault}` : access}
          pressed={state === access}
        />
      ))}
    </fieldset>
  </form>
)

/** With nothing to reset the button stays where it is, so that focus has somewhere to be. */
const Reset = ({ to, person, columns }: Omit<RowProps, 'now'>) => {
  const own = columns.filter((_, i) => person.sections[i] !== 'default')
  const label = `Reset ${shownName(person)} to defaults`
  return (
    <form {...postTo(to.permission(person.id))}>
      {own.map(({ slug }) => (
        <>
          <input type="hidden" name="section" value={slug} />
          <input type="hidden" name="access" value="default" />
        </>
      ))}
      <button
        class="button ghost dots"
        type={own.length === 0 ? 'button' : 'submit'}
        aria-disabled={own.length === 0 ? 'true' : undefined}
        aria-label={label}
        title="Reset to defaults"
      >
        <Icon name="undo" />
      </button>
    </form>
  )
}

type CellProps = {
  value: SectionAccess
  title: string
  'aria-label'?: string | undefined
  mark?: 'on' | 'off' | 'default-on' | 'default-off'
  pressed: boolean
}

/** One state of one cell. */
export const Cell = ({ value, mark, ...cell }: CellProps) => (
  <Segment {...cell} name="access" value={value}>
    <MarkIcon mark={mark ?? (value === 'on' ? 'on' : 'off')} />
  </Segment>
)
