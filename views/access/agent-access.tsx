import type { AgentColumn, AgentSearch, PersonAgents } from '../../src/models/access/agent-access-page'
import { type WorkspacePaths, withQuery } from '../../src/paths'
import { Empty } from '../components/empty'
import { Pager } from '../components/pager'
import { Search } from '../components/search'
import type { Stale } from '../components/stale'
import { Nobody } from '../members/nobody'
import { AccessPage } from './access'
import { AlwaysEverything, answersIn, MarkIcon, Marks, nameOf, PersonHead, postTo, Segment } from './matrix'

const ID = 'agent-access'

type Props = {
  to: WorkspacePaths
  agents: AgentColumn[]
  agentsNext: string | undefined
  people: PersonAgents[]
  next: string | undefined
  search: AgentSearch
  changed: string | undefined
  stale?: Stale | undefined
}

export const AgentAccessPage = ({ to, agents, agentsNext, people, next, search, changed, stale }: Props) => (
  <AccessPage {...{ to, stale }} id={ID} tab="agentAccess">
    <Filters {...{ to, agentsNext, search }} />
    {agents.length === 0 && <NoAgents {...{ to, search }} />}
    {people.length === 0 ? (
      <Nobody q={search.q} path={hrefOf(to, { ...search, q: '', cursor: '' })} otherwise="There is no one on this page anymore." />
    ) : (
      agents.length > 0 && <Matrix {...{ to, agents, people, changed }} />
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

const Filters = ({ to, agentsNext, search }: Pick<Props, 'to' | 'agentsNext' | 'search'>) => {
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

const Matrix = ({ to, agents, people, changed }: Pick<Props, 'to' | 'agents' | 'people' | 'changed'>) => (
  <>
    <Marks />
    <div class="table-wrap matrix" {...answersIn(ID)}>
      <table aria-label="Agent Access">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Access to</th>
            {agents.map(({ name, live }) => (
              <th scope="col" class="agent" title={name}>
                <span>{name}</span>
                {!live && <small>Offline</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr id={`member-${person.id}`} class={changed === person.id ? 'changed' : undefined}>
              <PersonHead person={person} />
              {person.role === 'admin' ? (
                <AlwaysEverything columns={agents.length + 1} />
              ) : (
                <>
                  <td>
                    <Mode {...{ to, person }} />
                  </td>
                  {agents.map((agent) => (
                    <td class={person.sees.includes(agent.id) ? 'on' : 'off'}>
                      <Toggle {...{ to, person, agent }} />
                    </td>
                  ))}
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
)

const MODES = [
  { mode: 'all', text: 'All', title: 'Every agent, also those added later' },
  { mode: 'list', text: 'List', title: 'Only the agents turned on; a list is kept while all are given' },
] as const

type CellProps = { to: WorkspacePaths; person: PersonAgents }

const Mode = ({ to, person }: CellProps) => (
  <form {...postTo(to.agentAccessOf(person.id))}>
    <input type="hidden" name="shown" value={person.mode} />
    <fieldset class="access words" aria-label={`Agents of ${nameOf(person)}`}>
      {MODES.map(({ mode, text, title }) => (
        <Segment id={`mode-${mode}-${person.id}`} name="mode" value={mode} title={title} pressed={person.mode === mode}>
          {text}
        </Segment>
      ))}
    </fieldset>
  </form>
)

const Toggle = ({ to, person, agent }: CellProps & { agent: AgentColumn }) => {
  const on = person.sees.includes(agent.id)
  return (
    <form {...postTo(to.agentAccessOf(person.id))}>
      <input type="hidden" name="agent" value={agent.id} />
      <button
        class="cell"
        id={`${agent.id}-${person.id}`}
        name="access"
        value={on ? 'off' : 'on'}
        aria-pressed={on ? 'true' : 'false'}
        aria-label={`${agent.name} for ${nameOf(person)}`}
      >
        <MarkIcon mark={on ? 'on' : 'off'} />
      </button>
    </form>
  )
}
