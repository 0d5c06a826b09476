import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type Actor, record } from '../activity/activity'
import { asMember, maySeeAgent } from '../agents/agent'
import type { Viewer } from '../members/viewer'
import type { AgentMode, Role } from './access'
import { containing, PAGE_PEOPLE, type Person, type PersonRow, pageOf, peoplePage, type Search, toPerson } from './matrix'

/** Columns of a page of Agent Access. */
export const PAGE_AGENTS = 20

export type AgentSearch = Search & { agentQ: string; agentsAfter: string }
export type AgentColumn = { id: string; name: string; live: boolean }
export type PersonAgents = Person & { mode: AgentMode; sees: string[] }

type ColumnRow = { agentId: string; agentName: string; live: number }
type Row = PersonRow & { sees: string }

export const agentColumns = (db: Db, tenantId: string, search: AgentSearch) =>
  raw<ColumnRow>(db, sql`SELECT a.id AS agentId, a.name AS agentName, a.live ${columnsFrom(tenantId, search, PAGE_AGENTS + 1)}`)

/** People and, of the agents in the columns, those that each may see. */
export const agentAccessPage = (db: Db, tenantId: string, search: AgentSearch) =>
  peoplePage<Row>(
    db,
    tenantId,
    search,
    sql`(SELECT json_group_array(a.id) FROM a WHERE ${maySeeAgent(asMember)}) AS sees`,
    sql`WITH a AS MATERIALIZED (SELECT a.id ${columnsFrom(tenantId, search, PAGE_AGENTS)})`,
  )

function columnsFrom(tenantId: string, { agentQ, agentsAfter }: AgentSearch, limit: number): SQL {
  // Names are not unique, so a page ends at a name and an id; no id holds a slash.
  const at = agentsAfter.lastIndexOf('/')
  const after = at < 0 ? sql`` : sql`AND (a.name, a.id) > (${agentsAfter.slice(0, at)}, ${agentsAfter.slice(at + 1)})`
  return sql`FROM agents a WHERE a.tenant_id = ${tenantId} ${after} ${containing(agentQ, [sql`lower(a.name)`])}
    ORDER BY a.name, a.id LIMIT ${limit}`
}

export function toAgentColumns(rows: ColumnRow[]): { agents: AgentColumn[]; agentsNext: string | undefined } {
  const { page, next } = pageOf(rows, PAGE_AGENTS, ({ agentName, agentId }) => `${agentName}/${agentId}`)
  return { agents: page.map(({ agentId: id, agentName: name, live }) => ({ id, name, live: live === 1 })), agentsNext: next }
}

export function toAgentAccess(rows: Row[], now: number): { people: PersonAgents[]; next: string | undefined } {
  const { page, next } = pageOf(rows, PAGE_PEOPLE, (row) => row.emailKey)
  return { people: page.map((row) => ({ ...toPerson(row, now), mode: row.agentMode, sees: JSON.parse(row.sees) })), next }
}

/** What somebody had: their mode and, of a list, its agents. */
export type AgentAccess = { mode: AgentMode; agents: string[] }
export type AgentsChanged = { was: AgentAccess } | { reason: 'not_found' | 'is_admin' }

/** Every agent, or exactly the named ones: all of it, or nothing when the member or one of the agents is not of this tenant. */
export async function setAgents(
  db: Db,
  by: Viewer,
  actor: Actor,
  memberId: string,
  { mode, agents }: AgentAccess,
  now: number,
): Promise<AgentsChanged> {
  const wanted = sql`(SELECT DISTINCT value AS id FROM json_each(${JSON.stringify(agents)}))`
  const allOurs = sql`NOT EXISTS (SELECT 1 FROM ${wanted} w WHERE w.id NOT IN (SELECT id FROM agents WHERE tenant_id = ${by.tenantId}))`
  const target = sql`${userOf(by.tenantId, memberId)} AND ${allOurs}`
  const differs = sql`(m.agent_mode <> ${mode} OR EXISTS (
    SELECT id FROM ${wanted} EXCEPT SELECT g.agent_id FROM member_agents g WHERE ${ofMember}) OR EXISTS (
    SELECT g.agent_id FROM member_agents g WHERE ${ofMember} AND g.agent_id NOT IN ${wanted}))`
  const after =
    mode === 'all' ? sql`json_object('mode', 'all')` : sql`json_object('mode', 'list', 'agents', (SELECT count(*) FROM ${wanted}))`
  const [before] = await db.batch([
    accessOf(db, by.tenantId, memberId, allOurs),
    record(db, 'agent_access_changed', actor, sql`members m WHERE ${target} AND ${differs}`, now, { before: inWords, after }),
    raw(
      db,
      sql`
      DELETE FROM member_agents AS g WHERE ${theirs(by.tenantId, memberId, target)} AND g.agent_id NOT IN ${wanted}`,
    ),
    raw(
      db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id) SELECT m.tenant_id, m.id, w.id FROM members m, ${wanted} w
      WHERE ${target} ON CONFLICT DO NOTHING`,
    ),
    raw(db, sql`UPDATE members AS m SET agent_mode = ${mode} WHERE ${target} AND m.agent_mode <> ${mode}`),
  ])
  return toChanged(before)
}

/**
 * One agent on or off. Off for somebody with all agents makes a list of all the others; on for them changes nothing.
 * Nothing is done when the member or the agent is not of this tenant.
 */
export async function setAgent(
  db: Db,
  by: Viewer,
  actor: Actor,
  memberId: string,
  { agent, access }: { agent: string; access: 'on' | 'off' },
  now: number,
): Promise<AgentsChanged> {
  const ours = sql`EXISTS (SELECT 1 FROM agents WHERE tenant_id = ${by.tenantId} AND id = ${agent})`
  const target = sql`${userOf(by.tenantId, memberId)} AND ${ours}`
  const writes = access === 'on' ? turnOn(agent, target) : turnOff(agent, target, theirs(by.tenantId, memberId, target))
  const about = sql`members m JOIN agents a ON a.tenant_id = m.tenant_id AND a.id = ${agent}
    WHERE ${target} AND ${maySeeAgent(asMember)} = ${access === 'off' ? 1 : 0}`
  const [before] = await db.batch([
    accessOf(db, by.tenantId, memberId, ours),
    record(db, 'agent_access_changed', actor, about, now, changeOf(access)),
    ...writes.map((write) => raw(db, write)),
  ])
  return toChanged(before)
}

const turnOn = (agent: string, target: SQL) => [
  sql`INSERT INTO member_agents (tenant_id, member_id, agent_id) SELECT m.tenant_id, m.id, ${agent} FROM members m
    WHERE ${target} AND m.agent_mode = 'list' ON CONFLICT DO NOTHING`,
]

/** The mode changes last: until then it tells whether a list has to be made. */
const turnOff = (agent: string, target: SQL, theirs: SQL) => [
  sql`INSERT INTO member_agents (tenant_id, member_id, agent_id) SELECT m.tenant_id, m.id, a.id
    FROM members m JOIN agents a ON a.tenant_id = m.tenant_id WHERE ${target} AND m.agent_mode = 'all' ON CONFLICT DO NOTHING`,
  sql`DELETE FROM member_agents AS g WHERE ${theirs} AND g.agent_id = ${agent}`,
  sql`UPDATE members AS m SET agent_mode = 'list' WHERE ${target} AND m.agent_mode = 'all'`,
]

const userOf = (tenantId: string, memberId: string) => sql`m.tenant_id = ${tenantId} AND m.id = ${memberId} AND m.role = 'user'`
const ofMember = sql`g.tenant_id = m.tenant_id AND g.member_id = m.id`

const theirs = (tenantId: string, memberId: string, target: SQL) =>
  sql`g.tenant_id = ${tenantId} AND g.member_id = ${memberId} AND EXISTS (SELECT 1 FROM members m WHERE ${target})`

const listSize = sql`(SELECT count(*) FROM member_agents g WHERE ${ofMember})`
const inWords = sql`CASE m.agent_mode WHEN 'all' THEN json_object('mode', 'all') ELSE json_object('mode', 'list', 'agents', ${listSize}) END`

/** Of one agent its name; of the step from all to a list, the two modes. */
function changeOf(access: 'on' | 'off') {
  const listed = (state: string) => sql`json_object(a.name, ${state})`
  if (access === 'on') return { before: listed('off'), after: listed('on') }
  const others = sql`(SELECT count(*) - 1 FROM agents x WHERE x.tenant_id = m.tenant_id)`
  return {
    before: sql`CASE m.agent_mode WHEN 'all' THEN json_object('mode', 'all') ELSE ${listed('on')} END`,
    after: sql`CASE m.agent_mode WHEN 'all' THEN json_object('mode', 'list', 'agents', ${others}) ELSE ${listed('off')} END`,
  }
}

type Before = { role: Role; mode: AgentMode; agents: string; known: number }

const accessOf = (db: Db, tenantId: string, memberId: string, known: SQL) =>
  raw<Before>(
    db,
    sql`
    SELECT m.role, m.agent_mode AS mode, ${known} AS known,
      (SELECT json_group_array(g.agent_id) FROM member_agents g WHERE ${ofMember}) AS agents
    FROM members m WHERE m.tenant_id = ${tenantId} AND m.id = ${memberId}`,
  )

function toChanged([row]: Before[]): AgentsChanged {
  if (!row?.known) return { reason: 'not_found' }
  if (row.role === 'admin') return { reason: 'is_admin' }
  return { was: { mode: row.mode, agents: JSON.parse(row.agents) } }
}
