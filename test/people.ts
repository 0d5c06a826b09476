import { env } from 'cloudflare:workers'
import { connect } from '../src/db/connect'

/** More Tenant Users in Acme, who were invited and never came; `from` numbers them. */
export async function people(count: number, from = 0) {
  const ids = Array.from({ length: count }, (_, i) => `person-${`${from + i}`.padStart(5, '0')}`)
  await env.DB.prepare(
    `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
     SELECT value, 'acme', value || '@acme.test', value || '@acme.test', 'user', 'pending', 'list', 1 FROM json_each(?)`,
  )
    .bind(JSON.stringify(ids))
    .run()
  return ids
}

/** More agents of Acme, each named like its id. */
export async function moreAgents(count: number, from = 0) {
  const ids = Array.from({ length: count }, (_, i) => `agent-${`${from + i}`.padStart(4, '0')}`)
  await env.DB.prepare(
    `INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
     SELECT value, 'acme', value, '', '', '', '[]', 1, 1 FROM json_each(?)`,
  )
    .bind(JSON.stringify(ids))
    .run()
  return ids
}

/** What D1 bills a query for. */
export async function rowsReadBy(query: { toSQL(): { sql: string; params?: unknown[] } }) {
  const { sql, params = [] } = query.toSQL()
  const { meta } = await env.DB.prepare(sql)
    .bind(...params)
    .all()
  return meta.rows_read
}

/** A database of which D1 tells what its batches cost. */
export function metered() {
  const bill = { read: 0, written: 0 }
  const batch = async (statements: D1PreparedStatement[]) => {
    const results = await env.DB.batch(statements)
    for (const { meta } of results) {
      bill.read += meta.rows_read
      bill.written += meta.rows_written
    }
    return results
  }
  const db = connect(Object.assign(Object.create(env.DB) as D1Database, { prepare: env.DB.prepare.bind(env.DB), batch }))
  return { db, bill }
}
