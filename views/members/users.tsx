import type { Role } from '../../src/models/access/access'
import type { Paging } from '../../src/models/core/paging'
import type { Count, Counts } from '../../src/models/members/counts'
import type { Filter, Member } from '../../src/models/members/member'
import type { Seats } from '../../src/models/members/seats'
import type { Viewer } from '../../src/models/members/viewer'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { AskingCallout } from '../access-requests/asking'
import { ExportMenu } from '../components/export-menu'
import { Icon } from '../components/icon'
import { Pager } from '../components/pager'
import type { Stale } from '../components/stale'
import { WaitingCallout } from '../join-links/waiting'
import { seatsInWords } from '../refusals'
import { Filters, hrefTo } from './filters'
import { type MailTrouble, MailTroubleCallout, UnsentCallout } from './mail-trouble'
import { RowConfirms } from './member-confirms'
import { RowMenu } from './member-menu'
import { type Narrowed, Nobody } from './nobody'
import { Orders, SortedHead, SWAPS } from './order'
import { RowForms } from './row-actions'
import { SelectHead, SelectionBar } from './selection'
import { UserRow } from './user-row'

type Props = {
  to: WorkspacePaths
  members: Member[]
  paging: Paging
  total: Count | undefined
  counts: Counts
  filter: Filter
  now: number
  changed: string | undefined
  /** Whoever was just changed and is not on this page. */
  pinned: Member | undefined
  viewer: Viewer
  /** Of whom the workspace asks a second factor. */
  asked: Role[]
  stale: Stale | undefined
  mailTrouble: MailTrouble | undefined
  /** How many invitations expired before their email was sent. */
  unsent: number
  /** How many ask to join. */
  waiting: number
  /** How many requests for access to an app wait. */
  asking: number
  /** None where there is no limit. */
  seats: Seats | undefined
}

export const UsersPage = ({
  to,
  members,
  paging,
  total,
  filter,
  counts,
  stale,
  mailTrouble,
  unsent,
  waiting,
  asking,
  seats,
  pinned,
  ...table
}: Props) => (
  <AccessPage to={to} id="users" tab="users" stale={stale} actions={<Evidence to={to} filter={filter} />}>
    {mailTrouble && <MailTroubleCallout trouble={mailTrouble} to={to} />}
    {unsent > 0 && <UnsentCallout count={unsent} to={to} />}
    {waiting > 0 && <WaitingCallout count={waiting} to={to} />}
    {asking > 0 && <AskingCallout count={asking} to={to} />}
    {seats && <p class="hint seats">{seatsInWords(seats)}</p>}
    <Filters {...{ to, filter, counts, asks: table.asked.length > 0 }}>
      <Orders {...{ to, filter }} />
    </Filters>
    {members.length === 0 && !pinned ? (
      <Nobody
        q={filter.q}
        path={to.users}
        later={paging.previous !== undefined}
        narrowed={narrowedBy(to, filter)}
        otherwise={filter.status === 'attention' ? ALL_WELL : 'No one has this status.'}
      />
    ) : (
      <>
        <UserTable {...table} {...{ to, filter }} members={pinned ? [pinned, ...members] : members} />
        <SelectionBar {...{ to, filter, total }} more={(paging.previous ?? paging.next) !== undefined} />
      </>
    )}
    <Pager id="people" label="Pages" {...{ paging, total }} hrefTo={(link) => hrefTo(to, filter, link)} target="users" />
  </AccessPage>
)

/** Who has access, as a file or to be gone through: behind dots where the list would otherwise begin below the window. */
const Evidence = ({ to, filter: { q, status, role } }: Pick<Props, 'to' | 'filter'>) => (
  <>
    <button class="button ghost dots narrow-only" popovertarget="evidence" aria-label="Export or review access" />
    <div id="evidence" popover="auto">
      <ExportMenu action={to.exportUsers} label="Export these people" filter={{ q, status, role }} />
      <a class="button" href={to.reviews}>
        <Icon name="clipboard-check" />
        Review access
      </a>
    </div>
  </>
)

function narrowedBy(to: WorkspacePaths, { q, status, role }: Filter) {
  const narrowed = ([status && 'status', role && 'role'] as const).filter(Boolean).join(' and ')
  return narrowed ? { to: narrowed as Narrowed, path: withQuery(to.users, { q }) } : undefined
}

const ALL_WELL = 'No one needs attention. No invitation has bounced or expired, no email is waiting, and no one’s access ends soon.'

type TableProps = Pick<Props, 'to' | 'members' | 'now' | 'changed' | 'viewer' | 'asked' | 'filter'>

const UserTable = ({ to, members, now, changed, viewer, asked, filter }: TableProps) => (
  <div {...{ 'hx-target:inherited': '#users' }}>
    <div class="table-wrap">
      <table class="users">
        <thead>
          <tr {...SWAPS}>
            <SelectHead />
            <SortedHead {...{ to, filter }} orders={['name', 'address']} />
            <SortedHead {...{ to, filter }} orders={['role']} />
            <th scope="col">Status</th>
            <th scope="col">Sections</th>
            <th scope="col">Agents</th>
            <SortedHead {...{ to, filter }} orders={['active', 'invited']} />
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <UserRow
              {...{ to, member, now }}
              order={filter.order}
              asked={asked.includes(member.role)}
              changed={changed === member.id}
              self={member.id === viewer.memberId}
            />
          ))}
        </tbody>
      </table>
    </div>
    <RowForms />
    <div id="row">
      <RowMenu to={to} />
      <RowConfirms to={to} self={members.find(({ id }) => id === viewer.memberId)} workspace={viewer.tenantName} />
    </div>
  </div>
)
