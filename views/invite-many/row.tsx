import type { Column } from '../../src/models/invite-many/cells'
import type { Row, Standing } from '../../src/models/invite-many/review'
import type { ListSettings, Settings } from '../../src/models/invite-many/row'
import type { WorkspacePaths } from '../../src/paths'
import { Badge } from '../components/badge'
import { Icon } from '../components/icon'
import { shownAddress } from '../components/shown-address'
import { lastDayInWords } from '../components/when'
import { numberOf, ROLES } from '../words'
import { wordsOf } from './row-words'

/** A row with where it is in its list, and the column that its problem is in. */
export type ListedRow = Row & { standing: Standing; column: Column | undefined; typed: Typed | undefined }
/** What was entered and not saved. */
export type Typed = { column: Column; value: string }

export type RowProps = {
  to: WorkspacePaths
  id: string
  version: number
  settings: ListSettings
  /** Whether the list can still be changed, and whether its sending has ended. */
  open: boolean
  over: boolean
  changed: number | undefined
  self: string
  now: number
}

const TONES = {
  ready: 'active',
  problem: 'bounced',
  left: 'disabled',
  sent: 'active',
  waiting: 'pending',
  not_sent: 'bounced',
} as const

export const RowLine = ({ row, ...at }: RowProps & { row: ListedRow }) => {
  const { title, text, isBad } = wordsOf(row, at)
  return (
    <tr id={`row-${row.n}`} class={at.changed === row.n ? 'changed' : undefined}>
      <th scope="row">
        <Who row={row} />
      </th>
      <td>
        <Access row={row} settings={at.settings} />
      </td>
      <td class="verdict">
        <Badge tone={isBad ? 'bounced' : TONES[row.standing]}>{title}</Badge>
        {text && <p id={`says-${row.n}`}>{text}</p>}
        {at.open && (row.standing === 'problem' || row.typed) && <Repair row={row} />}
      </td>
      <td class="actions">
        {at.open ? (
          <Choices row={row} {...at} />
        ) : (
          row.holder && (
            <a class="button ghost small" href={at.to.member(row.holder)}>
              Open
              <span class="visually-hidden"> (row {row.n})</span>
            </a>
          )
        )}
      </td>
    </tr>
  )
}

const Who = ({ row: { n, name, email, cells } }: { row: ListedRow }) => {
  const address = email ? shownAddress(email) : (cells.email ?? '')
  return (
    <div class="person">
      <span class="place">{numberOf(n)}</span>
      <span>
        <span>{name ?? address}</span>
        {name && <small>{address}</small>}
      </span>
    </div>
  )
}

/** Only what differs from what was chosen for everyone is said beside the role. */
const Access = ({ row: { own }, settings }: { row: ListedRow; settings: Settings }) => {
  const role = own.role ?? settings.role
  const until = role === 'user' && own.endsAt && `until ${lastDayInWords(own.endsAt)}`
  const said = [role === 'user' && ownAccess(own), until, own.preset && 'own preset', own.note && 'own note']
    .filter(Boolean)
    .join(', ')
  return (
    <>
      {ROLES[role]}
      {said && <small>{said}</small>}
    </>
  )
}

function ownAccess({ sections, mode, agents = [] }: Partial<Settings>) {
  const seen = sections && (sections.length === 1 ? '1 section' : `${sections.length} sections`)
  const met = mode && (mode === 'all' ? 'all agents' : agents.length === 1 ? '1 agent' : `${agents.length} agents`)
  return [seen, met].filter(Boolean).join(', ')
}

const formOf = (n: number) => `change-${n}`

const LABELS: Record<Column, string> = {
  email: 'Email address',
  name: 'Name',
  role: 'Role',
  sections: 'Sections',
  agents: 'Agents',
  preset: 'Preset',
  until: 'Last day',
  note: 'Note',
}

/** As the header of a file names them. */
export const COLUMN_NAMES = Object.keys(LABELS)

/** The cell that is wrong, to be corrected where it is. What was probably meant is one press away. */
const Repair = ({ row: { n, column: wrong, cells, detail, reason, typed } }: { row: ListedRow }) => {
  const column = typed?.column ?? wrong
  if (!column) return null
  const value = typed?.value ?? cells[column] ?? ''
  const suggested = column === 'email' ? detail : null
  return (
    <div class="repair">
      {suggested && (
        <button class="button small" form={formOf(n)} name="instead" value={suggested}>
          Use {suggested}
        </button>
      )}
      <span>
        <input
          form={formOf(n)}
          name={column}
          value={value}
          aria-label={`${LABELS[column]} of row ${n}`}
          aria-describedby={reason ? `says-${n}` : undefined}
          aria-invalid={reason ? 'true' : undefined}
          autocomplete="off"
          spellcheck={false}
        />
        <button class="button small" form={formOf(n)} name="do" value={reason === 'likely_typo' ? 'as_typed' : 'save'}>
          Save
        </button>
      </span>
    </div>
  )
}

type ChoicesProps = { row: ListedRow } & RowProps

/** The form of the row, which the field beside the verdict belongs to as well. */
const Choices = ({ row, to, id, version }: ChoicesProps) => {
  const action = to.inviteRow(id, row.n)
  return (
    <form id={formOf(row.n)} method="post" action={action} hx-post={action} hx-disable="find button">
      <input type="hidden" name="version" value={version} />
      {row.choice === 'leave' ? (
        <Choose row={row} to="send" text="Take back in" />
      ) : (
        <>
          {row.status === 'pending' && row.reason === 'already_pending' && (
            <Choose row={row} to="resend" text="Resend" icon="send" />
          )}
          {row.holder && row.standing === 'problem' && <Instead to={to} row={row} id={row.holder} />}
          <Choose row={row} to="leave" text="Leave out" />
        </>
      )}
    </form>
  )
}

/** What helps somebody who is here already. */
const Instead = ({ to, row: { n, reason }, id }: { to: WorkspacePaths; row: ListedRow; id: string }) => {
  if (reason === 'already_pending') return null
  if (reason === 'already_disabled')
    return (
      <button class="button ghost small" form={ENABLE} formaction={to.changeMember(id, 'enable')} name="state" value="disabled">
        <Icon name="power" />
        Enable
        <span class="visually-hidden"> (row {n})</span>
      </button>
    )
  const ended = reason === 'already_ended'
  return (
    <a class="button ghost small" href={`${to.member(id)}${ended ? '#end-date' : ''}`}>
      {ended ? 'Extend' : 'Open'}
      <span class="visually-hidden"> (row {n})</span>
    </a>
  )
}

/** The form of the buttons that change a member instead of the list. */
export const ENABLE = 'enable'

const Choose = ({ row, to, text, icon }: { row: ListedRow; to: 'send' | 'resend' | 'leave'; text: string; icon?: 'send' }) => (
  <button class="button ghost small" name="do" value={to}>
    {icon && <Icon name={icon} />}
    {text}
    <span class="visually-hidden"> (row {row.n})</span>
  </button>
)
