import type { Paging } from '../../src/models/core/paging'
import type { JoinRequest } from '../../src/models/join-links/request'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Empty } from '../components/empty'
import { Pager } from '../components/pager'
import { PartHead } from '../components/part-head'
import { PersonCell } from '../components/person-cell'
import { shownName } from '../components/shown-address'
import type { Stale } from '../components/stale'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'
import { accessCounted } from '../words'

/** `shown`: what this page says that they would see, for the form that gives it. */
type Waiting = JoinRequest & { sections: string[]; shown: string }
type Props = { to: WorkspacePaths; now: number; people: Waiting[]; paging: Paging; stale: Stale | undefined }

/** Who proved their address and waits: not members, and without a seat. */
export const RequestsPage = ({ to, now, people, paging, stale }: Props) => (
  <AccessPage to={to} id="requests" tab="users" stale={stale}>
    <PartHead
      title="Waiting for approval"
      lead="They opened a join link and confirmed their address. Until you approve, they see nothing."
    />
    {people.length === 0 ? (
      <Empty icon="circle-check" title="No one is waiting">
        <p>Requests from join links with approval appear here.</p>
        <p class="buttons">
          <a class="button" href={to.joinLinks}>
            Join links
          </a>
        </p>
      </Empty>
    ) : (
      <RequestTable {...{ to, now, people }} />
    )}
    <Pager id="waiting" label="Pages" paging={paging} hrefTo={(at) => withQuery(to.requests, at)} target="requests" />
  </AccessPage>
)

const RequestTable = ({ to, now, people }: Pick<Props, 'to' | 'now' | 'people'>) => (
  <Table columns={['Person', 'Link', 'They would see', 'Asked']} actions>
    {people.map((person) => (
      <Row {...{ to, now, person }} />
    ))}
  </Table>
)

const Row = ({ to, now, person }: Pick<Props, 'to' | 'now'> & { person: Waiting }) => (
  <tr id={`request-${person.id}`}>
    <PersonCell person={person} href={to.request(person.id)} pending />
    <Cell label="Link">
      <a href={to.joinLink(person.linkId)}>{person.label ?? 'Join link'}</a>
      {!person.approval && <small>Was removed here before</small>}
    </Cell>
    <Cell label="They would see">
      {accessCounted({ sections: person.sections, agentMode: person.agentMode, agentCount: person.agentIds.length })}
    </Cell>
    <Cell label="Asked">
      <When at={person.createdAt} now={now} />
    </Cell>
    <td class="answers">
      <div class="buttons">
        <form method="post" action={to.answerRequest(person.id, 'approve')} hx-disable="find button">
          <input type="hidden" name="shown" value={person.shown} />
          <button class="button small" aria-label={`Approve ${shownName(person)}`}>
            Approve
          </button>
        </form>
        <form method="post" action={to.answerRequest(person.id, 'decline')} hx-disable="find button">
          <button class="button ghost small" aria-label={`Decline ${shownName(person)}`}>
            Decline
          </button>
        </form>
      </div>
    </td>
  </tr>
)
