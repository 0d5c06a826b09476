import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/connect'
import { type Claim, memberIdOf } from './viewer'

export type Agent = {
  id: string
  name: string
  description: string
  framework: string
  deployment: string
  tags: string[]
  live: boolean
}

type AgentRow = Omit<Agent, 'tags' | 'live'> & { tags: string; live: number }

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
  db.all<AgentRow>(sql`
    SELECT a.id, a.name, a.description, a.framework, a.deployment, a.tags, a.live
    FROM members m JOIN agents a ON a.tenant_id = m.tenant_id
    WHERE m.id = ${memberIdOf(claim)} AND ${maySeeAgent(asMember)} ORDER BY a.name, a.id`)

export const toAgent = ({ tags, live, ...row }: AgentRow): Agent => ({ ...row, tags: JSON.parse(tags), live: live === 1 })
