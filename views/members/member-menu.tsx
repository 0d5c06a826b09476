import type { MemberChange, WorkspacePaths } from '../../src/paths'
import { ConfirmTrigger } from '../components/confirm'
import { Icon, type IconName } from '../components/icon'
import { Menu } from '../components/menu'
import { shownName } from '../components/shown-address'
import { Change, RESEND, type Who } from './member-change'
import { confirmId, type Question } from './member-confirms'
import { type Kind, kindsOf } from './member-words'

type Entry = { for: Kind | Kind[]; icon: IconName; text: string; class?: 'danger'; title?: string } & (
  | { change: MemberChange; field?: readonly [name: string, value: string] }
  | { question: Question }
  | { href: string }
)

/** Not on a member's own page, which changes the role where it is shown. */
const ROLE_ENTRIES: Entry[] = [
  { for: 'user', change: 'role', field: ['role', 'admin'], icon: 'shield-check', text: 'Make Tenant Admin' },
  { for: 'admin', change: 'role', field: ['role', 'user'], icon: 'shield-check', text: 'Make Tenant User' },
  { for: 'self', question: 'demote-self', icon: 'shield-check', text: 'Make Tenant User' },
]

const ENTRIES: Entry[] = [
  { for: 'bounced', ...RESEND },
  { for: 'pending', href: '#new-address', icon: 'pencil', text: 'Correct address' },
  { for: 'pending', href: '/copy-link', icon: 'link', text: 'Copy link' },
  { for: 'active', question: 'sign-out', icon: 'log-out', text: 'Sign out of this workspace' },
]

/** On a member's own page alone, which says what they have: a list of fifty has no room for its question. */
const OWN_ENTRIES: Entry[] = [
  { for: ['active', 'disabled', 'ended'], question: 'reset-factor', icon: 'rotate-cw', text: 'Reset second factor' },
]

const LAST_ENTRIES: Entry[] = [
  { for: 'pending', question: 'cancel', icon: 'trash', text: 'Cancel invitation', class: 'danger' },
  { for: 'active', question: 'disable', icon: 'ban', text: 'Disable' },
  { for: ['active', 'disabled', 'ended'], question: 'delete', icon: 'trash', text: 'Delete', class: 'danger' },
  { for: 'self', question: 'disable-self', icon: 'ban', text: 'Disable' },
  { for: 'self', question: 'leave', icon: 'log-out', text: 'Leave', class: 'danger' },
]

type MenuProps = Required<Who> & { self: boolean }

/** The dots of the page of one member. */
export const MemberMenu = ({ to, member, self }: MenuProps & { member: NonNullable<Who['member']> }) => {
  const kinds = kindsOf(member, self)
  const theirs = (entries: Entry[]) => entries.filter((entry) => [entry.for].flat().some((kind) => kinds.includes(kind)))
  const first = theirs([...ENTRIES, ...OWN_ENTRIES])
  return (
    <Menu id="more" label={`More for ${shownName(member)}`}>
      <Entries to={to} member={member} entries={first} />
      {first.length > 0 && <hr />}
      <Entries to={to} member={member} entries={theirs(LAST_ENTRIES)} />
    </Menu>
  )
}

/** The menu of all rows of a list: of these entries, the script shows those for the row whose dots were pressed. */
export const RowMenu = ({ to }: { to: WorkspacePaths }) => (
  <div class="menu" id={ROW_MENU} popover="auto" role="group">
    <a href={to.users} data-to="">
      <Icon name="eye" />
      Open
    </a>
    <Entries to={to} entries={[...ROLE_ENTRIES, ...ENTRIES]} />
    <hr />
    <Entries to={to} entries={LAST_ENTRIES} />
  </div>
)

const ROW_MENU = 'row-menu'

const Entries = ({ entries, ...who }: Who & { entries: Entry[] }) => (
  <>
    {entries.map((entry) => (
      <MenuEntry {...who} entry={entry} />
    ))}
  </>
)

const MenuEntry = ({ to, member, entry: { for: kind, ...entry } }: Who & { entry: Entry }) => {
  const shown = { 'data-for': member ? undefined : [kind].flat().join(' ') }
  if ('change' in entry) return <Change {...{ to, member }} {...entry} {...shown} id={`menu-${entry.change}-${[kind].flat()[0]}`} />
  if ('question' in entry) {
    const { question, text, ...look } = entry
    return (
      <ConfirmTrigger for={confirmId(question)} {...look} {...shown}>
        {text}
      </ConfirmTrigger>
    )
  }
  return (
    <a href={member && `${to.member(member.id)}${entry.href}`} data-to={member ? undefined : entry.href} {...shown}>
      <Icon name={entry.icon} />
      {entry.text}
    </a>
  )
}
