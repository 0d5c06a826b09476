import { and, eq, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { agents, memberAgents } from '../../db/schema/access'
import { members } from '../../db/schema/members'
import { flag } from '../../db/select'
import { LISTS_COUNTED } from '../../limits'
import type { MemberAct } from '../core/act'
import { PAGE_CARDS, type Paging } from '../core/paging'
import { nameKey, needlesOf } from '../core/search-key'
import { memberIdOf, type Place } from '../members/viewer'

/** What a page shows of an agent. The URL stays behind: a page leads to `open`, which asks again. */
export const AGENT = {
  id: agents.id,
  name: agents.name,
  description: agents.description,
  framework: agents.framework,
  deployment: agents.deployment,
  tags: agents.tags,
  live: agents.live,
  connected: flag(sql`${agents.url} IS NOT NULL`, 'connected'),
}

export type Agent = Awaited<ReturnType<typeof agentsOf>>[number]

/** Who asks for agents, as SQL: their role, their mode, and whether the agent stands in their list. */
type Asker = { role: SQLWrapper; mode: SQLWrapper; listed: SQLWrapper }

/** The one answer, in SQL, to "may this person see this agent"; pages, opening an agent and the preview all ask it. */
export const maySeeAgent = ({ role, mode, listed }: Asker) => sql`(${role} = 'admin' OR ${mode} = 'all' OR ${listed})`

type MemberColumns = { tenantId: SQLWrapper; id: SQLWrapper; role: SQLWrapper; agentMode: SQLWrapper }

/** A member as the database has them, whose columns a query selects from. */
export const asMember = ({ tenantId, id, role, agentMode }: MemberColumns, agentId: SQLWrapper): Asker => ({
  role,
  mode: agentMode,
  listed: sql`EXISTS (SELECT 1 FROM ${memberAgents} WHERE ${memberAgents.tenantId} = ${tenantId}
    AND ${memberAgents.memberId} = ${id} AND ${memberAgents.agentId} = ${agentId})`,
})

const seenByMember = maySeeAgent(asMember(members, agents.id))

/** The agents that whoever asks may see, by name; an agent outside their list is absent. */
export const agentsOf = (at: Place) =>
  at.db
    .select(AGENT)
    .from(members)
    .innerJoin(agents, eq(agents.tenantId, members.tenantId))
    .where(and(eq(members.id, memberIdOf(at)), seenByMember))
    .orderBy(agents.searchKey, agents.id)

/** At most one row; none for an agent that this person may not see, whoever's it is. */
export const agentOf = (at: Place, id: string) => agentSeenBy(at, memberIdOf(at), id)

/** The same agent, read again by somebody who was let in already. */
export const agentAgain = (act: MemberAct, id: string) => agentSeenBy(act, sql`${act.memberId}`, id)

const agentSeenBy = ({ db }: Pick<MemberAct, 'db'>, memberId: SQL, id: string) =>
  db
    .select({ ...AGENT, url: agents.url, version: agents.version })
    .from(members)
    .innerJoin(agents, eq(agents.tenantId, members.tenantId))
    .where(and(eq(members.id, memberId), eq(agents.id, id), seenByMember))

export type AgentDetails = Awaited<ReturnType<typeof agentOf>>[number]

/** How many people have the agent by name, for an admin; at most one more than are counted. Nobody else is told. */
export const listsNaming = (at: Place, id: string) => countLists(at, memberIdOf(at), id)

/** The same for an admin who was let in already. */
export const listsNamingAgain = (act: MemberAct, id: string) => countLists(act, sql`${act.memberId}`, id)

/** The primary key would read every list of the workspace. */
const countLists = ({ db }: Pick<MemberAct, 'db'>, memberId: SQL, id: string) =>
  raw<{ count: number }>(
    db,
    sql`
    SELECT count(*) AS count FROM (
      SELECT 1 FROM members me
        CROSS JOIN member_agents l INDEXED BY member_agents_by_agent ON l.tenant_id = me.tenant_id AND l.agent_id = ${id}
        CROSS JOIN members p ON p.id = l.member_id AND p.agent_mode = 'list' AND p.role = 'user'
      WHERE me.id = ${memberId} AND me.role = 'admin' LIMIT ${LISTS_COUNTED + 1})`,
  )

export type AgentFilter = { q: string; tag: string }

/** The agents whose name, description or tags contain what was typed, and that carry the tag if there is one. */
export function matching(agents: Agent[], { q, tag }: AgentFilter): Agent[] {
  const needles = needlesOf(q)
  const key = ({ name, description, tags }: Agent) => nameKey([name, description, ...tags].join(' '))
  return agents.filter((agent) => (!tag || agent.tags.includes(tag)) && needles.every((needle) => key(agent).includes(needle)))
}

export type Tag = { tag: string; count: number }

/** The tags of these agents, those of most agents first. */
export function tagsOf(agents: Agent[]): Tag[] {
  const counts = new Map<string, number>()
  for (const tag of agents.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  const tags = [...counts].map(([tag, count]) => ({ tag, count }))
  return tags.sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
}

/** Of all that were found, those after the agent `cursor`; from the first where it is not among them any more. */
export function cardsPage(found: Agent[], cursor: string): CardsPage {
  const start = found.findIndex(({ id }) => id === cursor) + 1
  const page = found.slice(start, start + PAGE_CARDS)
  const linkAfter = (agent: Agent | undefined) => (agent ? { cursor: agent.id } : {})
  const paging = {
    from: start + 1,
    until: start + page.length,
    previous: start > 0 ? linkAfter(found[start - PAGE_CARDS - 1]) : undefined,
    next: start + page.length < found.length ? linkAfter(page.at(-1)) : undefined,
  }
  return { page, found: found.length, paging }
}

export type CardsPage = { page: Agent[]; found: number; paging: Paging }
