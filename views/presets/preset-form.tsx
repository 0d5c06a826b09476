import { NAME_CHARACTERS } from '../../src/limits'
import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import type { SaveReason } from '../../src/models/presets/preset'
import type { PresetDraft, PresetProblem } from '../../src/models/presets/preset-draft'
import type { WorkspacePaths } from '../../src/paths'
import { AgentFields, SectionFields } from '../access/access-fields'
import { BackLink } from '../components/back-link'
import { Callout } from '../components/callout'
import { Field } from '../components/field'
import { PageHead } from '../components/page-head'
import { type Stale, StaleCallout } from '../components/stale'
import { problemAt } from './preset-words'

type Props = {
  to: WorkspacePaths
  title: string
  preset: { id: string; name: string } | undefined
  draft: PresetDraft
  choices: AgentChoice[]
  problem?: PresetProblem | SaveReason | undefined
  stale?: Stale | undefined
  shown: { version: number; fields: string } | undefined
}

export const PresetFormPage = ({ to, title, preset, draft, choices, problem, stale, shown }: Props) => (
  <section id="preset-form">
    <BackLink href={pageOf({ to, preset })}>{preset ? preset.name : 'Presets'}</BackLink>
    <PageHead title={title} />
    <StaleCallout stale={stale} />
    {problemAt('top', problem) && <Callout tone="bad">{problemAt('top', problem)}</Callout>}
    <form class="form narrow" method="post" action={pageOf({ to, preset })} hx-disable="find button" novalidate>
      {shown && <input type="hidden" name="version" value={shown.version} />}
      {shown && <input type="hidden" name="shown" value={shown.fields} />}
      <Field
        id="name"
        name="name"
        label="Name"
        required
        autocomplete="off"
        maxlength={NAME_CHARACTERS}
        placeholder="Support team"
        autofocus={!preset && !problem}
        value={draft.name}
        error={problemAt('name', problem)}
      />
      <SectionFields chosen={draft.section} />
      <div class="limits">
        <AgentFields
          agentMode={draft.mode}
          choices={choices}
          ticked={draft.agent}
          modeName="mode"
          problem={problemAt('agents', problem)}
        />
      </div>
      <Field
        id="until"
        name="until"
        label="Last day (optional)"
        type="date"
        value={draft.until}
        hint="Whoever gets this preset has access through the end of this day, UTC."
        error={problemAt('until', problem)}
      />
      {preset && <p class="hint">People who have this preset keep what they have until you realign them.</p>}
      <div class="buttons">
        <button class="button primary">{preset ? 'Save changes' : 'Create preset'}</button>
        <a class="button ghost" href={pageOf({ to, preset })}>
          Cancel
        </a>
      </div>
    </form>
  </section>
)

const pageOf = ({ to, preset }: Pick<Props, 'to' | 'preset'>) => (preset ? to.preset(preset.id) : to.presets)
