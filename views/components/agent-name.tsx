import type { PropsWithChildren } from 'hono/jsx'
import type { Agent } from '../../src/models/agents/agent'
import { Icon } from './icon'

/** What an agent is known by, on its card and in a preview; the children are its name. */
export const AgentName = ({ agent, children }: PropsWithChildren<{ agent: Agent }>) => (
  <>
    <span class="tile">
      <Icon name="bot" />
    </span>
    <div>
      {children}
      <small>{[agent.framework, agent.deployment].filter(Boolean).join(' · ')}</small>
    </div>
  </>
)
