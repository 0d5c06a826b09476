import type { Column } from '../../src/models/invite-many/cells'
import type { Row, Standing } from '../../src/models/invite-many/review'
import type { ListSettings, Settings } from '../../src/models/invite-many/row'
import type { WorkspacePaths } from '../../src/paths'
import { Badge } from '../components/badge'
import { shownAddress } from '../components/shown-address'
import { lastDayInWords } from '../components/when'
import { numberOf, ROLES } from '../words'
import { Choices, Repair } from './row-form'
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
