import { and, eq, sql } from 'drizzle-orm'
import { agents } from '../../db/schema/access'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { json } from '../../db/select'
import { AGENT, asMember, maySeeAgent } from '../agents/agent'
import type { Place } from '../members/viewer'
import type { AgentMode, Role, SectionSettings } from './access'
import { sectionDefaultsOf } from './section-settings'

/** The agents that a member sees, for an admin who looks at what they see. */
export const agentsOfMember = ({ db, tenantId }: Place, memberId: string) =>
  db
    .select(AGENT)
    .from(members)
    .innerJoin(agents, eq(agents.tenantId, members.tenantId))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId), maySeeAgent(asMember(members, agents.id))))
    .orderBy(agents.searchKey, agents.id)

/** Without a mode: the tenant's default. */
type DraftAccess = { role: Role; agentMode: AgentMode | undefined; agentIds: string[] }

/** The agents that somebody with this access would see: the same rule, asked before the person exists. */
export const agentsOfDraft = ({ db, tenantId }: Place, { role, agentMode, agentIds }: DraftAccess) =>
  db
    .select(AGENT)
    .from(tenants)
    .innerJoin(agents, eq(agents.tenantId, tenants.id))
    .where(
      and(
        eq(tenants.id, tenantId),
        maySeeAgent({
          role: sql`${role}`,
          mode: sql`coalesce(${agentMode ?? null}, ${tenants.defaultAgentMode})`,
          listed: sql`${agents.id} IN (SELECT value FROM json_each(${JSON.stringify(agentIds)}))`,
        }),
      ),
    )
    .orderBy(agents.searchKey, agents.id)

/** What a new member starts from; `toDefaults` reads the row. */
export const defaultsOf = ({ db, tenantId }: Place) =>
  db
    .select({ agentMode: tenants.defaultAgentMode, sections: json<SectionSettings>(sectionDefaultsOf(tenantId), 'sections') })
    .from(tenants)
    .where(eq(tenants.id, tenantId))

/** The row is there wherever the workspace is. */
export const toDefaults = ([row]: Awaited<ReturnType<typeof defaultsOf>>) => ({
  sections: row?.sections ?? {},
  agentMode: row?.agentMode ?? ('all' as const),
})
