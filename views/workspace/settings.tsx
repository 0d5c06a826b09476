import { LIFETIME_HOURS, NAME_CHARACTERS, RETENTION_DAYS } from '../../src/limits'
import type { LinkedSection } from '../../src/models/workspace/settings'
import type { SettingsDraft, SettingsProblems } from '../../src/models/workspace/settings-draft'
import type { WorkspacePaths } from '../../src/paths'
import { AccessPage } from '../access/access'
import { Choice } from '../components/choice'
import { Field } from '../components/field'
import type { Stale } from '../components/stale'
import { theirsInWords } from '../components/theirs'
import { URL_PROBLEMS } from '../components/url-problems'
import { type SettingsFields, urlField } from './settings-fields'

export type SettingsProps = {
  to: WorkspacePaths
  draft: SettingsDraft
  problems?: SettingsProblems | undefined
  /** What somebody else made of a field meanwhile. */
  theirs?: Partial<SettingsFields> | undefined
  stale?: Stale | undefined
  sections: LinkedSection[]
  shown: { version: number; fields: string }
}

export const SettingsPage = ({ to, draft, problems = {}, theirs = {}, stale, sections, shown }: SettingsProps) => (
  <AccessPage {...{ to, stale }} id="settings" tab="settings">
    <form class="stack narrow" method="post" action={to.settings} hx-disable="find button" novalidate>
      <input type="hidden" name="version" value={shown.version} />
      <input type="hidden" name="shown" value={shown.fields} />
      <Workspace {...{ draft, problems, theirs }} />
      <Invitations {...{ to, draft, problems, theirs }} />
      <Sections {...{ draft, problems, theirs, sections }} />
      <div class="buttons">
        <button class="button primary">Save settings</button>
      </div>
    </form>
  </AccessPage>
)

const DAYS = `Enter a whole number of days from ${RETENTION_DAYS.min} to ${RETENTION_DAYS.max}.`
const HOURS = `Enter a whole number of hours from ${LIFETIME_HOURS.min} to ${LIFETIME_HOURS.max}.`

type PartProps = { draft: SettingsDraft; problems: SettingsProblems; theirs: Partial<SettingsFields> }

const Workspace = ({ draft, problems, theirs }: PartProps) => (
  <div class="panel">
    <h2>Workspace</h2>
    <Field
      id="name"
      name="name"
      label="Name"
      required
      autocomplete="off"
      maxlength={NAME_CHARACTERS}
      value={draft.name}
      hint="Shown in the sidebar, in invitations and in every email."
      error={problems.name ? 'Give the workspace a name.' : theirsInWords(theirs.name, draft.name)}
    />
    <Field
      id="address_retention_days"
      name="address_retention_days"
      label="Forget addresses after (days)"
      inputmode="numeric"
      autocomplete="off"
      required
      value={draft.addressRetentionDays}
      hint="How long the activity log keeps the addresses of people who were invited and never joined. 1 to 365 days; the entries stay."
      error={problems.addressRetentionDays ? DAYS : theirsInWords(theirs.address_retention_days, draft.addressRetentionDays)}
    />
  </div>
)

const Invitations = ({ to, draft, problems, theirs }: PartProps & { to: WorkspacePaths }) => (
  <div class="panel">
    <header>
      <h2>Invitations</h2>
      <p>
        The <a href={to.mailCheck}>mailbox check</a> tells whether their emails arrive.
      </p>
    </header>
    <Field
      id="lifetime_hours"
      name="lifetime_hours"
      label="A link works for (hours)"
      inputmode="numeric"
      autocomplete="off"
      required
      value={draft.lifetimeHours}
      hint="1 hour to 30 days (720 hours); 72 hours are 3 days. It counts for invitations and resends from now on; links already sent keep theirs."
      error={problems.lifetimeHours ? HOURS : theirsInWords(theirs.lifetime_hours, draft.lifetimeHours)}
    />
    <Switch
      name="reminders"
      label="Reminders"
      on={draft.reminders}
      hint="Email a reminder two days before an invitation expires. Invitations that expire within two days get none."
    />
    <Switch
      name="reply_to_inviter"
      label="Replies to the inviter"
      on={draft.replyToInviter}
      hint="Replies to an invitation go to the person who sent it, and the invitation shows their email address."
    />
    <fieldset class="fieldset">
      <legend>Agents of newly invited people</legend>
      <Choice
        name="default_agent_mode"
        value="all"
        title="All agents"
        detail="Every agent of the workspace, also those added later"
        checked={draft.defaultAgentMode === 'all'}
      />
      <Choice
        name="default_agent_mode"
        value="list"
        title="Only agents you choose"
        detail="None at first; new agents are not added"
        checked={draft.defaultAgentMode === 'list'}
      />
    </fieldset>
  </div>
)

type SwitchProps = { name: 'reminders' | 'reply_to_inviter'; label: string; on: boolean; hint: string }

/** The hidden field says that the switch was there, and perhaps not on. */
const Switch = ({ name, label, on, hint }: SwitchProps) => (
  <div class="field">
    <input type="hidden" name={name} value="" />
    <div class="toggles">
      <label for={name}>
        <input id={name} class="switch" type="checkbox" name={name} value="on" checked={on} aria-describedby={`${name}-hint`} />
        {label}
      </label>
    </div>
    <p class="hint" id={`${name}-hint`}>
      {hint}
    </p>
  </div>
)

const Sections = ({ draft, problems, theirs, sections }: PartProps & Pick<SettingsProps, 'sections'>) => (
  <div class="panel">
    <header>
      <h2>Where sections lead</h2>
      <p>The https address of your own tool, or a path of this site. A section without one says that it is not connected yet.</p>
    </header>
    {sections.map(({ slug, name }) => {
      const field = urlField(slug)
      const problem = problems.urls?.[slug]
      return (
        <Field
          id={field}
          name={field}
          label={name}
          inputmode="url"
          autocomplete="off"
          placeholder="https://"
          value={draft.urls[slug]}
          error={problem ? URL_PROBLEMS[problem] : theirsInWords(theirs[field], draft.urls[slug])}
        />
      )
    })}
  </div>
)
