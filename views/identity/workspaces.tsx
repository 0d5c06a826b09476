import type { WaitingInvitation } from '../../src/models/identity/waiting-invitation'
import type { Membership } from '../../src/models/members/viewer'
import { pathsIn } from '../../src/paths'
import { Badge } from '../components/badge'
import { Callout } from '../components/callout'
import { Confirm, ConfirmTrigger } from '../components/confirm'
import { Empty } from '../components/empty'
import { PageHead } from '../components/page-head'
import { shownAddress } from '../components/shown-address'
import { When } from '../components/when'
import { ROLES } from '../words'
import { ConfirmAddress } from './confirm-address'
import { NoticesForm } from './notices-form'

type Props = { email: string; isProven: boolean; memberships: Membership[]; waiting: WaitingInvitation[]; now: number }

export const WorkspacesPage = ({ email, isProven, memberships, waiting, now }: Props) => (
  <section id="memberships" class="stack narrow">
    <PageHead title="Workspaces" lead={`You are signed in as ${shownAddress(email)}.`} />
    {!isProven && <ConfirmAddress email={email} now={now} />}
    {waiting.length > 0 && <Waiting waiting={waiting} now={now} />}
    {memberships.map((membership) => (
      <Workspace membership={membership} now={now} />
    ))}
    {memberships.length === 0 && waiting.length === 0 && (
      <Empty icon="inbox" title="You do not belong to a workspace">
        <p>To join one, ask an admin to invite {shownAddress(email)}.</p>
      </Empty>
    )}
  </section>
)

const Waiting = ({ waiting, now }: Pick<Props, 'waiting' | 'now'>) => (
  <div class="panel">
    <header>
      <h2>{waiting.length === 1 ? 'An invitation is waiting for you' : 'Invitations are waiting for you'}</h2>
      <p>To join, open the link in your email.</p>
    </header>
    <ul class="mailbox">
      {waiting.map(({ tenantName, inviterName, expiresAt }) => (
        <li>
          <span>
            <b>{tenantName}</b>
            <small>
              Invited by {shownAddress(inviterName)}, <When at={expiresAt} now={now} prefix="expires" />
            </small>
          </span>
          <Badge tone="pending">Invited</Badge>
        </li>
      ))}
    </ul>
  </div>
)

type WorkspaceProps = { membership: Membership; now: number }

const Workspace = ({ membership, now }: WorkspaceProps) => {
  const { tenantId, tenantName, role, notices } = membership
  const state = stateOf(membership)
  const to = pathsIn(tenantId)
  return (
    <div class="panel" id={`workspace-${tenantId}`}>
      <div class="buttons spread">
        <div>
          <h2>
            {state === 'open' ? <a href={to.home}>{tenantName}</a> : tenantName} <Badge {...BADGES[state]} />
          </h2>
          <Since membership={membership} now={now} />
        </div>
        {state === 'open' && <Ways membership={membership} />}
      </div>
      {state !== 'open' && <Callout tone="info">{CLOSED[state]}</Callout>}
      {state === 'open' && role === 'admin' && (
        <NoticesForm id={`notices-${tenantId}`} action={to.notices} chosen={notices} tenantName={tenantName} />
      )}
    </div>
  )
}

const Since = ({ membership: { role, joinedAt, lastActiveAt, endsAt }, now }: WorkspaceProps) => (
  <p class="quiet">
    {ROLES[role]}
    {joinedAt && (
      <>
        , <When at={joinedAt} now={now} prefix="joined" />
      </>
    )}
    {lastActiveAt && (
      <>
        , <When at={lastActiveAt} now={now} prefix="last active" />
      </>
    )}
    {endsAt && (
      <>
        , <When at={endsAt} now={now} prefix={endsAt > now ? 'ends' : 'ended'} />
      </>
    )}
  </p>
)

type State = 'open' | 'disabled' | 'ended' | 'suspended'

function stateOf({ suspended, status }: Membership): State {
  if (suspended) return 'suspended'
  return status === 'active' ? 'open' : status === 'ended' ? 'ended' : 'disabled'
}

const BADGES = {
  open: { tone: 'active', children: 'Active' },
  disabled: { tone: 'disabled', children: 'Disabled' },
  ended: { tone: 'ended', children: 'Ended' },
  suspended: { tone: 'disabled', children: 'Suspended' },
} as const

const CLOSED: Record<Exclude<State, 'open'>, string> = {
  disabled: 'An admin of this workspace disabled you. Only an admin can enable you again.',
  ended: 'Your membership has ended. An admin of this workspace can extend it.',
  suspended: 'This workspace is suspended. Contact whoever runs Latchkey for you.',
}

const Ways = ({ membership: { tenantId, tenantName } }: Pick<WorkspaceProps, 'membership'>) => {
  const [to, id] = [pathsIn(tenantId), `leave-${tenantId}`]
  return (
    <div class="buttons">
      <a class="button" href={to.home}>
        Open<span class="visually-hidden"> {tenantName}</span>
      </a>
      <ConfirmTrigger for={id} class="button ghost danger">
        Leave<span class="visually-hidden"> {tenantName}</span>
      </ConfirmTrigger>
      <Confirm id={id} title={`Leave ${tenantName}?`} action={to.leave} button="Leave">
        <p>
          You lose your role and access in this workspace. An admin can invite you again. Your other workspaces are not affected.
        </p>
      </Confirm>
    </div>
  )
}
