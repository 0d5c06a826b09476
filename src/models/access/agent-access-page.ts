import { and, count, eq, type SQL, sql } from 'drizzle-orm'
import { agents, memberAgents } from '../../db/schema/access'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import { json } from '../../db/select'
import { asMember, maySeeAgent } from '../agents/agent'
import { PAGE_AGENTS, PAGE_PEOPLE, type Paging, pageOf } from '../core/paging'
import { needlesOf } from '../core/search-key'
import { open, theirOpen } from '../members/attention'
import type { Place } from '../members/viewer'
import type { AgentMode } from './access'
import { inOrder, onPage, type Person, personAt, type Search, theirUser, toPerson } from './matrix'

export type AgentSearch = Search & { agentQ: string; agentsAfter: string }
export type AgentColumn = { id: string; name: string; live: boolean }
/** `listed` is how many agents their list holds. */
export type PersonAgents = Person & { mode: AgentMode; sees: string[]; listed: number }

/** The agents in the columns, by name; a row more than a page tells that there are more. */
export const agentColumns = ({ db, tenantId }: Place, search: AgentSearch) =>
  db
    .select({ id: agents.id, name: agents.name, live: agents.live, searchKey: agents.searchKey })
    .from(agents)
    .where(inColumns(tenantId, search))
    .orderBy(agents.searchKey, agents.id)
    .limit(PAGE_AGENTS + 1)

/** One page of people and, of the agents in the columns, those that each may see. */
export const agentAccessPage = (at: Place, search: AgentSearch) =>
  at.db
    .select({
      ...personAt(at.now),
      sees: json<string[]>(seenIn(at, search), 'sees'),
      listed: sql<number>`${listLength}`.as('listed'),
    })
    .from(members)
    .leftJoin(users, theirUser)
    .leftJoin(open, theirOpen)
    .where(onPage(at, search))
    .orderBy(inOrder(search))
    .limit(PAGE_PEOPLE + 1)

const listLength = sql`(SELECT count(*) FROM ${memberAgents}
  WHERE ${memberAgents.tenantId} = ${members.tenantId} AND ${memberAgents.memberId} = ${members.id})`

/** How many agents the workspace has. */
export const agentTotal = ({ db, tenantId }: Place) =>
  db.select({ agentTotal: count() }).from(agents).where(eq(agents.tenantId, tenantId))

/** IN keeps the columns for everybody on the page: they are looked up once. */
const seenIn = ({ tenantId }: Place, search: AgentSearch) => sql`(
  SELECT json_group_array(${agents.id}) FROM ${agents} WHERE ${agents.id} IN (
    SELECT ${agents.id} FROM ${agents} WHERE ${inColumns(tenantId, search)} ORDER BY ${agents.searchKey}, ${agents.id} LIMIT ${PAGE_AGENTS})
  AND ${maySeeAgent(asMember(members, agents.id))})`

function inColumns(tenantId: string, { agentQ, agentsAfter }: AgentSearch): SQL | undefined {
  // Names are not unique, so a page ends at a name and an id; no id holds a slash.
  const at = agentsAfter.lastIndexOf('/')
  const after =
    at < 0 ? undefined : sql`(${agents.searchKey}, ${agents.id}) > (${agentsAfter.slice(0, at)}, ${agentsAfter.slice(at + 1)})`
  return and(eq(agents.tenantId, tenantId), after, containsAll(sql`(' ' || ${agents.searchKey})`, needlesOf(agentQ)))
}

type ColumnRow = Awaited<ReturnType<typeof agentColumns>>[number]
type Row = Awaited<ReturnType<typeof agentAccessPage>>[number]

export function toAgentColumns(rows: ColumnRow[]): { agents: AgentColumn[]; agentsNext: string | undefined } {
  const { page, paging } = pageOf(rows, PAGE_AGENTS, ({ searchKey, id }) => `${searchKey}/${id}`)
  return { agents: page.map(({ searchKey: _, ...agent }) => agent), agentsNext: paging.next?.cursor }
}

export function toAgentAccess(rows: Row[], now: number, search?: Search): { people: PersonAgents[]; paging: Paging } {
  const { page, paging } = pageOf(rows, PAGE_PEOPLE, (row) => row.emailKey, search)
  return { people: page.map((row) => ({ ...toPerson(row, now), mode: row.agentMode, sees: row.sees, listed: row.listed })), paging }
}
