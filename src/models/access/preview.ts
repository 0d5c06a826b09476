import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { asMember, maySeeAgent, type toAgent } from '../agents/agent'
import { settingsOf } from '../members/viewer'
import type { AgentMode, Role } from './access'

type AgentRow = Parameters<typeof toAgent>[0]

const COLUMNS = sql.raw('a.id, a.name, a.description, a.framework, a.deployment, a.tags, a.live')

/** The agents that a member sees, for an admin who looks at what they see. */
export const agentsOfMember = (db: Db, tenantId: string, memberId: string) =>
  raw<AgentRow>(
    db,
    sql`
    SELECT ${COLUMNS} FROM members m JOIN agents a ON a.tenant_id = m.tenant_id
    WHERE m.tenant_id = ${tenantId} AND m.id = ${memberId} AND ${maySeeAgent(asMember)} ORDER BY a.name, a.id`,
  )

/** Without a mode: the tenant's default. */
export type DraftAccess = { role: Role; agentMode: AgentMode | undefined; agentIds: string[] }

/** The agents that somebody with this access would see: the same rule, asked before the person exists. */
export const agentsOfDraft = (db: Db, tenantId: string, { role, agentMode, agentIds }: DraftAccess) =>
  raw<AgentRow>(
    db,
    sql`
    SELECT ${COLUMNS} FROM agents a JOIN tenants t ON t.id = a.tenant_id WHERE t.id = ${tenantId} AND ${maySeeAgent({
      role: sql`${role}`,
      mode: sql`coalesce(${agentMode ?? null}, t.default_agent_mode)`,
      listed: sql`a.id IN (SELECT value FROM json_each(${JSON.stringify(agentIds)}))`,
    })} ORDER BY a.name, a.id`,
  )

/** What a new member starts from. */
export const defaultsOf = (db: Db, tenantId: string) =>
  raw<{ agentMode: AgentMode; sections: string }>(
    db,
    sql`
    SELECT t.default_agent_mode AS agentMode, ${settingsOf(sql`section_defaults WHERE tenant_id = t.id`)} AS sections
    FROM tenants t WHERE t.id = ${tenantId}`,
  )

/** All agents of the tenant by name, for an admin to choose from. */
export const agentChoices = (db: Db, tenantId: string) =>
  raw<{ id: string; name: string }>(db, sql`SELECT id, name FROM agents WHERE tenant_id = ${tenantId} ORDER BY name, id`)
