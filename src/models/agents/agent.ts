import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type Claim, memberIdOf } from '../members/viewer'

export type Agent = {
  id: string
  name: string
  description: string
  framework: string
  deployment: string
  tags: string[]
  live: boolean
  /** Whether it has a URL to lead to. */
  connected: boolean
}

type AgentRow = Omit<Agent, 'tags' | 'live' | 'connected'> & { tags: string; live: number; url: string | null }

/** Who asks for agents, as SQL: their role, their mode, and whether agent `a` stands in their list. */
export type Asker = { role: SQL; mode: SQL; listed: SQL }

/** The one answer, in SQL, to "may this person see agent `a`"; pages, opening an agent and the preview all ask it. */
export const maySeeAgent = ({ role, mode, listed }: Asker) => sql`(${role} = 'admin' OR ${mode} = 'all' OR ${listed})`

/** A member `m` as the database has them. */
export const asMember: Asker = {
  role: sql`m.role`,
  mode: sql`m.agent_mode`,
  listed: sql`EXISTS (SELECT 1 FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id AND g.agent_id = a.id)`,
}

/** The agents that the person behind a claim may see, by name; an agent outside their list is absent. */
export const agentsOf = (db: Db, claim: Claim) =>
  raw<AgentRow>(
    db,
    sql`
    SELECT a.id, a.name, a.description, a.framework, a.deployment, a.url, a.tags, a.live
    FROM members m JOIN agents a ON a.tenant_id = m.tenant_id
    WHERE m.id = ${memberIdOf(claim)} AND ${maySeeAgent(asMember)} ORDER BY a.name, a.id`,
  )

/** The URL stays behind: a page leads to `open`, which asks again. */
export const toAgent = ({ tags, live, url, ...row }: AgentRow): Agent => ({
  ...row,
  tags: JSON.parse(tags),
  live: live === 1,
  connected: url !== null,
})

export type AgentDetails = Agent & { url: string | null; listedBy: number }

/** At most one row; none for an agent that this person may not see, whoever's it is. `listedBy` counts the lists that name it. */
export const agentOf = (db: Db, claim: Claim, id: string) =>
  raw<AgentRow & { listedBy: number }>(
    db,
    sql`
    SELECT a.id, a.name, a.description, a.framework, a.deployment, a.url, a.tags, a.live,
      (SELECT count(*) FROM member_agents l JOIN members p ON p.id = l.member_id
        WHERE l.tenant_id = a.tenant_id AND l.agent_id = a.id AND p.agent_mode = 'list' AND p.role = 'user') AS listedBy
    FROM members m JOIN agents a ON a.tenant_id = m.tenant_id
    WHERE m.id = ${memberIdOf(claim)} AND a.id = ${id} AND ${maySeeAgent(asMember)}`,
  )

export const toDetails = ({ listedBy, ...row }: AgentRow & { listedBy: number }): AgentDetails => ({
  ...toAgent(row),
  url: row.url,
  listedBy,
})

export type AgentFilter = { q: string; tag: string }

/** The agents whose name, description or tags contain what was typed, and that carry the tag if there is one. */
export function matching(agents: Agent[], { q, tag }: AgentFilter): Agent[] {
  const needle = q.trim().toLowerCase()
  const texts = ({ name, description, tags }: Agent) => [name, description, ...tags]
  return agents.filter(
    (agent) => (!tag || agent.tags.includes(tag)) && texts(agent).some((text) => text.toLowerCase().includes(needle)),
  )
}

/** The tags of these agents, those of most agents first. */
export function tagsOf(agents: Agent[]): string[] {
  const counts = new Map<string, number>()
  for (const tag of agents.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].sort(([a, many], [b, more]) => more - many || a.localeCompare(b)).map(([tag]) => tag)
}
