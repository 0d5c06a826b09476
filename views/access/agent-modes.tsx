import type { AgentMode } from '../../src/models/access/access'
import { Choice } from '../components/choice'

type Props = { name: 'mode' | 'agent_mode' | 'default_agent_mode'; mode: AgentMode; listed?: string }

/** Every agent, or those of a list; for a `<fieldset class="fieldset">`. */
export const AgentModes = ({ name, mode, listed = 'New agents are not added automatically' }: Props) => (
  <>
    <Choice name={name} value="all" title="All agents" detail="Including agents added later" checked={mode === 'all'} />
    <Choice name={name} value="list" title="Selected agents" detail={listed} checked={mode === 'list'} />
  </>
)
