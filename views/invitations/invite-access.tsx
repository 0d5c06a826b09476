import { AgentModes } from '../access/agent-modes'
import { AgentPicker } from '../access/agent-picker'
import { Icon } from '../components/icon'
import type { InviteDraft, InviteProps } from './invite'

type Props = Pick<InviteProps, 'configurable' | 'chosen' | 'choices' | 'agentMode'> & {
  draft: Omit<InviteDraft, 'until' | 'preset'>
} & {
  agentProblem: string | undefined
}

/** What a Tenant User may see. For a Tenant Admin the choice is put aside by the stylesheet, and kept for a later change of role. */
export const AccessFields = ({ configurable, chosen, choices, draft, agentMode, agentProblem }: Props) => (
  <div class="limits">
    <fieldset class="fieldset">
      <legend>Sections</legend>
      <input type="hidden" name="section" value="" />
      <div class="toggles">
        {configurable.map(({ slug, name }) => (
          <label>
            <input type="checkbox" name="section" value={slug} checked={chosen.includes(slug)} />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
    <fieldset class="fieldset" aria-describedby={agentProblem && 'agents-error'}>
      <legend>Agents</legend>
      {agentProblem && (
        <p class="error" id="agents-error">
          <Icon name="circle-alert" />
          <span>{agentProblem}</span>
        </p>
      )}
      <AgentModes name="agent_mode" mode={agentMode} />
      <AgentPicker choices={choices} ticked={draft.agent} />
    </fieldset>
  </div>
)
