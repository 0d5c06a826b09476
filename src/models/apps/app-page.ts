import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { appHosts, apps } from '../../db/schema/apps'
import { json } from '../../db/select'
import type { Place } from '../members/viewer'

/** At most one row: an app of the workspace, with its hosts and the name of its agent. */
export const appInWorkspace = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, id: string) =>
  db
    .select({
      ...getTableColumns(apps),
      hosts: json<string[]>(
        sql`(SELECT json_group_array(h.host) FROM (SELECT ${appHosts.host} AS host FROM ${appHosts} WHERE ${appHosts.appId} = ${id} ORDER BY 1) h)`,
        'hosts',
      ),
      agentName: sql<string | null>`(SELECT n.name FROM agents n WHERE n.tenant_id = ${tenantId} AND n.id = ${apps.agentId})`.as(
        'agent_name',
      ),
    })
    .from(apps)
    .where(and(eq(apps.id, id), eq(apps.tenantId, tenantId)))

export type AppDetails = Awaited<ReturnType<typeof appInWorkspace>>[number]

/** At most one row: what a new app is to stand for, where it is an agent of the workspace. */
export const agentToConnect = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, id: string) =>
  raw<{ name: string }>(db, sql`SELECT n.name FROM agents n WHERE n.tenant_id = ${tenantId} AND n.id = ${id}`)
