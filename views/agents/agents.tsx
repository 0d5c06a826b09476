import type { Agent, AgentFilter } from '../../src/models/agents/agent'
import type { Viewer } from '../../src/models/members/viewer'
import { AgentName } from '../components/agent-name'
import { Badge } from '../components/badge'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Search } from '../components/search'
import { either } from '../identity/home'

type Props = { viewer: Viewer; shown: Agent[]; total: number; tags: string[]; filter: AgentFilter; admins: string[] }

const TAG_CHIPS = 12

export const AgentsPage = ({ viewer, shown, total, tags, filter, admins }: Props) => (
  <section id="agents">
    <PageHead title="Agents" lead={total === 0 ? undefined : countOf(shown.length, total)}>
      {viewer.role === 'admin' && total > 0 && <Register />}
    </PageHead>
    {total === 0 ? (
      <NoAgents viewer={viewer} admins={admins} />
    ) : (
      <>
        <Filters filter={filter} tags={tags} />
        {shown.length === 0 ? <NothingFound filter={filter} /> : <Cards agents={shown} />}
      </>
    )}
  </section>
)

const countOf = (shown: number, total: number) => (shown < total ? `${shown} of ${agentsInWords(total)}` : agentsInWords(total))
const agentsInWords = (count: number) => (count === 1 ? '1 agent' : `${count} agents`)

const Register = ({ text }: { text?: string | undefined }) => (
  <a class="button primary" href="/agents/new">
    <Icon name="plus" />
    {text ?? 'Register Agent'}
  </a>
)

const Filters = ({ filter, tags }: { filter: AgentFilter; tags: string[] }) => (
  <div class="filters">
    <Search id="q" path="/agents" name="q" label="Search agents" value={filter.q} kept={{ tag: filter.tag }} target="agents" />
    {tags.length > 0 && (
      <nav class="chips" aria-label="Tags">
        <Chip filter={filter} tag="" text="All" />
        {chipsOf(tags, filter.tag).map((tag) => (
          <Chip filter={filter} tag={tag} text={tag} />
        ))}
      </nav>
    )}
  </div>
)

/** The tags of most agents, and the chosen one wherever it stands. */
const chipsOf = (tags: string[], chosen: string) => tags.filter((tag, i) => i < TAG_CHIPS || tag === chosen)

const Chip = ({ filter, tag, text }: { filter: AgentFilter; tag: string; text: string }) => {
  const href = agentsHref({ ...filter, tag })
  return (
    <a
      class="chip"
      id={`tag-${encodeURIComponent(tag) || 'all'}`}
      aria-current={tag === filter.tag ? 'page' : undefined}
      href={href}
      hx-get={href}
      hx-target="#agents"
      hx-push-url="true"
    >
      {text}
    </a>
  )
}

export function agentsHref(filter: AgentFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value))
  return query.size ? `/agents?${query}` : '/agents'
}

const Cards = ({ agents }: { agents: Agent[] }) => (
  <ul class="cards">
    {agents.map((agent) => (
      <AgentCard agent={agent} />
    ))}
  </ul>
)

const AgentCard = ({ agent }: { agent: Agent }) => (
  <li class="agent-card" id={`agent-${agent.id}`}>
    <header>
      <AgentName agent={agent}>
        <h2>
          <a href={`/agents/${agent.id}`}>{agent.name}</a>
        </h2>
      </AgentName>
      <AgentBadge live={agent.live} />
    </header>
    <p>{agent.description}</p>
    <footer>
      <span class="tags">
        {agent.tags.map((tag) => (
          <span class="tag">{tag}</span>
        ))}
      </span>
      <Chat agent={agent} />
    </footer>
  </li>
)

export const AgentBadge = ({ live }: Pick<Agent, 'live'>) => (
  <Badge tone={live ? 'active' : 'disabled'}>{live ? 'Live' : 'Offline'}</Badge>
)

/** Leads to `open`, which asks again whether this person may; nothing for an agent that nobody can chat with now. */
export const Chat = ({ agent, primary }: { agent: Agent; primary?: boolean | undefined }) =>
  agent.live && agent.connected ? (
    <a class={primary ? 'button primary' : 'button small'} href={`/agents/${agent.id}/open`}>
      Chat with Agent
      <span class="visually-hidden"> {agent.name}</span>
    </a>
  ) : agent.live && !primary ? (
    <small>Not connected yet</small>
  ) : null

const NoAgents = ({ viewer, admins }: { viewer: Viewer; admins: string[] }) =>
  viewer.role === 'admin' ? (
    <Empty icon="bot" title="No agents yet">
      <p>The agents of {viewer.tenantName} stand here, for everybody whom you give them to.</p>
      <Register text="Register your first agent" />
    </Empty>
  ) : (
    <Empty icon="bot" title="No agents yet">
      <p>Nobody has given you an agent yet. Ask {either(admins)}.</p>
    </Empty>
  )

const NothingFound = ({ filter: { q, tag } }: { filter: AgentFilter }) => (
  <Empty icon="search" title="No agent found">
    <p>
      None of your agents {q && `mentions “${q}”`}
      {q && tag && ' and '}
      {tag && `carries the tag “${tag}”`}.
    </p>
    <a class="button" href="/agents">
      Show all agents
    </a>
  </Empty>
)
