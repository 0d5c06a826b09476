import { SECTIONS } from '../../src/models/access/section'
import type { AccessRequest } from '../../src/models/access-requests/page'
import type { Paging } from '../../src/models/core/paging'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AccessPage } from '../access/access'
import { BackLink } from '../components/back-link'
import { Empty } from '../components/empty'
import { Pager } from '../components/pager'
import { PartHead } from '../components/part-head'
import { PersonCell } from '../components/person-cell'
import { shownName } from '../components/shown-address'
import type { Stale } from '../components/stale'
import { Cell, Table } from '../components/table'
import { When } from '../components/when'

type Props = { to: WorkspacePaths; now: number; requests: AccessRequest[]; paging: Paging; stale: Stale | undefined }

/** Members who were refused by an app, and asked. */
export const AccessRequestsPage = ({ to, now, requests, paging, stale }: Props) => (
  <AccessPage to={to} id="access-requests" tab="users" stale={stale}>
    <div>
      <BackLink href={to.users}>Users</BackLink>
      <PartHead
        title="Requests for access"
        lead="They tried to sign in to an app that they have no access to. Approve to turn its section or agent on for them."
      />
    </div>
    {requests.length === 0 ? (
      <Empty icon="circle-check" title="No one is asking for access">
        <p>Requests from people who cannot sign in to an app appear here.</p>
      </Empty>
    ) : (
      <RequestTable {...{ to, now, requests }} />
    )}
    <Pager id="asking" label="Pages" paging={paging} hrefTo={(at) => withQuery(to.accessRequests, at)} target="access-requests" />
  </AccessPage>
)

const RequestTable = ({ to, now, requests }: Pick<Props, 'to' | 'now' | 'requests'>) => (
  <Table columns={['Person', 'App', 'They would get', 'Asked']} actions>
    {requests.map((request) => (
      <Row {...{ to, now, request }} />
    ))}
  </Table>
)

const Row = ({ to, now, request }: Pick<Props, 'to' | 'now'> & { request: AccessRequest }) => (
  <tr id={`request-${request.memberId}-${request.appId}`}>
    <PersonCell person={request} href={to.member(request.memberId)} pending={false} />
    <Cell label="App">{request.app}</Cell>
    <Cell label="They would get">{givenInWords(request)}</Cell>
    <Cell label="Asked">
      <When at={request.askedAt} now={now} />
    </Cell>
    <td class="answers">
      <div class="buttons">
        <Answer {...{ to, request }} answer="approve" words="Approve" look="button small" />
        <Answer {...{ to, request }} answer="decline" words="Decline" look="button ghost small" />
      </div>
    </td>
  </tr>
)

type AnswerProps = Pick<Props, 'to'> & { request: AccessRequest; answer: 'approve' | 'decline'; words: string; look: string }

const Answer = ({ to, request, answer, words, look }: AnswerProps) => (
  <form method="post" action={to.answerAccessRequest(request.memberId, request.appId, answer)} hx-disable="find button">
    <input type="hidden" name="asked" value={request.askedAt} />
    <input type="hidden" name="gets" value={[request.section && 'section', request.agent && 'agent'].filter(Boolean).join(' ')} />
    <button class={look} aria-label={`${words} ${request.app} for ${shownName(request)}`}>
      {words}
    </button>
  </form>
)

/** *Section Traces*, *Agent Support Triage and section Agents*. */
const givenInWords = ({ section, agent }: AccessRequest) => {
  const name = SECTIONS.find(({ slug }) => slug === section)?.name
  if (!agent) return `Section ${name}`
  return name ? `Agent ${agent} and section ${name}` : `Agent ${agent}`
}
