import type { AgentColumn, AgentSearch, PersonAgents } from '../../src/models/access/agent-access-page'
import type { Link, Paging } from '../../src/models/core/paging'
import type { Count } from '../../src/models/members/counts'
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
  paging: Paging
  peopleTotal: Count | undefined
  search: AgentSearch
  changed: string | undefined
  stale?: Stale | undefined
}

export const AgentAccessPage = ({ to, agents, agentsNext, total, people, paging, peopleTotal, search, changed, stale }: Props) => (
  <AccessPage {...{ to, stale }} id={ID} tab="agentAccess">
    {total > 0 && <Filters {...{ to, agents, agentsNext, total, search }} />}
    {agents.length === 0 && <NoAgents {...{ to, search }} />}
    {people.length === 0 ? (
      <Nobody q={search.q} path={hrefOf(to, { ...search, q: '' }, {})} otherwise="There is no one on this page anymore." />
    ) : (
      agents.length > 0 && <AgentMatrix id={ID} {...{ to, agents, total, people, changed }} />
    )}
    <Pager
      id="people"
      label="Pages of people"
      paging={paging}
      total={peopleTotal}
      hrefTo={(link) => hrefOf(to, search, link)}
      target={ID}
    />
  </AccessPage>
)

const hrefOf = (to: WorkspacePaths, { q, agentQ, agentsAfter }: AgentSearch, people: Link) =>
  withQuery(to.agentAccess, { q, agent_q: agentQ, agents_after: agentsAfter, ...people })

/** The page of people that is shown. */
const shownOf = ({ cursor, before, row }: AgentSearch): Link => ({
  cursor,
  ...(before ? { before } : {}),
  ...(row ? { row: `${row}` } : {}),
})

const Filters = ({ to, agents, agentsNext, total, search }: Pick<Props, 'to' | 'agents' | 'agentsNext' | 'total' | 'search'>) => {
  const { q, agentQ, agentsAfter } = search
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
        kept={{ q, ...shownOf(search) }}
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
        paging={{
          from: undefined,
          until: undefined,
          previous: agentsAfter ? {} : undefined,
          next: agentsNext ? { cursor: agentsNext } : undefined,
        }}
        hrefTo={({ cursor = '' }) => hrefOf(to, { ...search, agentsAfter: cursor }, shownOf(search))}
        target={ID}
        words={{ previous: 'First agents', next: 'More agents' }}
      />
    </div>
  )
}

const NoAgents = ({ to, search }: Pick<Props, 'to' | 'search'>) =>
  search.agentQ || search.agentsAfter ? (
    <Empty icon="bot" title="No agents found">
      <p>{search.agentQ ? `No agent here has “${search.agentQ}” in its name.` : 'There are no more agents.'}</p>
      <p>
        <a class="button" href={hrefOf(to, { ...search, agentQ: '', agentsAfter: '' }, shownOf(search))}>
          Show all agents
        </a>
      </p>
    </Empty>
  ) : (
    <Empty icon="bot" title="No agents yet">
      <p>Register the first agent, and decide here who may chat with it.</p>
      <p>
        <a class="button primary" href={to.newAgent}>
          Register Agent
        </a>
      </p>
    </Empty>
  )
