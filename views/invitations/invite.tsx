import { NAME_CHARACTERS, NOTE_CHARACTERS } from '../../src/limits'
import type { AgentMode, Role } from '../../src/models/access/access'
import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import type { Seats } from '../../src/models/members/seats'
import type { PresetChoice } from '../../src/models/presets/preset-page'
import type { WorkspacePaths } from '../../src/paths'
import { Preview } from '../access/preview'
import { Callout } from '../components/callout'
import { Choice } from '../components/choice'
import { Field, TextArea } from '../components/field'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { LAST_DAY_HINT, LastDay } from '../members/member-end'
import { AccessFields } from './invite-access'
import { Address, AlreadyHere } from './invite-address'
import { InviteNav } from './invite-nav'
import { InvitePreset } from './invite-preset'
import { type InviteProblem, problemAt } from './invite-problems'

export type InviteDraft = {
  email: string
  name: string
  role: Role
  note: string
  section: string[]
  agent_mode?: AgentMode | undefined
  agent: string[]
  until: string
  preset: string
}
export type InviteProps = {
  to: WorkspacePaths
  now: number
  draft: InviteDraft
  /** What the person is called in the preview. */
  who: string
  configurable: { slug: string; name: string }[]
  /** The slugs that a Tenant User would have. */
  chosen: string[]
  sections: Section[]
  connected: string[]
  agents: Agent[]
  choices: AgentChoice[]
  agentMode: AgentMode
  presets: PresetChoice[]
  problem: InviteProblem | undefined
  /** Those that are allowed; none where all are. */
  domains: string[]
  seats: Seats | undefined
  /** Nobody was ever invited here. */
  first: boolean
}

/** The form, and beside it what the person will see. */
export const InvitePage = (props: InviteProps) => (
  <section id="invite">
    <a class="back" href={props.to.users}>
      <Icon name="arrow-left" />
      Users
    </a>
    <PageHead title="Invite User" />
    <InviteNav to={props.to} current="invite" />
    {props.first && <BeforeTheFirst to={props.to} />}
    <div class="split">
      <form class="form" method="post" action={props.to.invitations} novalidate>
        <Address {...props} />
        <Person {...props} />
        <Note {...props} />
        <Buttons to={props.to} />
      </form>
      <AlreadyHere {...props} />
      <Preview who={props.who} sections={props.sections} agents={props.agents} connected={props.connected} />
    </div>
  </section>
)

const BeforeTheFirst = ({ to }: Pick<InviteProps, 'to'>) => (
  <Callout tone="info" icon="mail-check">
    Your first invitation? <a href={to.checks}>Checks</a> shows whether your emails arrive.
  </Callout>
)

/** As it changes, htmx posts the form to be looked at and takes the preview out of the answer. A URL would be kept in logs. */
const Person = (props: InviteProps) => (
  <div
    class="form"
    hx-post={props.to.invitations}
    hx-vals='{"preview":"on"}'
    hx-trigger="change"
    hx-target="#preview"
    hx-select="#preview"
    hx-sync="this:replace"
  >
    <Name {...props} />
    <RoleFields role={props.draft.role} />
    <InvitePreset {...props} />
    <AccessFields {...props} agentProblem={problemAt('agents', props)} />
    <Until {...props} />
  </div>
)

/** A script fills it from an address that was pasted with a name. */
const Name = (props: InviteProps) => (
  <Field
    id="name"
    name="name"
    label="Name (optional)"
    autocomplete="off"
    maxlength={NAME_CHARACTERS}
    value={props.draft.name}
    hint="Filled in for them when they join. They can change it."
    error={problemAt('name', props)}
  />
)

/** For a Tenant Admin it is put aside, as their access is. */
const Until = (props: InviteProps) => (
  <div class="limits">
    <LastDay
      label="Last day (optional)"
      value={props.draft.until}
      now={props.now}
      error={problemAt('until', props)}
      hint={LAST_DAY_HINT}
    />
  </div>
)

export const RoleFields = ({ role }: { role: Role }) => (
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
