import { createWriteStream, rmSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Database, Row } from './database.ts'
import { Statement, sql } from './literal.ts'

const PAGE_ROWS = 1000

/** What belongs to a workspace, each table with what its rows are sorted by. */
const TABLES: Record<string, string[]> = {
  section_defaults: ['section'],
  section_urls: ['section'],
  allowed_domains: ['domain'],
  agents: ['id'],
  presets: ['id'],
  preset_sections: ['preset_id', 'section'],
  preset_agents: ['preset_id', 'agent_id'],
  members: ['id'],
  member_sections: ['member_id', 'section'],
  member_agents: ['member_id', 'agent_id'],
  invitations: ['id'],
  mails: ['id'],
  mail_events: ['id'],
  notices: ['id'],
  join_links: ['id'],
  join_proofs: ['id'],
  join_requests: ['id'],
  join_notices: ['about_id', 'kind'],
  removed_addresses: ['email_key'],
  suppressions: ['email_key'],
  activity: ['at', 'id'],
  former_people: ['member_id'],
  invite_drafts: ['id'],
  invite_rows: ['draft_id', 'n'],
  reviews: ['id'],
  review_people: ['review_id', 'place'],
  apps: ['id'],
  app_hosts: ['host'],
  subjects: ['user_id'],
  app_consents: ['app_id', 'member_id', 'client'],
  app_grants: ['id'],
  app_logouts: ['id'],
  access_requests: ['member_id', 'app_id'],
}

/** Whose rows a table has, where they do not say it themselves. */
const OF_WORKSPACE: Partial<Record<string, (slug: string) => Statement>> = {
  mail_events: (slug) => sql`mail_id IN (SELECT x.id FROM mails x WHERE x.tenant_id = ${slug})`,
  invite_rows: (slug) => sql`draft_id IN (SELECT d.id FROM invite_drafts d WHERE d.tenant_id = ${slug})`,
  app_hosts: (slug) => sql`app_id IN (SELECT a.id FROM apps a WHERE a.tenant_id = ${slug})`,
  app_consents: (slug) => sql`app_id IN (SELECT a.id FROM apps a WHERE a.tenant_id = ${slug})`,
}

/** What opens something, and what only serves the search. */
const WITHHELD = new Set(['jti', 'secret_hash', 'former_secret_hash', 'copied_jti', 'write_nonce', 'search_key', 'search_form'])

/** Writes everything of a workspace but its links to a file, as one JSON object with a list for each table. @returns how many rows */
export async function exportWorkspace(database: Database, slug: string, file: string) {
  // One that is there already would keep its permissions.
  rmSync(file, { force: true })
  const out = createWriteStream(file, { mode: 0o600 })
  const [workspace = []] = await database([sql`SELECT * FROM tenants WHERE id = ${slug}`])
  const [people = []] = await database([
    sql`SELECT u.id, u.email, u.name FROM users u JOIN members m ON m.user_id = u.id WHERE m.tenant_id = ${slug} ORDER BY u.id`,
  ])
  out.write(`{"workspace":${JSON.stringify(workspace[0])},"users":${JSON.stringify(people)}`)
  let rows = workspace.length + people.length
  for (const [table, key] of Object.entries(TABLES)) {
    out.write(`,\n${JSON.stringify(table)}:[`)
    let first = true
    for await (const row of rowsOf(database, { slug, table, key })) {
      out.write(`${first ? '' : ','}\n${JSON.stringify(row)}`)
      first = false
      rows++
    }
    out.write(']')
  }
  out.end('}\n')
  await finished(out)
  return rows
}

type Part = { slug: string; table: string; key: string[] }

async function* rowsOf(database: Database, { slug, table, key }: Part) {
  const columns = new Statement(key.join(', '))
  const theirs = OF_WORKSPACE[table]?.(slug) ?? sql`tenant_id = ${slug}`
  let after = sql`1`
  while (true) {
    const [page = []] = await database([
      sql`SELECT * FROM ${new Statement(table)} WHERE ${theirs} AND ${after} ORDER BY ${columns} LIMIT ${PAGE_ROWS}`,
    ])
    for (const row of page) yield shown(row)
    const last = page.at(-1)
    if (!last || page.length < PAGE_ROWS) return
    after = sql`(${columns}) > ${key.map((column) => last[column] ?? null)}`
  }
}

const shown = (row: Row) => Object.fromEntries(Object.entries(row).filter(([column]) => !WITHHELD.has(column)))
