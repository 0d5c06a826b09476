import type { Filter, Member, MemberState } from '../src/models/member'
import type { Viewer } from '../src/models/viewer'
import { AccessPage } from './access'
import { Avatar } from './components/avatar'
import { Badge } from './components/badge'
import { Empty } from './components/empty'
import { Icon } from './components/icon'
import { When } from './components/when'
import { MemberActions, MemberConfirms } from './member-actions'
import { agentsOf, BADGES, isInvited, lastOf, sectionsCount, subtitleOf } from './member-words'
import { ROLES } from './words'

type Props = {
  members: Member[]
  next: string | undefined
  filter: Filter
  now: number
  changed: string | undefined
  viewer: Viewer
}

export const UsersPage = ({ members, next, filter, ...table }: Props) => (
  <AccessPage id="users" tab="/access/users">
    <Filters filter={filter} />
    {members.length === 0 ? <Nobody filter={filter} /> : <UserTable {...table} members={members} />}
    <Pager filter={filter} next={next} />
  </AccessPage>
)

const STATES: { status: MemberState | undefined; text: string }[] = [
  { status: undefined, text: 'All' },
  { status: 'active', text: 'Active' },
  { status: 'pending', text: 'Pending' },
  { status: 'expired', text: 'Expired' },
  { status: 'disabled', text: 'Disabled' },
]

/** Search works as a plain form; htmx sends the same form while somebody types. */
const Filters = ({ filter }: { filter: Filter }) => (
  <div class="filters">
    <form
      class="search"
      role="search"
      method="get"
      action="/access/users"
      hx-get="/access/users"
      hx-trigger="input delay:250ms, submit"
      hx-target="#users"
      hx-push-url="true"
      hx-sync="this:replace"
    >
      <Icon name="search" />
      <input
        id="q"
        type="search"
        name="q"
        value={filter.q}
        placeholder="Search name or address"
        aria-label="Search name or address"
      />
      {filter.status && <input type="hidden" name="status" value={filter.status} />}
      {filter.role && <input type="hidden" name="role" value={filter.role} />}
    </form>
    <nav class="chips" aria-label="Status">
      {STATES.map(({ status, text }) => (
        <a
          class="chip"
          id={`status-${status ?? 'all'}`}
          aria-current={status === filter.status ? 'page' : undefined}
          {...linkTo({ ...filter, status, cursor: '' })}
        >
          {text}
        </a>
      ))}
    </nav>
  </div>
)

const linkTo = (filter: Filter) => ({
  href: usersHref(filter),
  'hx-get': usersHref(filter),
  'hx-target': '#users',
  'hx-push-url': 'true',
})

export function usersHref({ q, status, role, cursor }: Filter): string {
  const query = new URLSearchParams(
    Object.entries({ q, status, role, cursor }).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  )
  return query.size ? `/access/users?${query}` : '/access/users'
}

const UserTable = ({ members, now, changed, viewer }: Pick<Props, 'members' | 'now' | 'changed' | 'viewer'>) => (
  <>
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
            <MemberRow {...{ member, now }} changed={changed === member.id} self={member.id === viewer.memberId} />
          ))}
        </tbody>
      </table>
    </div>
    {members.map((member) => (
      <MemberConfirms member={member} self={member.id === viewer.memberId} target="#users" />
    ))}
  </>
)

type RowProps = { member: Member; now: number; changed: boolean; self: boolean }

const MemberRow = ({ member, now, changed, self }: RowProps) => {
  const last = lastOf(member)
  return (
    <tr id={`member-${member.id}`} class={changed ? 'changed' : undefined}>
      <th scope="row">
        <div class="person">
          <Avatar label={member.name ?? member.email} pending={isInvited(member)} />
          <span>
            <a href={`/access/users/${member.id}`}>{member.name ?? member.email}</a>
            <small>{subtitleOf(member, now)}</small>
          </span>
        </div>
      </th>
      <td class="quiet" data-label="Role">
        {ROLES[member.role]}
      </td>
      <td data-label="Status">
        <Badge tone={member.state}>{BADGES[member.state]}</Badge>
      </td>
      <td class="quiet" data-label="Sections">
        {sectionsCount(member)}
      </td>
      <td class="quiet" data-label="Agents">
        {agentsOf(member)}
      </td>
      <td class="quiet" data-label="Last active or invited">
        <When at={last.at} now={now} prefix={last.word} />
      </td>
      <td class="actions">
        <MemberActions member={member} self={self} target="#users" />
      </td>
    </tr>
  )
}

const Nobody = ({ filter }: { filter: Filter }) => (
  <Empty icon="users" title="Nobody found">
    <p>{filter.q ? `No name or address here contains “${filter.q}”.` : 'Nobody here is in that state.'}</p>
    <p>
      <a class="button" href="/access/users">
        Show everybody
      </a>
    </p>
  </Empty>
)

const Pager = ({ filter, next }: { filter: Filter; next: string | undefined }) =>
  next || filter.cursor ? (
    <nav class="pager" aria-label="Pages">
      {filter.cursor ? (
        <a class="button" id="first-page" {...linkTo({ ...filter, cursor: '' })}>
          First page
        </a>
      ) : (
        <span />
      )}
      {next && (
        <a class="button" id="next-page" {...linkTo({ ...filter, cursor: next })}>
          Next page
          <Icon name="arrow-right" />
        </a>
      )}
    </nav>
  ) : null
