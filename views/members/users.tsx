import type { Filter, Member, Status } from '../../src/models/members/member'
import type { Viewer } from '../../src/models/members/viewer'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Avatar } from '../components/avatar'
import { Badge } from '../components/badge'
import { linkTo, Pager } from '../components/pager'
import { Search } from '../components/search'
import type { Stale } from '../components/stale'
import { When } from '../components/when'
import { ROLES } from '../words'
import { type MailTrouble, MailTroubleCallout } from './mail-trouble'
import { RowConfirms } from './member-confirms'
import { RowMenu } from './member-menu'
import { agentsOf, BADGES, isInvited, lastOf, nameOf, sectionsCount, subtitleOf, troubleOf } from './member-words'
import { Nobody } from './nobody'
import { RowActions, RowForms } from './row-actions'

type Props = {
  to: WorkspacePaths
  members: Member[]
  next: string | undefined
  /** How many need attention, in words. */
  attention: string
  filter: Filter
  now: number
  changed: string | undefined
  viewer: Viewer
  stale: Stale | undefined
  mailTrouble: MailTrouble | undefined
}

export const UsersPage = ({ to, members, next, filter, attention, stale, mailTrouble, ...table }: Props) => (
  <AccessPage to={to} id="users" tab="users" stale={stale}>
    {mailTrouble && <MailTroubleCallout trouble={mailTrouble} to={to} />}
    <Filters {...{ to, filter, attention }} />
    {members.length === 0 ? (
      <Nobody
        q={filter.q}
        path={to.users}
        later={filter.cursor !== ''}
        otherwise={filter.status === 'attention' ? ALL_WELL : 'Nobody here is in that state.'}
      />
    ) : (
      <UserTable {...table} to={to} members={members} />
    )}
    <Pager
      id="people"
      label="Pages"
      first={filter.cursor && hrefTo(to, { ...filter, cursor: '' })}
      next={next && hrefTo(to, { ...filter, cursor: next })}
      target="users"
      words={['First page', 'Next page']}
    />
  </AccessPage>
)

const ALL_WELL = 'Nobody needs attention: no invitation has bounced or expired, and no email is waiting.'

const STATES: { status: Status | undefined; text: string }[] = [
  { status: undefined, text: 'All' },
  { status: 'attention', text: 'Needs attention' },
  { status: 'active', text: 'Active' },
  { status: 'pending', text: 'Pending' },
  { status: 'expired', text: 'Expired' },
  { status: 'disabled', text: 'Disabled' },
]

const Filters = ({ to, filter, attention }: Pick<Props, 'to' | 'filter' | 'attention'>) => (
  <div class="filters">
    <Search
      id="q"
      path={to.users}
      name="q"
      label="Search name or address"
      value={filter.q}
      kept={{ status: filter.status, role: filter.role }}
      target="users"
    />
    <nav class="chips" aria-label="Status">
      {STATES.map(({ status, text }) => (
        <a
          class="chip"
          id={`status-${status ?? 'all'}`}
          aria-current={status === filter.status ? 'page' : undefined}
          {...linkTo(hrefTo(to, { ...filter, status, cursor: '' }), 'users')}
        >
          {text}
          {status === 'attention' && attention && <small class="count">{attention}</small>}
        </a>
      ))}
    </nav>
    <RoleFilter to={to} filter={filter} />
  </div>
)

const RoleFilter = ({ to, filter: { q, status, role } }: Pick<Props, 'to' | 'filter'>) => (
  <form method="get" action={to.users} hx-get={to.users} hx-trigger="change, submit" hx-target="#users" hx-push-url="true">
    {q && <input type="hidden" name="q" value={q} />}
    {status && <input type="hidden" name="status" value={status} />}
    <select name="role" id="role" aria-label="Role">
      <option value="">Any role</option>
      {(['admin', 'user'] as const).map((each) => (
        <option value={each} selected={each === role}>
          {ROLES[each]}
        </option>
      ))}
    </select>
    <noscript>
      <button class="button">Show</button>
    </noscript>
  </form>
)

const hrefTo = (to: WorkspacePaths, { q, status, role, cursor }: Filter) => withQuery(to.users, { q, status, role, cursor })

type TableProps = Pick<Props, 'to' | 'members' | 'now' | 'changed' | 'viewer'>

const UserTable = ({ to, members, now, changed, viewer }: TableProps) => (
  <div {...{ 'hx-target:inherited': '#users' }}>
    <div class="table-wrap">
      <table class="users">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Role</th>
            <th scope="col">Status</th>
            <th scope="col">Sections</th>
            <th scope="col">Agents</th>
            <th scope="col">Last active or invited</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow {...{ to, member, now }} changed={changed === member.id} self={member.id === viewer.memberId} />
          ))}
        </tbody>
      </table>
    </div>
    <RowForms />
    <div id="row">
      <RowMenu to={to} />
      <RowConfirms to={to} self={members.find(({ id }) => id === viewer.memberId)} />
    </div>
  </div>
)

type RowProps = { to: WorkspacePaths; member: Member; now: number; changed: boolean; self: boolean }

const MemberRow = ({ to, member, now, changed, self }: RowProps) => {
  const last = lastOf(member)
  return (
    <tr id={`member-${member.id}`} class={changed ? 'changed' : undefined}>
      <th scope="row">
        <div class="person">
          <Avatar label={nameOf(member)} pending={isInvited(member)} />
          <span>
            <a href={to.member(member.id)}>{nameOf(member)}</a>
            <small class={troubleOf(member) && 'trouble'}>{subtitleOf(member, now)}</small>
          </span>
        </div>
      </th>
      <td class="quiet">{ROLES[member.role]}</td>
      <td>
        <Badge tone={member.state}>{BADGES[member.state]}</Badge>
      </td>
      <td class="quiet">{sectionsCount(member)}</td>
      <td class="quiet">{agentsOf(member)}</td>
      <td class="quiet">
        <When at={last.at} now={now} prefix={last.word} />
      </td>
      <td class="actions">
        <RowActions to={to} member={member} self={self} />
      </td>
    </tr>
  )
}
