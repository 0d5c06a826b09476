import { NAME_CHARACTERS, RETENTION_DAYS } from '../../src/limits'
import type { LinkedSection } from '../../src/models/access/section'
import { AccessPage } from '../access/access'
import { Field } from '../components/field'
import type { Stale } from '../components/stale'
import { theirsInWords } from '../components/theirs'
import { URL_PROBLEMS } from '../components/url-problems'
import type { FactorPreview } from './factor-words'
import { SecondFactor } from './settings-factor'
import { urlField } from './settings-fields'
import { Invitations } from './settings-invitations'
import { McpClients } from './settings-mcp'
import { PanelForm, type SettingsPart } from './settings-panel'

export type SettingsProps = Pick<SettingsPart, 'to' | 'draft' | 'shown'> & {
  problems?: SettingsPart['problems'] | undefined
  theirs?: SettingsPart['theirs'] | undefined
  stale?: Stale | undefined
  sections: LinkedSection[]
  preview: FactorPreview
}

export const SettingsPage = ({ to, draft, problems = {}, theirs = {}, stale, sections, shown, preview }: SettingsProps) => (
  <AccessPage {...{ to, stale }} id="settings" tab="settings">
    <div class="stack loose narrow">
      <General {...{ to, draft, problems, theirs, shown }} />
      <Invitations {...{ to, draft, problems, theirs, shown }} />
      <SecondFactor {...{ to, draft, problems, theirs, shown, preview }} />
      <McpClients {...{ to, draft, problems, theirs, shown }} />
      <SectionLinks {...{ to, draft, problems, theirs, shown, sections }} />
    </div>
  </AccessPage>
)

const DAYS = `Enter a whole number of days from ${RETENTION_DAYS.min} to ${RETENTION_DAYS.max}.`

const General = ({ to, draft, problems, theirs, shown }: SettingsPart) => (
  <PanelForm {...{ to, shown }} id="general">
    <h2>General</h2>
    <Field
      id="name"
      name="name"
      label="Workspace name"
      required
      autocomplete="off"
      maxlength={NAME_CHARACTERS}
      value={draft.name}
      hint="Shown in the sidebar, in invitations, and in every email."
      error={problems.name ? 'Enter a name for the workspace.' : theirsInWords(theirs.name, draft.name)}
    />
    <Field
      id="address_retention_days"
      name="address_retention_days"
      label="Days to keep addresses of people who never joined"
      inputmode="numeric"
      autocomplete="off"
      required
      value={draft.addressRetentionDays}
      hint={`${RETENTION_DAYS.min} to ${RETENTION_DAYS.max} days. After that, the activity log keeps the entry without the address.`}
      error={problems.addressRetentionDays ? DAYS : theirsInWords(theirs.address_retention_days, draft.addressRetentionDays)}
    />
  </PanelForm>
)

const SectionLinks = ({ to, draft, problems, theirs, shown, sections }: SettingsPart & Pick<SettingsProps, 'sections'>) => (
  <PanelForm {...{ to, shown }} id="links">
    <header>
      <h2>Section links</h2>
      <p>The URL of your tool for each section: https://, or a path on this site. Sections without one show as not connected.</p>
    </header>
    <div class="pairs">
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
  </PanelForm>
)
