import type { AgentMode } from '../../src/models/access/access'
import type { AgentChoice } from '../../src/models/access/agent-edit-page'
import { CONFIGURABLE } from '../../src/models/access/section'
import { Icon } from '../components/icon'
import { AgentModes } from './agent-modes'
import { AgentPicker } from './agent-picker'

/** What a form of access sends: the sections that are on, an empty one among them where any were to be chosen, and the agents of a list. */
export type AccessDraft = { section: string[]; agent_mode?: AgentMode | undefined; agent: string[] }

export type AccessShown = {
  /** The slugs of the sections that are on. */
  chosen: readonly string[]
  agentMode: AgentMode
  choices: AgentChoice[]
  /** The ids of the agents that are ticked. */
  ticked: string[]
}

/** What a Tenant User may see. For a Tenant Admin the choice is put aside by the stylesheet, and kept for a later change of role. */
export const AccessFields = ({ chosen, problem, ...agents }: AccessShown & { problem: string | undefined }) => (
  <div class="limits">
    <SectionFields chosen={chosen} />
    <AgentFields {...agents} modeName="agent_mode" problem={problem} />
  </div>
)

export const SectionFields = ({ chosen }: Pick<AccessShown, 'chosen'>) => (
  <fieldset class="fieldset">
    <legend>Sections</legend>
    <input type="hidden" name="section" value="" />
    <div class="toggles">
      {CONFIGURABLE.map(({ slug, name }) => (
        <label>
          <input type="checkbox" name="section" value={slug} checked={chosen.includes(slug)} />
          {name}
        </label>
      ))}
    </div>
  </fieldset>
)

type AgentProps = Omit<AccessShown, 'chosen'> & { modeName: 'mode' | 'agent_mode'; problem: string | undefined }

export const AgentFields = ({ agentMode, choices, ticked, modeName, problem }: AgentProps) => (
  <fieldset class="fieldset" aria-describedby={problem && 'agents-error'}>
    <legend>Agents</legend>
    {problem && (
      <p class="error" id="agents-error">
        <Icon name="circle-alert" />
        <span>{problem}</span>
      </p>
    )}
    <AgentModes name={modeName} mode={agentMode} />
    <AgentPicker choices={choices} ticked={ticked} />
  </fieldset>
)
