import type { Paging } from '../../src/models/core/paging'
import type { JoinLink } from '../../src/models/join-links/join-link'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Badge } from '../components/badge'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { Pager } from '../components/pager'
import { PartHead } from '../components/part-head'
import { shownAddress } from '../components/shown-address'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { InviteHead } from '../invitations/invite-head'
import { LINK_STATES, LINK_TONES } from './join-words'
import { WaitingCallout } from './waiting'

type Props = { to: WorkspacePaths; now: number; links: JoinLink[]; paging: Paging; waiting: number }

export const JoinLinksPage = ({ to, now, links, paging, waiting }: Props) => (
  <section id="join-links">
    <InviteHead to={to} current="joinLinks" />
    <PartHead
      title="Join links"
      lead="One link for many people. Everyone who joins by it becomes a Tenant User with the access you chose."
    >
      <a class="button" href={to.newJoinLink}>
        <Icon name="plus" />
        New join link
      </a>
    </PartHead>
    {waiting > 0 && <WaitingCallout to={to} count={waiting} />}
    {links.length === 0 ? (
      <Empty icon="users" title="No join links yet">
        <p>Create one for a team, a course or an event, and share it as a link or a QR code.</p>
      </Empty>
    ) : (
      <LinkTable {...{ to, now, links }} />
    )}
    <Pager id="links" label="Pages" paging={paging} hrefTo={(link) => withQuery(to.joinLinks, link)} target="join-links" />
  </section>
)

const LinkTable = ({ to, now, links }: Pick<Props, 'to' | 'now' | 'links'>) => (
  <Table columns={['Link', 'Status', 'Uses', 'Expires', 'Approval']}>
    {links.map((link) => (
      <tr>
        <th scope="row">
          <div class="person">
            <span>
              <a href={to.joinLink(link.id)}>{link.label ?? 'Join link'}</a>
              <small>
                <When at={link.createdAt} now={now} prefix={`${shownAddress(link.makerName)},`} />
              </small>
            </span>
          </div>
        </th>
        <td>
          <Badge tone={LINK_TONES[link.state]}>{LINK_STATES[link.state]}</Badge>
        </td>
        <Cell label="Uses">
          {link.uses} of {link.mostUses}
        </Cell>
        <Cell label="Expires">
          <When at={link.expiresAt} now={now} />
        </Cell>
        <Cell label="Approval">{link.approval ? 'Needed' : 'Not needed'}</Cell>
      </tr>
    ))}
  </Table>
)
