import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { agentWasDeleted } from '../agents/deleted-agent'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { standingOf } from '../members/standing'
import { nameOrEmail } from '../members/viewer'
import { keepUndo } from '../undo/keep'
import type { AgentMode } from './access'
import { agentAccessOf, type Becomes, listed, writeAgents } from './agent-list'
import { allKnown, type ManyChanged, peopleNamed, reached } from './named'
import { planOf } from './plan'

/** Of whom, and what a list is to hold: the named agents, or what it holds already. */
export type WantedAgents = { member: string; mode: AgentMode; agents: string[] | 'as_kept' }
export type WantedAgent = { member: string; agent: string; access: 'on' | 'off' }
/** What a page showed of somebody, and what is wanted instead. */
type EditedAgents = { member: string; mode: AgentMode; agents: string[]; shown: { mode: AgentMode; agents: string[] } }
type WantedColumn = { members: string[]; agent: string; access: 'on' | 'off' }

/** `agents` are the names of those that were asked for, `left` those that were deleted meanwhile; `undo` is there when anything changed. */
export type AgentsChanged =
  | { name: string; agents: string[]; left: string[]; undo: string | undefined }
  | { reason: 'no_member' | 'unknown_agent' | 'is_admin' | 'stale' }

/**
 * Every agent, or those of a list. A list is kept while the mode is `all`, and comes back with it unless agents are named; `as_kept` starts it from
 * what the person sees where there is none. Within a list, none named is none. Agents that were deleted meanwhile are left; nothing at all is done
 * when the member is gone, or an agent never was here.
 */
export function setAgents(act: MemberAct, { member, mode, agents }: WantedAgents) {
  const named = agents === 'as_kept' ? [] : agents
  const kept = mode === 'all' ? listed : agents === 'as_kept' ? keptOrSeen : sql`${listed} AND m.agent_mode = 'all'`
  return change(act, { member, agents: named }, { mode: sql`${mode}`, ids: named.length > 0 ? oursOf(act, named) : kept })
}

const seen = sql`SELECT a.id FROM agents a WHERE a.tenant_id = m.tenant_id AND m.agent_mode = 'all'`
const keptOrSeen = sql`${listed} UNION ${seen} AND NOT EXISTS (${listed})`

/** Within a list only what differs from what the page showed: somebody else's change of another agent stays. */
export function editAgents(act: MemberAct, { member, mode, agents, shown }: EditedAgents) {
  const on = agents.filter((id) => !shown.agents.includes(id))
  const off = shown.agents.filter((id) => !agents.includes(id))
  const edited = sql`${listed} UNION ${oursOf(act, on)} EXCEPT SELECT value FROM json_each(${JSON.stringify(off)})`
  const named = mode === 'all' ? [] : shown.mode === 'all' ? agents : on
  const ids = mode === 'all' ? listed : shown.mode === 'all' ? oursOf(act, agents) : edited
  return change(act, { member, agents: named, shown: shown.mode }, { mode: sql`${mode}`, ids })
}

/** One agent on or off. Off for somebody with all agents makes a list of all the others; on for them changes nothing. */
export const setAgent = (act: MemberAct, { member, agent, access }: WantedAgent) =>
  change(act, { member, agents: [agent] }, turned(agent, access))

const turned = (agent: string, access: 'on' | 'off') => (access === 'on' ? withAgent(agent) : withoutAgent(agent))

const withAgent = (agent: string): Becomes => ({
  mode: sql`m.agent_mode`,
  ids: sql`${listed} UNION SELECT ${agent} WHERE m.agent_mode = 'list'`,
})

const withoutAgent = (agent: string): Becomes => ({
  mode: sql`'list'`,
  ids: sql`SELECT g.agent_id AS id FROM member_agents g
    WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id AND m.agent_mode = 'list' AND g.agent_id <> ${agent}
    UNION ${seen} AND a.id <> ${agent}`,
})

/** The same for several people. Admins and people who are gone are left and named; nothing is done when somebody or the agent is unknown. */
export async function setAgentColumn(act: MemberAct, { members, agent, access }: WantedColumn): Promise<ColumnChanged> {
  const id = randomId()
  const changes = sql`${changesOf(act, { members, agents: [agent] }, turned(agent, access))} AND ${allKnown(act, members)}`
  const [people, [column], [kept]] = await act.db.batch([
    peopleNamed(act, members),
    agentsNamed(act, [agent]),
    ...keepUndo(act, id, 'agents', changes),
    ...writeAgents(act, planOf(id)),
  ])
  if (!column?.name) return { reason: column?.known ? 'agent_gone' : 'not_found' }
  const result = reached(people, kept?.id)
  return 'reason' in result ? result : { ...result, name: column.name }
}

type ColumnChanged = (ManyChanged & { name: string }) | { reason: 'not_found' | 'agent_gone' }

/** `shown` is the mode that the change rests on, if it rests on one. */
type Target = { member: string; agents: string[]; shown?: AgentMode }

async function change(act: MemberAct, target: Target, becomes: Becomes): Promise<AgentsChanged> {
  const id = randomId()
  const changes = changesOf(act, { members: [target.member], agents: target.agents, shown: target.shown }, becomes)
  const [[found], [now], named, [kept]] = await act.db.batch([
    standingOf(act, target.member),
    modeOf(act, target.member),
    agentsNamed(act, target.agents),
    ...keepUndo(act, id, 'agents', changes),
    ...writeAgents(act, planOf(id)),
  ])
  if (named.some(({ known }) => !known)) return { reason: 'unknown_agent' }
  if (!found) return { reason: 'no_member' }
  if (found.role === 'admin') return { reason: 'is_admin' }
  if (target.shown && target.shown !== now?.mode) return { reason: 'stale' }
  return { name: nameOrEmail(found), ...sorted(named), undo: kept?.id }
}

const modeOf = ({ db, tenantId }: MemberAct, member: string) =>
  raw<{ mode: AgentMode }>(db, sql`SELECT m.agent_mode AS mode FROM members m WHERE m.tenant_id = ${tenantId} AND m.id = ${member}`)

type NamedAgent = { id: string; name: string | null; known: number }

/** One that was deleted has no name, and is known; one that never was here is not. */
const agentsNamed = ({ db, tenantId }: MemberAct, agents: string[]) =>
  raw<NamedAgent>(
    db,
    sql`
    SELECT w.value AS id, a.name, (a.id IS NOT NULL OR ${agentWasDeleted(tenantId, sql`w.value`)}) AS known
    FROM json_each(${JSON.stringify(agents)}) w LEFT JOIN agents a ON a.tenant_id = ${tenantId} AND a.id = w.value`,
  )

const sorted = (named: NamedAgent[]) => ({
  agents: named.flatMap(({ name }) => name ?? []),
  left: named.flatMap(({ id, name }) => (name === null ? id : [])),
})

const oursOf = ({ tenantId }: MemberAct, agents: string[]) => sql`
  SELECT DISTINCT a.id FROM json_each(${JSON.stringify(agents)}) w CROSS JOIN agents a ON a.tenant_id = ${tenantId} AND a.id = w.value`

const missingIn = (tenantId: string, agents: string[]) => sql`
  FROM json_each(${JSON.stringify(agents)}) w
  WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = ${tenantId} AND a.id = w.value)`

type Targets = { members: string[]; agents: string[]; shown?: AgentMode | undefined }

/** What changes of Tenant Users; nothing when an agent is unknown, or none of those named is there any more. LIMIT keeps each list from being put together twice. */
const changesOf = (act: MemberAct, { members, agents, shown }: Targets, becomes: Becomes): SQL => sql`
  SELECT c.* FROM (
    SELECT m.id AS subject, 'agents' AS field, ${agentAccessOf()} AS was, ${agentAccessOf(becomes)} AS became
    FROM (SELECT DISTINCT value AS id FROM json_each(${JSON.stringify(members)})) w
      CROSS JOIN members m ON m.tenant_id = ${act.tenantId} AND m.id = w.id AND m.role = 'user' AND ${isShown(shown)}
    LIMIT ${members.length}) c
  WHERE c.was <> c.became AND ${agents.length > 0 ? sql`EXISTS (${oursOf(act, agents)})` : sql`true`}
    AND NOT EXISTS (SELECT 1 ${missingIn(act.tenantId, agents)} AND NOT ${agentWasDeleted(act.tenantId, sql`w.value`)})`

const isShown = (mode: AgentMode | undefined) => (mode ? sql`m.agent_mode = ${mode}` : sql`true`)
