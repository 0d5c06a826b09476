import { NAME_CHARACTERS } from '../../src/limits'
import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import type { Seats } from '../../src/models/members/seats'
import type { PresetChoice } from '../../src/models/presets/preset-page'
import type { WorkspacePaths } from '../../src/paths'
import { AccessFields, type AccessShown } from '../access/access-fields'
import { Preview, previewedBy } from '../access/preview'
import { Callout } from '../components/callout'
import { Field } from '../components/field'
import { Icon } from '../components/icon'
import { Address, AlreadyHere } from './invite-address'
import { type InviteChoices, NoteField, RoleFields, UntilField } from './invite-fields'
import { InviteHead } from './invite-head'
import { InvitePreset } from './invite-preset'
import { type InviteProblem, problemAt } from './invite-problems'

export type InviteDraft = InviteChoices & { email: string; name: string }
export type InviteProps = {
  to: WorkspacePaths
  now: number
  draft: InviteDraft
  /** What the person is called in the preview. */
  who: string
  access: AccessShown
  sections: Section[]
  connected: string[]
  agents: Agent[]
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
    <InviteHead to={props.to} current="invite" />
    {props.first && <BeforeTheFirst to={props.to} />}
    <div class="split">
      <form class="form" method="post" action={props.to.invitations} novalidate>
        <Address {...props} />
        <Person {...props} />
        <NoteField note={props.draft.note} hint="Shown in the email and on the invitation page." error={problemAt('note', props)} />
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

const Person = (props: InviteProps) => (
  <div class="form" {...previewedBy(props.to.invitations)}>
    <Name {...props} />
    <RoleFields role={props.draft.role} />
    <InvitePreset {...props} />
    <AccessFields {...props.access} problem={problemAt('agents', props)} />
    <UntilField until={props.draft.until} now={props.now} error={problemAt('until', props)} />
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
