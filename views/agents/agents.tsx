import type { Agent, AgentFilter } from '../../src/models/agents/agent'
import type { Viewer } from '../../src/models/members/viewer'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AgentName } from '../components/agent-name'
import { Badge } from '../components/badge'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Search } from '../components/search'
import { type Stale, StaleCallout } from '../components/stale'
import { either } from '../identity/home'

type Props = {
  to: WorkspacePaths
  viewer: Viewer
  shown: Agent[]
  total: number
  tags: string[]
  filter: AgentFilter
  admins: string[]
  stale?: Stale | undefined
}

const TAG_CHIPS = 12

export const AgentsPage = ({ to, viewer, shown, total, tags, filter, admins, stale }: Props) => (
  <section id="agents">
    <PageHead title="Agents" lead={total === 0 ? undefined : countOf(shown.length, total)}>
      {viewer.role === 'admin' && total > 0 && <Register to={to} />}
    </PageHead>
    <StaleCallout stale={stale} />
    {total === 0 ? (
      <NoAgents {...{ to, viewer, admins }} />
    ) : (
      <>
        <Filters {...{ to, filter, tags }} />
        {shown.length === 0 ? <NothingFound {...{ to, filter }} /> : <Cards to={to} agents={shown} />}
      </>
    )}
  </section>
)

const countOf = (shown: number, total: number) => (shown < total ? `${shown} of ${agentsInWords(total)}` : agentsInWords(total))
const agentsInWords = (count: number) => (count === 1 ? '1 agent' : `${count} agents`)

const Register = ({ to, text }: { to: WorkspacePaths; text?: string | undefined }) => (
  <a class="button primary" href={to.newAgent}>
    <Icon name="plus" />
    {text ?? 'Register Agent'}
  </a>
)

const Filters = ({ to, filter, tags }: Pick<Props, 'to' | 'filter' | 'tags'>) => (
  <div class="filters">
    <Search id="q" path={to.agents} name="q" label="Search agents" value={filter.q} kept={{ tag: filter.tag }} target="agents" />
    {tags.length > 0 && (
      <nav class="chips" aria-label="Tags">
        <Chip {...{ to, filter }} tag="" text="All" />
        {chipsOf(tags, filter.tag).map((tag) => (
          <Chip {...{ to, filter }} tag={tag} text={tag} />
        ))}
      </nav>
    )}
  </div>
)

/** The tags of most agents, and the chosen one wherever it stands. */
const chipsOf = (tags: string[], chosen: string) => tags.filter((tag, i) => i < TAG_CHIPS || tag === chosen)

type ChipProps = { to: WorkspacePaths; filter: AgentFilter; tag: string; text: string }

const Chip = ({ to, filter, tag, text }: ChipProps) => {
  const href = agentsHref(to, { ...filter, tag })
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

export const agentsHref = (to: WorkspacePaths, filter: AgentFilter) => withQuery(to.agents, filter)

const Cards = ({ to, agents }: { to: WorkspacePaths; agents: Agent[] }) => (
  <ul class="cards">
    {agents.map((agent) => (
      <AgentCard {...{ to, agent }} />
    ))}
  </ul>
)

type CardProps = { to: WorkspacePaths; agent: Agent }

const AgentCard = ({ to, agent }: CardProps) => (
  <li class="agent-card" id={`agent-${agent.id}`}>
    <header>
      <AgentName agent={agent}>
        <h2>
          <a href={to.agent(agent.id)}>{agent.name}</a>
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
      <Chat {...{ to, agent }} />
    </footer>
  </li>
)

export const AgentBadge = ({ live }: Pick<Agent, 'live'>) => (
  <Badge tone={live ? 'active' : 'disabled'}>{live ? 'Live' : 'Offline'}</Badge>
)

/** Leads to `open`, which asks again whether this person may; nothing for an agent that nobody can chat with now. */
export const Chat = ({ to, agent, primary }: CardProps & { primary?: boolean | undefined }) =>
  agent.live && agent.connected ? (
    <a class={primary ? 'button primary' : 'button small'} href={to.openAgent(agent.id)}>
      Chat with Agent
      <span class="visually-hidden"> {agent.name}</span>
    </a>
  ) : agent.live && !primary ? (
    <small>Not connected yet</small>
  ) : null

const NoAgents = ({ to, viewer, admins }: Pick<Props, 'to' | 'viewer' | 'admins'>) =>
  viewer.role === 'admin' ? (
    <Empty icon="bot" title="No agents yet">
      <p>The agents of {viewer.tenantName} are shown here to everybody you give them to.</p>
      <Register to={to} text="Register your first agent" />
    </Empty>
  ) : (
    <Empty icon="bot" title="No agents yet">
      <p>Nobody has given you an agent yet. Ask {either(admins)}.</p>
    </Empty>
  )

const NothingFound = ({ to, filter: { q, tag } }: Pick<Props, 'to' | 'filter'>) => (
  <Empty icon="search" title="No agent found">
    <p>
      None of your agents {q && `mentions “${q}”`}
      {q && tag && ' and '}
      {tag && `carries the tag “${tag}”`}.
    </p>
    <a class="button" href={to.agents}>
      Show all agents
    </a>
  </Empty>
)
