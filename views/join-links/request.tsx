import type { JoinRequest } from '../../src/models/join-links/request'
import type { WorkspacePaths } from '../../src/paths'
import { AccessFields, type AccessShown } from '../access/access-fields'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { PageHead } from '../components/page-head'
import { shownAddress, shownName } from '../components/shown-address'
import { When } from '../components/when'

type Props = {
  to: WorkspacePaths
  now: number
  request: JoinRequest
  access: AccessShown
  problem: string | undefined
}

/** What one person gets when they are let in, beginning with what the link gives. */
export const RequestPage = ({ to, now, request, access, problem }: Props) => (
  <section id="request">
    <BackLink href={to.requests}>Waiting for approval</BackLink>
    <PageHead
      title={shownName(request)}
      lead={
        <>
          {shownAddress(request.email)} <When at={request.createdAt} now={now} prefix="asked to join" />.
        </>
      }
    />
    {problem && <Callout tone="bad">{problem}</Callout>}
    {request.preset && (
      <Callout tone="info">
        The join link gives the preset <b>{request.preset}</b>. If you change something here, they get what you choose as their own
        settings instead.
      </Callout>
    )}
    <form class="form narrow" method="post" action={to.answerRequest(request.id, 'approve')} hx-disable="find button">
      <AccessFields {...access} problem={undefined} />
      <div class="buttons">
        <button class="button primary">Approve</button>
        <button class="button" form="decline">
          Decline
        </button>
        <a class="button ghost" href={to.requests}>
          Cancel
        </a>
      </div>
    </form>
    <form id="decline" method="post" action={to.answerRequest(request.id, 'decline')} hx-disable="find button" />
  </section>
)
