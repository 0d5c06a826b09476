import type { Section } from '../../src/models/access/section'
import type { Agent } from '../../src/models/agents/agent'
import { AgentName } from '../components/agent-name'
import { Icon } from '../components/icon'
import { SectionLinks } from '../layout'

type Props = { who: string; sections: Section[]; agents: Agent[] }

/** What somebody sees: the sidebar's own component and the agents that the rule gives. Nothing in it leads anywhere. */
export const Preview = ({ who, sections, agents }: Props) => {
  const mayMeetAgents = sections.some(({ slug }) => slug === 'agents')
  const links = sections.map((section) => ({
    ...section,
    group: section.kind === 'admin_only' ? ('admin' as const) : ('work' as const),
  }))
  return (
    <aside class="preview" id="preview" aria-label={`What ${who} sees`}>
      <header>
        <Icon name="eye" />
        What {who} sees
      </header>
      <div class="stage">
        <div class="nav">
          <SectionLinks frame={{ sections: links, current: mayMeetAgents ? 'agents' : '' }} group="work" />
          <SectionLinks frame={{ sections: links, current: '' }} group="admin" />
          {links.length === 0 && <p class="hint">No sections yet</p>}
        </div>
        <ul class="agents">
          {mayMeetAgents ? agents.map((agent) => <SeenAgent agent={agent} />) : <li class="hint">No Agents page</li>}
          {mayMeetAgents && agents.length === 0 && <li class="hint">No agents yet</li>}
        </ul>
      </div>
    </aside>
  )
}

const SeenAgent = ({ agent }: { agent: Agent }) => (
  <li class="agent-card" data-agent={agent.id}>
    <AgentName agent={agent}>{agent.name}</AgentName>
  </li>
)
