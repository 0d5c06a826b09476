import { AgentPicker } from '../access/agent-picker'
import { Choice } from '../components/choice'
import { Icon } from '../components/icon'
import type { InviteProps } from './invite'

type Props = Pick<InviteProps, 'configurable' | 'chosen' | 'choices' | 'draft' | 'agentMode'> & { agentProblem: string | undefined }

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
      <Choice
        name="agent_mode"
        value="all"
        title="All agents"
        detail="Including agents added later"
        checked={agentMode === 'all'}
      />
      <Choice
        name="agent_mode"
        value="list"
        title="Selected agents"
        detail="New agents are not added automatically"
        checked={agentMode === 'list'}
      />
      <AgentPicker choices={choices} ticked={draft.agent} />
    </fieldset>
  </div>
)
