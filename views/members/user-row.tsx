import type { Member } from '../../src/models/members/member'
import type { Order } from '../../src/models/members/order'
import type { WorkspacePaths } from '../../src/paths'
import { Avatar } from '../components/avatar'
import { Badge } from '../components/badge'
import { shownName } from '../components/shown-address'
import { When } from '../components/when'
import { PresetMark } from '../presets/preset-mark'
import { ROLES } from '../words'
import { hrefTo } from './filters'
import { agentsOf, BADGES, isInvited, lacksFactor, lastInWords, lastOf, sectionsCount, subtitleOf, troubleOf } from './member-words'
import { RowActions } from './row-actions'
import { SelectBox } from './selection'

/** `asked`: for a second factor. */
type RowProps = {
  to: WorkspacePaths
  member: Member
  now: number
  order: Order | undefined
  asked: boolean
  changed: boolean
  self: boolean
}

export const UserRow = ({ to, member, now, order, asked, changed, self }: RowProps) => {
  const [at, what] = order === 'invited' ? [member.createdAt, 'Invited'] : [lastOf(member).at, lastInWords(member)]
  return (
    <tr id={`member-${member.id}`} class={changed ? 'changed' : undefined} {...asksAgain(to, member, now)}>
      <SelectBox member={member} />
      <th scope="row">
        <div class="person">
          <Avatar label={shownName(member)} pending={isInvited(member)} />
          <span>
            <a href={to.member(member.id)}>{shownName(member)}</a>
            <small class={troubleOf(member) && 'trouble'}>{subtitleOf(member, now)}</small>
          </span>
        </div>
      </th>
      <td>{ROLES[member.role]}</td>
      <td>
        <Badge tone={member.state}>{BADGES[member.state]}</Badge>
        {asked && lacksFactor(member) && <small>No second factor</small>}
      </td>
      <td>
        {sectionsCount(member)}
        <PresetMark member={member} />
      </td>
      <td>{agentsOf(member)}</td>
      <td>
        <When at={at} now={now} />
        {what && <small>{what}</small>}
      </td>
      <td>
        <RowActions to={to} member={member} self={self} />
      </td>
    </tr>
  )
}

/** An email leaves within seconds: its row is asked for once more, and again, as long as that is likely. */
const asksAgain = (to: WorkspacePaths, { id, emailKey, mail }: Member, now: number) =>
  mail?.state === 'queued' && now - mail.at < 30_000
    ? {
        'hx-get': hrefTo(to, { q: emailKey, status: undefined, role: undefined, cursor: '' }),
        'hx-trigger': 'load delay:3s',
        'hx-select': `#member-${id}`,
        'hx-target': 'this',
        'hx-swap': 'outerHTML',
      }
    : {}
