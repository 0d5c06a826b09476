import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import { agentWasDeleted } from '../agents/deleted-agent'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { standingOf } from '../members/standing'
import { nameOrEmail } from '../members/viewer'
import { keepUndo } from '../undo/keep'
import type { AgentMode } from './access'
import { type Plan, planOf } from './plan'

/** Of whom, and what a list is to hold: the named agents, or what it holds already. */
export type WantedAgents = { member: string; mode: AgentMode; agents: string[] | 'as_kept' }
export type WantedAgent = { member: string; agent: string; access: 'on' | 'off' }

/** `left` are agents that were deleted meanwhile; `undo` is there when anything changed. */
export type AgentsChanged =
  | { name: string; left: string[]; undo: string | undefined }
  | { reason: 'no_member' | 'unknown_agent' | 'is_admin' }

/**
 * Every agent, or those of a list. A list is kept while the mode is `all`, and comes back with it unless agents are named; within a list, none
 * named is none. Agents that were deleted meanwhile are left; nothing at all is done when the member is gone, or an agent never was here.
 */
export function setAgents(act: MemberAct, { member, mode, agents }: WantedAgents) {
  const named = agents === 'as_kept' ? [] : agents
  const kept = agents === 'as_kept' || mode === 'all' ? listed : sql`${listed} AND m.agent_mode = 'all'`
  return change(act, { member, agents: named }, { mode: sql`${mode}`, ids: named.length > 0 ? oursOf(act, named) : kept })
}

/** One agent on or off. Off for somebody with all agents makes a list of all the others; on for them changes nothing. */
export function setAgent(act: MemberAct, { member, agent, access }: WantedAgent) {
  const becomes = access === 'on' ? withAgent(agent) : withoutAgent(agent)
  return change(act, { member, agents: [agent] }, becomes)
}

const withAgent = (agent: string): Becomes => ({
  mode: sql`m.agent_mode`,
  ids: sql`${listed} UNION SELECT ${agent} WHERE m.agent_mode = 'list'`,
})

const withoutAgent = (agent: string): Becomes => ({
  mode: sql`'list'`,
  ids: sql`SELECT g.agent_id AS id FROM member_agents g
    WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id AND m.agent_mode = 'list' AND g.agent_id <> ${agent}
    UNION SELECT a.id FROM agents a WHERE a.tenant_id = m.tenant_id AND m.agent_mode = 'all' AND a.id <> ${agent}`,
})

/** The mode and, as a SELECT of `id`, the agents of the list, both of a member `m`. */
type Becomes = { mode: SQL; ids: SQL }

const listed = sql`SELECT g.agent_id AS id FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id`

/** As JSON with the agents in order, so that two can be compared; without `becomes` what a member `m` has now. */
export const agentAccessOf = ({ mode, ids }: Becomes = { mode: sql`m.agent_mode`, ids: listed }) => sql`json_object('mode', ${mode},
  'agents', json((SELECT json_group_array(id) FROM (SELECT id FROM (${ids}) ORDER BY id))))`

type Target = { member: string; agents: string[] }

async function change(act: MemberAct, target: Target, becomes: Becomes): Promise<AgentsChanged> {
  const id = randomId()
  const [[found], missing, [kept]] = await act.db.batch([
    standingOf(act, target.member),
    missingAgents(act, target),
    ...keepUndo(act, id, 'agents', changeOf(act, target, becomes)),
    ...writeAgents(act, planOf(id)),
  ])
  if (missing.some(({ known }) => !known)) return { reason: 'unknown_agent' }
  if (!found) return { reason: 'no_member' }
  if (found.role === 'admin') return { reason: 'is_admin' }
  return { name: nameOrEmail(found), left: missing.map(({ id }) => id), undo: kept?.id }
}

const missingAgents = ({ db, tenantId }: MemberAct, { agents }: Target) =>
  raw<{ id: string; known: number }>(
    db,
    sql`SELECT w.value AS id, ${agentWasDeleted(tenantId, sql`w.value`)} AS known ${missingIn(tenantId, agents)}`,
  )

const oursOf = ({ tenantId }: MemberAct, agents: string[]) => sql`
  SELECT DISTINCT a.id FROM json_each(${JSON.stringify(agents)}) w CROSS JOIN agents a ON a.tenant_id = ${tenantId} AND a.id = w.value`

const missingIn = (tenantId: string, agents: string[]) => sql`
  FROM json_each(${JSON.stringify(agents)}) w
  WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = ${tenantId} AND a.id = w.value)`

/** What changes of a Tenant User; nothing when an agent is unknown, or none of those named is there any more. */
const changeOf = (act: MemberAct, { member, agents }: Target, becomes: Becomes) => sql`
  SELECT c.* FROM (
    SELECT m.id AS subject, 'agents' AS field, ${agentAccessOf()} AS was, ${agentAccessOf(becomes)} AS became
    FROM members m WHERE m.tenant_id = ${act.tenantId} AND m.id = ${member} AND m.role = 'user' LIMIT 1) c
  WHERE c.was <> c.became AND ${agents.length > 0 ? sql`EXISTS (${oursOf(act, agents)})` : sql`true`}
    AND NOT EXISTS (SELECT 1 ${missingIn(act.tenantId, agents)} AND NOT ${agentWasDeleted(act.tenantId, sql`w.value`)})`

/** Carries out a plan whose values are modes and lists, with an entry for each person. */
export const writeAgents = (act: MemberAct, plan: Plan) =>
  [
    record(
      act,
      'agent_access_changed',
      from(sql`${plan} JOIN members m ON m.tenant_id = ${act.tenantId} AND m.id = p.subject`, 'm'),
      {
        before: inWords('was'),
        after: inWords('becomes'),
      },
    ),
    raw(
      act.db,
      sql`
      DELETE FROM member_agents WHERE rowid IN (
        SELECT g.rowid FROM ${minus(plan, 'was', 'becomes')} d CROSS JOIN member_agents g
          ON g.tenant_id = ${act.tenantId} AND g.member_id = d.subject AND g.agent_id = d.agent)`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id)
      SELECT a.tenant_id, d.subject, a.id FROM ${minus(plan, 'becomes', 'was')} d CROSS JOIN agents a
        ON a.tenant_id = ${act.tenantId} AND a.id = d.agent
      WHERE true ON CONFLICT DO NOTHING`,
    ),
    raw(
      act.db,
      sql`
      UPDATE members SET agent_mode = s.mode FROM (SELECT p.subject, p.becomes ->> 'mode' AS mode FROM ${plan}) s
      WHERE members.tenant_id = ${act.tenantId} AND members.id = s.subject AND members.agent_mode <> s.mode`,
    ),
  ] as const

/** Of each person in a plan the agents of one of the two lists that the other does not hold. */
const minus = (plan: Plan, side: Side, other: Side) => sql`(
  SELECT p.subject, j.value AS agent FROM ${plan}, ${agentsIn(side)} EXCEPT SELECT p.subject, j.value FROM ${plan}, ${agentsIn(other)})`

type Side = 'was' | 'becomes'
const agentsIn = (side: Side) => sql`json_each(p.${sql.identifier(side)}, '$.agents') j`

/** Of the step to another mode or list its size; of one agent in a list that agent's name. */
function inWords(side: Side) {
  const access = sql`p.${sql.identifier(side)}`
  const state = side === 'becomes' ? sql`d.state` : sql`iif(d.state = 'on', 'off', 'on')`
  return sql`CASE WHEN p.was ->> 'mode' = 'list' AND p.becomes ->> 'mode' = 'list' AND (SELECT count(*) FROM ${differing}) = 1
    THEN (SELECT json_object(a.name, ${state}) FROM ${differing} JOIN agents a ON a.id = d.id)
    WHEN ${access} ->> 'mode' = 'all' THEN json_object('mode', 'all')
    ELSE json_object('mode', 'list', 'agents', json_array_length(${access}, '$.agents')) END`
}

const onlyIn = (side: Side, other: Side) =>
  sql`(SELECT j.value AS id FROM ${agentsIn(side)} EXCEPT SELECT j.value FROM ${agentsIn(other)})`

/** The agents that only one of the two lists of a plan's row holds, with what they become. */
const differing = sql`(
  SELECT id, 'on' AS state FROM ${onlyIn('becomes', 'was')} UNION ALL SELECT id, 'off' FROM ${onlyIn('was', 'becomes')}) d`
