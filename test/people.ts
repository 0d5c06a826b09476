import { env } from 'cloudflare:workers'
import { connect } from '../src/db/connect'
import { personKey, SEARCH_FORM } from '../src/models/core/search-key'
import { typed } from './cast'

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

type Named = { id: string; email: string; name: string | null }

/** More people in Acme with what they are found by, as the Worker writes them; pending where they have no name. */
export async function named(people: Named[]) {
  const rows = people.map((one) => ({ ...one, emailKey: typed(one.email).key, key: personKey(one) }))
  const [all, here] = [JSON.stringify(rows), JSON.stringify(rows.filter(({ name }) => name))]
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO users (id, email, email_key, name, created_at)
       SELECT 'user-' || (value ->> 'id'), value ->> 'email', value ->> 'emailKey', value ->> 'name', 1 FROM json_each(?)`,
    ).bind(here),
    env.DB.prepare(
      `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, search_key, search_form)
       SELECT value ->> 'id', 'acme', iif(value ->> 'name' IS NULL, NULL, 'user-' || (value ->> 'id')), value ->> 'email', value ->> 'emailKey',
         'user', iif(value ->> 'name' IS NULL, 'pending', 'active'), 'all', 1, iif(value ->> 'name' IS NULL, NULL, 1), value ->> 'key', ?
       FROM json_each(?)`,
    ).bind(SEARCH_FORM, all),
  ])
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
