import type { AgentColumn, PersonAgents } from '../../src/models/access/agent-access-page'
import type { WorkspacePaths } from '../../src/paths'
import { shownName } from '../components/shown-address'
import { AlwaysEverything, answersIn, MarkIcon, Marks, onThisPage, PersonHead, postTo, Segment } from './matrix'

/** More columns than this are narrow, with their names upright. */
const WIDE = 6

type Props = {
  id: string
  to: WorkspacePaths
  agents: AgentColumn[]
  total: number
  people: PersonAgents[]
  changed: string | undefined
}

/** People beside a page of agents; the answers to its forms take the place of the section `id`. */
export const AgentMatrix = ({ id, to, agents, total, people, changed }: Props) => (
  <>
    <Marks />
    <div class={agents.length > WIDE ? 'table-wrap matrix many' : 'table-wrap matrix'} {...answersIn(id)}>
      <table aria-label="Agent Access">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Access to</th>
            {agents.map((agent) => (
              <th scope="col" class="agent" title={agent.name}>
                <ColumnMenu {...{ to, agent }} users={usersOf(people)} />
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
                    <Mode {...{ to, person, total }} />
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

const usersOf = (people: PersonAgents[]) => people.filter(({ role }) => role === 'user').map(({ id }) => id)

const COLUMN_WORDS = { on: 'Give to', off: 'Take from' } as const

type ColumnProps = { to: WorkspacePaths; agent: AgentColumn; users: string[] }

/** Gives an agent to the people on the page, or takes it from them. */
const ColumnMenu = ({ to, agent: { id, name, live }, users }: ColumnProps) => (
  <>
    <button type="button" class="button ghost small" popovertarget={`column-${id}`} disabled={users.length === 0}>
      <span>{name}</span>
      {!live && <small>Offline</small>}
    </button>
    <div class="menu" id={`column-${id}`} popover="auto" role="group" aria-label={`${name} for everyone on this page`}>
      <form {...postTo(to.agentAccessColumns)}>
        <input type="hidden" name="agent" value={id} />
        {users.map((member) => (
          <input type="hidden" name="member" value={member} />
        ))}
        {(['on', 'off'] as const).map((access) => (
          <button id={`column-${id}-${access}`} name="access" value={access}>
            <MarkIcon mark={access} />
            {COLUMN_WORDS[access]} {onThisPage(users.length)}
          </button>
        ))}
      </form>
    </div>
  </>
)

const MODES = [
  { mode: 'all', text: 'All', title: 'All agents, including agents added later' },
  { mode: 'list', text: 'Selected', title: 'Only selected agents; new agents are not added' },
] as const

type CellProps = { to: WorkspacePaths; person: PersonAgents }

/** What they have in words leads to where it is edited in one go. */
const Mode = ({ to, person, total }: CellProps & { total: number }) => (
  <div class="mode">
    <ModeForm {...{ to, person }} />
    <a href={to.editAgentAccess(person.id)}>
      {person.mode === 'all' ? 'Edit' : `${person.listed} of ${total}`}
      <span class="visually-hidden"> agents of {shownName(person)}</span>
    </a>
  </div>
)

const ModeForm = ({ to, person }: CellProps) => (
  <form {...postTo(to.agentAccessOf(person.id))}>
    <input type="hidden" name="shown" value={person.mode} />
    <fieldset class="access words" aria-label={`Agents of ${shownName(person)}`}>
      {MODES.map(({ mode, text, title }) => (
        <Segment name="mode" value={mode} title={title} pressed={person.mode === mode}>
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
        name="access"
        value={on ? 'off' : 'on'}
        aria-pressed={on ? 'true' : 'false'}
        aria-label={`${agent.name} for ${shownName(person)}`}
      >
        <MarkIcon mark={on ? 'on' : 'off'} />
      </button>
    </form>
  )
}
