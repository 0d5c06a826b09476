import type { Child } from 'hono/jsx'
import type { Person } from '../../src/models/access/matrix'
import { Avatar } from '../components/avatar'
import { Icon } from '../components/icon'
import { shownAddress, shownName } from '../components/shown-address'
import { BADGES, isInvited } from '../members/member-words'
import { ROLES } from '../words'

/** What the forms of a matrix share: the section is morphed, so that focus and both scroll positions stay, one change after another. */
export const answersIn = (id: string) => ({
  'hx-target:inherited': `#${id}`,
  'hx-swap:inherited': 'outerMorph',
  'hx-disable:inherited': 'findAll button',
  'hx-sync:inherited': `#${id}:queue all`,
})

export const postTo = (action: string) => ({ method: 'post' as const, action, 'hx-post': action })

type Mark = 'on' | 'off' | 'default-on' | 'default-off'

/** Drawn once: a matrix shows each of them hundreds of times. */
export const Marks = () => (
  <svg hidden aria-hidden="true">
    <symbol id="on" viewBox="0 0 24 24">
      <path d="M20 6 9 17l-5-5" />
    </symbol>
    <symbol id="off" viewBox="0 0 24 24">
      <path d="M18 6 6 18M6 6l12 12" />
    </symbol>
    <symbol id="default-on" viewBox="0 0 24 24">
      <circle cx="12" cy="12" r="10" stroke-dasharray="3.2 3.1" />
      <path d="m8 12.5 3 3 5.5-6" />
    </symbol>
    <symbol id="default-off" viewBox="0 0 24 24">
      <circle cx="12" cy="12" r="10" stroke-dasharray="3.2 3.1" />
      <path d="m9 9 6 6m0-6-6 6" />
    </symbol>
  </svg>
)

export const MarkIcon = ({ mark }: { mark: Mark }) => (
  <svg class="icon" aria-hidden="true">
    <use href={`#${mark}`} />
  </svg>
)

type SegmentProps = {
  name: string
  value: string
  /** What it says on hover, and is called where it has no label of its own. */
  title: string
  'aria-label'?: string | undefined
  pressed: boolean
  children: Child
}

/** One of the buttons of a segmented control: a click sets its value, whatever it was. */
export const Segment = ({ pressed, children, ...button }: SegmentProps) => (
  <button {...button} aria-pressed={pressed ? 'true' : 'false'}>
    {children}
  </button>
)

/** How many a change of a column is for. */
export const onThisPage = (people: number) => (people === 1 ? '1 person' : `all ${people} on this page`)

export const PersonHead = ({ person }: { person: Person }) => (
  <th scope="row">
    <div class="person">
      <Avatar label={shownName(person)} pending={isInvited(person)} />
      <span title={shownAddress(person.email)}>
        {shownName(person)}
        <small>{subtitleOf(person)}</small>
      </span>
    </div>
  </th>
)

function subtitleOf({ role, state, name, email }: Person) {
  if (isInvited({ state })) return name ? `${BADGES[state]} · ${shownAddress(email)}` : BADGES[state]
  if (state === 'disabled' || state === 'ended') return `${BADGES[state]} · ${shownAddress(email)}`
  return role === 'admin' ? ROLES.admin : name ? shownAddress(email) : ROLES.user
}

export const AlwaysEverything = ({ columns }: { columns: number }) => (
  <td class="everything" colspan={columns}>
    <span>
      <Icon name="shield-check" />
      {ROLES.admin}: always everything
    </span>
  </td>
)
