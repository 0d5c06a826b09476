import type { Agent } from '../src/models/agent'
import type { Viewer } from '../src/models/viewer'
import { Empty } from './components/empty'
import { Icon } from './components/icon'
import { PageHead } from './components/page-head'
import { either } from './home'

type Props = { viewer: Viewer; agents: Agent[]; admins: string[] }

export const AgentsPage = ({ viewer, agents, admins }: Props) => (
  <section id="agents">
    <PageHead title="Agents" />
    {agents.length === 0 ? (
      <NoAgents viewer={viewer} admins={admins} />
    ) : (
      <ul class="cards">
        {agents.map((agent) => (
          <AgentCard agent={agent} />
        ))}
      </ul>
    )}
  </section>
)

const NoAgents = ({ viewer, admins }: { viewer: Viewer; admins: string[] }) =>
  viewer.role === 'admin' ? (
    <Empty icon="bot" title="No agents yet">
      <p>The agents of {viewer.tenantName} will stand here.</p>
    </Empty>
  ) : (
    <Empty icon="bot" title="No agents yet">
      <p>Nobody has given you an agent yet. Ask {either(admins)}.</p>
    </Empty>
  )

const AgentCard = ({ agent }: { agent: Agent }) => (
  <li class="agent-card" id={`agent-${agent.id}`}>
    <header>
      <span class="tile">
        <Icon name="bot" />
      </span>
      <div>
        <h2>{agent.name}</h2>
        <small>{[agent.framework, agent.deployment].filter(Boolean).join(' · ')}</small>
      </div>
    </header>
    <p>{agent.description}</p>
    <footer>
      <span class={`badge ${agent.live ? 'active' : 'disabled'}`}>{agent.live ? 'Live' : 'Offline'}</span>
      <span class="tags">
        {agent.tags.map((tag) => (
          <span class="tag">{tag}</span>
        ))}
      </span>
    </footer>
  </li>
)
