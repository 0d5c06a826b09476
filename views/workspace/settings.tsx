import type { Section } from '../../src/models/access/section'
import type { SettingsDraft, SettingsProblems, UrlField } from '../../src/models/workspace/settings'
import { AccessPage } from '../access/access'
import { Choice } from '../components/choice'
import { Field } from '../components/field'
import { URL_PROBLEMS } from '../components/url-problems'

type LinkedSection = Section & { slug: UrlField extends `url_${infer Slug}` ? Slug : never }
type PartProps = { draft: SettingsDraft; problems: SettingsProblems }
type Props = PartProps & { sections: LinkedSection[] }

export const SettingsPage = ({ draft, problems, sections }: Props) => (
  <AccessPage id="settings" tab="/access/settings">
    <form class="stack narrow" method="post" action="/access/settings" hx-disable="find button" novalidate>
      <Workspace draft={draft} problems={problems} />
      <Invitations draft={draft} problems={problems} />
      <Sections {...{ draft, problems, sections }} />
      <div class="buttons">
        <button class="button primary">Save settings</button>
      </div>
    </form>
  </AccessPage>
)

const Workspace = ({ draft, problems }: PartProps) => (
  <div class="panel">
    <h2>Workspace</h2>
    <Field
      id="name"
      name="name"
      label="Name"
      required
      autocomplete="off"
      maxlength={80}
      value={draft.name}
      hint="Shown in the sidebar, in invitations and in every mail."
      error={problems.name && 'Give the workspace a name.'}
    />
    <Field
      id="address_retention_days"
      name="address_retention_days"
      label="Forget addresses after (days)"
      inputmode="numeric"
      autocomplete="off"
      required
      value={draft.address_retention_days}
      hint="How long the activity log keeps the addresses of people who were invited and never joined. 1 to 365 days; the entries stay."
      error={problems.address_retention_days && 'Write a whole number of days from 1 to 365.'}
    />
  </div>
)

const Invitations = ({ draft, problems }: PartProps) => (
  <div class="panel">
    <header>
      <h2>Invitations</h2>
      <p>
        The <a href="/access/mail">mailbox check</a> tells whether their mail arrives.
      </p>
    </header>
    <Field
      id="lifetime_hours"
      name="lifetime_hours"
      label="A link works for (hours)"
      inputmode="numeric"
      autocomplete="off"
      required
      value={draft.lifetime_hours}
      hint="1 hour to 30 days (720 hours); 72 hours are 3 days. It counts for invitations and resends from now on: links already sent keep theirs."
      error={problems.lifetime_hours && 'Write a whole number of hours from 1 to 720.'}
    />
    <div class="field">
      <input type="hidden" name="reminders" value="" />
      <div class="toggles">
        <label for="reminders">
          <input
            id="reminders"
            class="switch"
            type="checkbox"
            name="reminders"
            value="on"
            checked={draft.reminders === 'on'}
            aria-describedby="reminders-hint"
          />
          Reminders
        </label>
      </div>
      <p class="hint" id="reminders-hint">
        One mail two days before a link lapses, to whoever has not used it. Links that work for two days or less get none.
      </p>
    </div>
    <fieldset class="fieldset">
      <legend>Agents of newly invited people</legend>
      <Choice
        name="default_agent_mode"
        value="all"
        title="All agents"
        detail="Every agent of the workspace, also those added later"
        checked={draft.default_agent_mode === 'all'}
      />
      <Choice
        name="default_agent_mode"
        value="list"
        title="Only agents you choose"
        detail="None at first; a new agent is given to nobody by itself"
        checked={draft.default_agent_mode === 'list'}
      />
    </fieldset>
  </div>
)

const Sections = ({ draft, problems, sections }: Props) => (
  <div class="panel">
    <header>
      <h2>Where sections lead</h2>
      <p>The https address of your own tool, or a path of this site. A section without one says that it is not connected yet.</p>
    </header>
    {sections.map((section) => {
      const field: UrlField = `url_${section.slug}`
      const problem = problems[field]
      return (
        <Field
          id={field}
          name={field}
          label={section.name}
          inputmode="url"
          autocomplete="off"
          placeholder="https://"
          value={draft[field] ?? ''}
          error={problem && URL_PROBLEMS[problem]}
        />
      )
    })}
  </div>
)
