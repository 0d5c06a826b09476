import { NOTE_CHARACTERS } from '../../src/limits'
import type { AgentMode, Role } from '../../src/models/access/access'
import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import type { AddressDoubt } from '../../src/models/core/typed-address'
import type { InviteReason } from '../../src/models/invitations/invite'
import type { MemberChange, WorkspacePaths } from '../../src/paths'
import { Preview } from '../access/preview'
import { AddressField } from '../components/address-field'
import { Callout } from '../components/callout'
import { Choice } from '../components/choice'
import { TextArea } from '../components/field'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { RESEND } from '../members/member-change'
import { again, CANNOT_BE_MAILED } from '../refusals'
import { AccessFields } from './invite-access'

export type InviteDraft = {
  email: string
  role: Role
  note: string
  section: string[]
  agent_mode?: AgentMode | undefined
  agent: string[]
}
type Reason = InviteReason | 'note_too_long' | 'yourself'
/** `memberId` is whoever has the address already; `retryAt` (ms) where waiting helps. */
export type InviteProblem =
  | { reason: Reason; retryAt?: number | null; memberId?: string | null }
  | { reason: 'address'; doubt: AddressDoubt }
export type InviteProps = {
  to: WorkspacePaths
  now: number
  draft: InviteDraft
  configurable: { slug: string; name: string }[]
  /** The slugs that a Tenant User would have. */
  chosen: string[]
  sections: Section[]
  connected: string[]
  agents: Agent[]
  choices: AgentChoice[]
  agentMode: AgentMode
  problem: InviteProblem | undefined
  /** Nobody was ever invited here. */
  first: boolean
}

type Place = 'top' | 'email' | 'agents' | 'note'

/** What is said, and beside which field. */
const PROBLEMS: Record<Reason, [Place, string]> = {
  yourself: ['email', 'That is you. You are already in this workspace.'],
  already_active: ['email', 'This person is already in this workspace.'],
  already_pending: ['email', 'This address is already invited.'],
  already_disabled: ['email', 'This person is disabled in this workspace.'],
  cannot_be_mailed: ['email', CANNOT_BE_MAILED],
  too_often: ['email', 'This address has reached its limit of invitations for a day.'],
  too_many_pending: ['top', 'Too many invitations are pending. Cancel some, or wait until people accept.'],
  too_many_mails: ['top', 'This workspace has reached its email limit for a day.'],
  too_many_mails_in_all: ['top', 'All workspaces together have reached their email limit for a day.'],
  unknown_agent: ['agents', 'An agent you selected was deleted. Check the list and send again.'],
  note_too_long: ['note', `A note can have at most ${NOTE_CHARACTERS} characters.`],
}

/** The sentence for this place, if it is the one. */
function problemAt(here: Place, { problem, now, draft }: InviteProps): string | undefined {
  if (!problem || 'doubt' in problem) return undefined
  const [place, words] = PROBLEMS[problem.reason]
  // An admin's agents are out of sight.
  const shown = place === 'agents' && draft.role === 'admin' ? 'top' : place
  if (shown !== here) return undefined
  return problem.retryAt ? `${words} ${again(problem.retryAt, now)}` : words
}

/** The form, and beside it what the person will see. */
export const InvitePage = (props: InviteProps) => (
  <section id="invite">
    <a class="back" href={props.to.users}>
      <Icon name="arrow-left" />
      Users
    </a>
    <PageHead title="Invite User" />
    {props.first && <BeforeTheFirst to={props.to} />}
    <div class="split">
      <form class="form" method="post" action={props.to.invitations} novalidate>
        <Address {...props} />
        <Access {...props} />
        <Note {...props} />
        <Buttons to={props.to} />
      </form>
      <AlreadyHere {...props} />
      <Preview who="this person" sections={props.sections} agents={props.agents} connected={props.connected} />
    </div>
  </section>
)

const ALREADY = 'already'

const HELPS: Partial<Record<Reason, readonly [MemberChange, string]>> = {
  already_pending: ['resend', 'pending'],
  already_disabled: ['enable', 'disabled'],
}

/** What helps with an address that is here already: a form of its own, which the button beside the address belongs to. */
const AlreadyHere = ({ to, problem }: InviteProps) => {
  const here = problem && 'memberId' in problem ? problem : undefined
  const helps = here && HELPS[here.reason]
  if (!helps || !here.memberId) return null
  const [change, state] = helps
  return (
    <form id={ALREADY} method="post" action={to.changeMember(here.memberId, change)} hidden>
      <input type="hidden" name="state" value={state} />
    </form>
  )
}

const BeforeTheFirst = ({ to }: Pick<InviteProps, 'to'>) => (
  <Callout tone="info" icon="mail-check">
    Your first invitation? <a href={to.checks}>Checks</a> shows whether your emails arrive.
  </Callout>
)

const Address = (props: InviteProps) => (
  <>
    {problemAt('top', props) && <Callout tone="bad">{problemAt('top', props)}</Callout>}
    <AddressField
      id="email"
      label="Email address"
      autocomplete="off"
      required
      autofocus={!props.problem && !props.draft.email}
      value={props.draft.email}
      hint="We send the invitation here. They sign in with this address."
      doubt={props.problem && 'doubt' in props.problem ? props.problem.doubt : undefined}
      error={problemAt('email', props)}
    />
    {props.problem && 'memberId' in props.problem && props.problem.memberId && (
      <div class="buttons">
        {props.problem.reason === 'already_pending' && (
          <button class="button small" form={ALREADY} title={RESEND.title}>
            Resend
          </button>
        )}
        {props.problem.reason === 'already_disabled' && (
          <button class="button small" form={ALREADY}>
            Enable
          </button>
        )}
        <a class="button small" href={props.to.member(props.problem.memberId)}>
          Open
        </a>
      </div>
    )}
  </>
)

/** As it changes, htmx posts the form to be looked at and takes the preview out of the answer. A URL would be kept in logs. */
const Access = (props: InviteProps) => (
  <div
    class="form"
    hx-post={props.to.invitations}
    hx-vals='{"preview":"on"}'
    hx-trigger="change"
    hx-target="#preview"
    hx-select="#preview"
    hx-sync="this:replace"
  >
    <RoleFields role={props.draft.role} />
    <AccessFields {...props} agentProblem={problemAt('agents', props)} />
  </div>
)

const RoleFields = ({ role }: { role: Role }) => (
  <fieldset class="fieldset">
    <legend>Role</legend>
    <Choice
      name="role"
      value="user"
      title="Tenant User"
      detail="Standard access, limited to the sections you configure"
      checked={role === 'user'}
    />
    <Choice
      name="role"
      value="admin"
      title="Tenant Admin"
      detail="Full access to all sections: agents, users, billing, security"
      checked={role === 'admin'}
    />
  </fieldset>
)

const Note = (props: InviteProps) => (
  <TextArea
    id="note"
    name="note"
    label="Note (optional)"
    value={props.draft.note}
    limit={NOTE_CHARACTERS}
    hint="Shown in the email and on the invitation page."
    error={problemAt('note', props)}
  />
)

const Buttons = ({ to }: Pick<InviteProps, 'to'>) => (
  <div class="buttons">
    <button class="button primary">
      <Icon name="send" />
      Send Invite
    </button>
    <button class="button" name="another" value="on">
      Send and invite another
    </button>
    <noscript>
      <button class="button" name="preview" value="on">
        Update preview
      </button>
    </noscript>
    <a class="button ghost" href={to.users}>
      Cancel
    </a>
  </div>
)
