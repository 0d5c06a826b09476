import type { AgentMode, Role } from '../../src/models/access/access'
import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import type { InviteRefusal } from '../../src/models/invitations/invite'
import { Preview } from '../access/preview'
import { Callout } from '../components/callout'
import { Choice } from '../components/choice'
import { Field, TextArea } from '../components/field'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { CANNOT_BE_MAILED } from '../refusals'
import { AccessFields } from './invite-access'

export type InviteDraft = {
  email: string
  role: Role
  note: string
  section: string[]
  agent_mode?: AgentMode | undefined
  agent: string[]
}
export type InviteProblem = InviteRefusal | 'not_an_address' | 'note_too_long'
export type InviteProps = {
  draft: InviteDraft
  configurable: { slug: string; name: string }[]
  /** The slugs that a Tenant User would have. */
  chosen: string[]
  sections: Section[]
  agents: Agent[]
  choices: { id: string; name: string }[]
  agentMode: AgentMode
  problem: InviteProblem | undefined
  memberId: string | undefined
  /** Nobody was ever invited here. */
  first: boolean
}

const PROBLEMS: Record<InviteProblem, string> = {
  not_an_address: 'That does not look like an email address.',
  already_active: 'That person is already a member of this workspace.',
  already_pending: 'That address is already invited. Open the member to resend the invitation.',
  already_disabled: 'That person is disabled here. Open the member to enable them.',
  too_many_pending: 'Too many invitations are waiting already. Cancel some, or wait until people accept.',
  too_many_mails: 'This workspace has sent all the mail it may send in a day. Try again tomorrow.',
  too_many_mails_in_all: 'All workspaces together have sent the mail of a day. Try again tomorrow.',
  cannot_be_mailed: CANNOT_BE_MAILED,
  too_often: 'This address has had all the mail from here that it may have in a day. Try again tomorrow.',
  unknown_agent: 'One of the agents is gone.',
  note_too_long: 'A note can have at most 500 characters.',
}

const isAboutEmail = (problem: InviteProblem) =>
  problem === 'not_an_address' || problem === 'cannot_be_mailed' || problem === 'too_often' || problem.startsWith('already_')

/** The form, and beside it what the person will see: htmx asks for the same page as the form changes, and takes the preview out of it. */
export const InvitePage = (props: InviteProps) => (
  <section id="invite">
    <a class="back" href="/access/users">
      <Icon name="arrow-left" />
      Users
    </a>
    <PageHead title="Invite User" />
    {props.first && <BeforeTheFirst />}
    <div class="split">
      <form
        class="form"
        method="post"
        action="/access/invitations"
        novalidate
        hx-get="/access/invitations/new"
        hx-trigger="change, input delay:400ms"
        hx-target="#preview"
        hx-select="#preview"
        hx-sync="this:replace"
      >
        <Address {...props} />
        <RoleFields role={props.draft.role} />
        <AccessFields {...props} />
        <Note {...props} />
        <div class="buttons">
          <button class="button primary">
            <Icon name="send" />
            Send Invite
          </button>
          <noscript>
            <button class="button" formmethod="get" formaction="/access/invitations/new">
              Update preview
            </button>
          </noscript>
          <a class="button ghost" href="/access/users">
            Cancel
          </a>
        </div>
      </form>
      <Preview who={props.draft.email.trim() || 'this person'} sections={props.sections} agents={props.agents} />
    </div>
  </section>
)

const BeforeTheFirst = () => (
  <Callout tone="info" icon="mail-check">
    Your first invitation? The <a href="/access/mail">mailbox check</a> tells whether mail from here arrives.
  </Callout>
)

const Address = ({ draft, problem, memberId }: InviteProps) => (
  <>
    {problem?.startsWith('too_many') && <Callout tone="bad">{PROBLEMS[problem]}</Callout>}
    <Field
      id="email"
      name="email"
      label="Email address"
      type="email"
      autocomplete="off"
      required
      autofocus={!problem && !draft.email}
      value={draft.email}
      hint="The invitation goes here, and this is the login address."
      error={problem && isAboutEmail(problem) ? PROBLEMS[problem] : undefined}
    />
    {memberId && (
      <p>
        <a class="button small" href={`/access/users/${memberId}`}>
          Open the member
        </a>
      </p>
    )}
  </>
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

const Note = ({ draft, problem }: InviteProps) => (
  <TextArea
    id="note"
    name="note"
    label="Note (optional)"
    value={draft.note}
    maxlength={500}
    hint="Stands in the mail and on the page it leads to."
    error={problem === 'note_too_long' ? PROBLEMS.note_too_long : undefined}
  />
)
