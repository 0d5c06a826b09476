import type { APIRequestContext } from '@playwright/test'
import { uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'

export type Workspace = { id: string; name: string; admin: string; adminName: string }

/** A workspace that no other test touches, with one admin, no agents, and the seeds' pass phrase. */
export async function addWorkspace(request: APIRequestContext, name: string): Promise<Workspace> {
  const id = crypto.randomUUID()
  const [admin, adminName] = [uniqueAddress('mira'), 'Mira Solberg']
  await sql(
    request,
    "INSERT INTO tenants (id, name, created_at) SELECT ?1, ?2, created_at FROM tenants WHERE id = 'acme'",
    id,
    name,
  )
  await addMember(request, { tenant: id, email: admin, name: adminName, role: 'admin' })
  return { id, name, admin, adminName }
}

/** As many agents as asked for, live and connected, tagged `odd` and `even` in turn. */
export const addAgents = (request: APIRequestContext, { id }: Workspace, count: number) =>
  sql(
    request,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST(?2 AS INTEGER))
     INSERT INTO agents (id, tenant_id, name, description, framework, deployment, url, tags, live, created_at)
     SELECT printf('agent-%s-%02d', ?1, i), ?1, printf('Agent %02d', i), 'Answers what it is asked.', 'LangGraph', 'Cloud Run',
       '/account', iif(i % 2, '["odd"]', '["even"]'), 1, tenants.created_at
     FROM n JOIN tenants ON tenants.id = ?1`,
    id,
    `${count}`,
  )
