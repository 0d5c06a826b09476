import { sql } from 'drizzle-orm'
import type { Db } from '../db/connect'
import type { AgentMode, Role } from './access'
import { asMember, maySeeAgent, type toAgent } from './agent'

type AgentRow = Parameters<typeof toAgent>[0]

const COLUMNS = sql.raw('a.id, a.name, a.description, a.framework, a.deployment, a.tags, a.live')

/** The agents that a member sees, for an admin who looks at what they see. */
export const agentsOfMember = (db: Db, tenantId: string, memberId: string) =>
  db.all<AgentRow>(sql`
    SELECT ${COLUMNS} FROM members m JOIN agents a ON a.tenant_id = m.tenant_id
    WHERE m.tenant_id = ${tenantId} AND m.id = ${memberId} AND ${maySeeAgent(asMember)} ORDER BY a.name, a.id`)

export type DraftAccess = { role: Role; agentMode: AgentMode; agentIds: string[] }

/** The agents that somebody with this access would see: the same rule, asked before the person exists. */
export const agentsOfDraft = (db: Db, tenantId: string, draft: DraftAccess) =>
  db.all<AgentRow>(sql`
    SELECT ${COLUMNS} FROM agents a WHERE a.tenant_id = ${tenantId} AND ${maySeeAgent({
      role: sql`${draft.role}`,
      mode: sql`${draft.agentMode}`,
      listed: sql`a.id IN (SELECT value FROM json_each(${JSON.stringify(draft.agentIds)}))`,
    })} ORDER BY a.name, a.id`)
