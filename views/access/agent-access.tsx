import type { AgentColumn, AgentSearch, PersonAgents } from '../../src/models/access/agent-access-page'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Empty } from '../components/empty'
import { Pager } from '../components/pager'
import { Search } from '../components/search'
import type { Stale } from '../components/stale'
import { Nobody } from '../members/nobody'
import { AccessPage } from './access'
import { AgentMatrix } from './agent-matrix'

const ID = 'agent-access'

type Props = {
  to: WorkspacePaths
  agents: AgentColumn[]
  agentsNext: string | undefined
  total: number
  people: PersonAgents[]
  next: string | undefined
  search: AgentSearch
  changed: string | undefined
  stale?: Stale | undefined
}

export const AgentAccessPage = ({ to, agents, agentsNext, total, people, next, search, changed, stale }: Props) => (
  <AccessPage {...{ to, stale }} id={ID} tab="agentAccess">
    <Filters {...{ to, agents, agentsNext, total, search }} />
    {agents.length === 0 && <NoAgents {...{ to, search }} />}
    {people.length === 0 ? (
      <Nobody q={search.q} path={hrefOf(to, { ...search, q: '', cursor: '' })} otherwise="There is no one on this page anymore." />
    ) : (
      agents.length > 0 && <AgentMatrix id={ID} {...{ to, agents, total, people, changed }} />
    )}
    <Pager
      id="people"
      label="Pages of people"
      first={search.cursor && hrefOf(to, { ...search, cursor: '' })}
      next={next && hrefOf(to, { ...search, cursor: next })}
      target={ID}
      words={['First page', 'Next page']}
    />
  </AccessPage>
)

const hrefOf = (to: WorkspacePaths, { q, cursor, agentQ, agentsAfter }: AgentSearch) =>
  withQuery(to.agentAccess, { q, cursor, agent_q: agentQ, agents_after: agentsAfter })

const Filters = ({ to, agents, agentsNext, total, search }: Pick<Props, 'to' | 'agents' | 'agentsNext' | 'total' | 'search'>) => {
  const { q, cursor, agentQ, agentsAfter } = search
  return (
    <div class="filters">
      <Search
        id="q"
        path={to.agentAccess}
        name="q"
        label="Search name or address"
        value={q}
        kept={{ agent_q: agentQ, agents_after: agentsAfter }}
        target={ID}
      />
      <Search
        id="agent-q"
        path={to.agentAccess}
        name="agent_q"
        label="Search agents"
        value={agentQ}
        kept={{ q, cursor }}
        target={ID}
      />
      {agents.length < total && (
        <span class="hint">
          {agents.length} of {total} agents
        </span>
      )}
      <Pager
        id="agents"
        label="Pages of agents"
        first={agentsAfter && hrefOf(to, { ...search, agentsAfter: '' })}
        next={agentsNext && hrefOf(to, { ...search, agentsAfter: agentsNext })}
        target={ID}
        words={['First agents', 'More agents']}
      />
    </div>
  )
}

const NoAgents = ({ to, search }: Pick<Props, 'to' | 'search'>) =>
  search.agentQ || search.agentsAfter ? (
    <Empty icon="bot" title="No agent found">
      <p>{search.agentQ ? `No agent here has “${search.agentQ}” in its name.` : 'There are no more agents.'}</p>
      <p>
        <a class="button" href={hrefOf(to, { ...search, agentQ: '', agentsAfter: '' })}>
          Show all agents
        </a>
      </p>
    </Empty>
  ) : (
    <Empty icon="bot" title="No agents yet">
      <p>Register the first agent, and decide here who may chat with it.</p>
      <p>
        <a class="button primary" href={to.newAgent}>
          Register agent
        </a>
      </p>
    </Empty>
  )
