import type { Paging } from '../../src/models/core/paging'
import type { JoinRequest } from '../../src/models/join-links/request'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Avatar } from '../components/avatar'
import { Empty } from '../components/empty'
import { Pager } from '../components/pager'
import { PartHead } from '../components/part-head'
import { shownAddress, shownName } from '../components/shown-address'
import type { Stale } from '../components/stale'
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
      <Table {...{ to, now, people }} />
    )}
    <Pager id="waiting" label="Pages" paging={paging} hrefTo={(at) => withQuery(to.requests, at)} target="requests" />
  </AccessPage>
)

const Table = ({ to, now, people }: Pick<Props, 'to' | 'now' | 'people'>) => (
  <div class="table-wrap">
    <table>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Link</th>
          <th scope="col">They would see</th>
          <th scope="col">Asked</th>
          <th scope="col">
            <span class="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row {...{ to, now, person }} />
        ))}
      </tbody>
    </table>
  </div>
)

const Row = ({ to, now, person }: Pick<Props, 'to' | 'now'> & { person: Waiting }) => (
  <tr id={`request-${person.id}`}>
    <th scope="row">
      <div class="person">
        <Avatar label={shownName(person)} pending />
        <span>
          <a href={to.request(person.id)}>{shownName(person)}</a>
          {person.name && <small>{shownAddress(person.email)}</small>}
        </span>
      </div>
    </th>
    <td class="quiet" data-label="Link">
      <a href={to.joinLink(person.linkId)}>{person.label ?? 'Join link'}</a>
      {!person.approval && <small>Was removed here before</small>}
    </td>
    <td class="quiet" data-label="They would see">
      {accessCounted({ sections: person.sections, agentMode: person.agentMode, agentCount: person.agentIds.length })}
    </td>
    <td class="quiet" data-label="Asked">
      <When at={person.createdAt} now={now} />
    </td>
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
