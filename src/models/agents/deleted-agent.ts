import { type SQLWrapper, sql } from 'drizzle-orm'
import { latestOf } from '../activity/latest'
import type { MemberAct } from '../core/act'

/** That an agent of this id was deleted from a workspace, as SQL. Of ids of other workspaces it knows nothing. */
export const agentWasDeleted = (tenantId: string, id: SQLWrapper) => sql`EXISTS (
  SELECT 1 FROM activity e WHERE e.tenant_id = ${tenantId} AND e.kind = 'agent_deleted' AND e.before ->> 'id' = ${id})`

/** At most one row: how an agent was deleted from this workspace. */
export const deletedAgentOf = (at: Pick<MemberAct, 'db' | 'tenantId'>, id: string) =>
  latestOf(at, 'agent_deleted', sql`before ->> 'id' = ${id}`)
