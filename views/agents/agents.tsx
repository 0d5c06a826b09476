import type { Agent, AgentFilter, CardsPage, Tag } from '../../src/models/agents/agent'
import type { Viewer } from '../../src/models/members/viewer'
import type { FirstSteps } from '../../src/models/workspace/first-steps'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { AgentName } from '../components/agent-name'
import { Badge } from '../components/badge'
import { Empty } from '../components/empty'
import { Icon } from '../components/icon'
import { PageHead } from '../components/page-head'
import { Pager } from '../components/pager'
import { Search } from '../components/search'
import { type Stale, StaleCallout } from '../components/stale'
import { either } from '../words'
import { GetStarted } from '../workspace/first-steps'

type Props = {
  to: WorkspacePaths
  viewer: Viewer
  cards: CardsPage
  total: number
  tags: Tag[]
  filter: AgentFilter
  admins: string[]
  stale?: Stale | undefined
  steps?: FirstSteps | undefined
}

/** As many tags as fit into a line or two. */
const TAG_CHIPS = 12

export const AgentsPage = ({ to, viewer, cards, total, tags, filter, admins, stale, steps }: Props) => (
  <section id="agents">
    <PageHead title="Agents" lead={total === 0 ? undefined : countOf(cards, total)}>
      {viewer.role === 'admin' && total > 0 && <Register to={to} />}
    </PageHead>
    <StaleCallout stale={stale} />
    {steps && <GetStarted to={to} steps={steps} />}
    {total === 0 ? (
      !steps && <NoAgents {...{ to, viewer, admins }} />
    ) : (
      <>
        <Filters {...{ to, filter, tags }} />
        {cards.found === 0 ? <NothingFound {...{ to, filter }} /> : <Cards to={to} agents={cards.page} />}
        <Pages {...{ to, filter, cards }} />
      </>
    )}
  </section>
)

const countOf = ({ found }: CardsPage, total: number) =>
  found < total ? `${found} of ${agentsInWords(total)}` : agentsInWords(total)
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
        {firstOf(tags, filter.tag).map((tag) => (
          <Chip {...{ to, filter, ...tag }} text={tag.tag} />
        ))}
        <MoreTags {...{ to, filter }} tags={othersOf(tags, filter.tag)} />
      </nav>
    )}
  </div>
)

/** The tags of most agents, and the chosen one wherever it stands. */
const firstOf = (tags: Tag[], chosen: string) => tags.filter(({ tag }, i) => i < TAG_CHIPS || tag === chosen)
const othersOf = (tags: Tag[], chosen: string) => tags.filter(({ tag }, i) => i >= TAG_CHIPS && tag !== chosen)

const MoreTags = ({ to, filter, tags }: Pick<Props, 'to' | 'filter' | 'tags'>) =>
  tags.length > 0 ? (
    <details class="more">
      <summary class="chip">{tags.length} more</summary>
      <div class="chips">
        {tags.map((tag) => (
          <Chip {...{ to, filter, ...tag }} text={tag.tag} />
        ))}
      </div>
    </details>
  ) : null

type ChipProps = { to: WorkspacePaths; filter: AgentFilter; tag: string; text: string; count?: number }

const Chip = ({ to, filter, tag, text, count }: ChipProps) => {
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
      {count !== undefined && <small aria-hidden="true">{count}</small>}
    </a>
  )
}

const Pages = ({ to, filter, cards }: Pick<Props, 'to' | 'filter' | 'cards'>) => (
  <Pager
    id="cards"
    label="Pages of agents"
    paging={cards.paging}
    total={cards.found}
    hrefTo={(link) => withQuery(to.agents, { ...filter, ...link })}
    target="agents"
  />
)

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
      <Open {...{ to, agent }} />
    </footer>
  </li>
)

export const AgentBadge = ({ live }: Pick<Agent, 'live'>) => (
  <Badge tone={live ? 'active' : 'disabled'}>{live ? 'Live' : 'Offline'}</Badge>
)

/** Leads to `open`, which asks again whether this person may; a word for an agent that nobody can open now. */
const Open = ({ to, agent }: CardProps) =>
  agent.live && agent.connected ? (
    <a class="button small" href={to.openAgent(agent.id)}>
      Open
      <span class="visually-hidden"> {agent.name}</span>
    </a>
  ) : (
    <small>{agent.live ? 'Not connected yet' : 'Unavailable'}</small>
  )

const NoAgents = ({ to, viewer, admins }: Pick<Props, 'to' | 'viewer' | 'admins'>) =>
  viewer.role === 'admin' ? (
    <Empty icon="bot" title="No agents yet">
      <p>Agents you register appear here for the people you share them with.</p>
      <Register to={to} text="Register your first agent" />
    </Empty>
  ) : (
    <Empty icon="bot" title="No agents yet">
      <p>You do not have access to any agents yet. Ask {either(admins)}.</p>
    </Empty>
  )

const NothingFound = ({ to, filter: { q, tag } }: Pick<Props, 'to' | 'filter'>) => (
  <Empty icon="search" title="No agents found">
    <p>
      None of your agents {q && `match “${q}”`}
      {q && tag && ' and '}
      {tag && `have the tag “${tag}”`}.
    </p>
    <a class="button" href={to.agents}>
      Show all agents
    </a>
  </Empty>
)
