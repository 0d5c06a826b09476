import type { Column } from '../../src/models/invite-many/cells'
import type { WorkspacePaths } from '../../src/paths'
import { Icon } from '../components/icon'
import type { ListedRow, RowProps } from './row'

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
export const Repair = ({ row: { n, column: wrong, cells, detail, reason, typed } }: { row: ListedRow }) => {
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
export const Choices = ({ row, to, id, version }: ChoicesProps) => {
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
