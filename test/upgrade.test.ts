import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { all, dump, one, run } from './database'

const JTI = 'j'.repeat(43)

/** A row in every table, in the columns of the first release. */
const RELEASED = [
  "INSERT INTO tenants (id, slug, name, created_at) VALUES ('acme', 'acme', 'Acme', 1)",
  `INSERT INTO users (id, email, email_key, name, password_hash, created_at, password_changed_at)
    VALUES ('ada', 'Ada@acme.test', 'ada@acme.test', 'Ada', '$scrypt$of nobody', 1, 1)`,
  `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('ada', 'acme', 'ada', 'Ada@acme.test', 'ada@acme.test', 'admin', 'active', 'all', 1, 2)`,
  `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    VALUES ('pia', 'acme', 'pia@acme.test', 'pia@acme.test', 'user', 'pending', 'list', 1)`,
  `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, note, state, created_at, expires_at)
    VALUES ('i', 'acme', 'pia', 'invite', '${JTI}', 'Ada', 'Welcome', 'open', 1, 9)`,
  `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, claim)
    VALUES ('closed', 'acme', NULL, 'resend', '${'c'.repeat(43)}', 'Ada', 'cancelled', 1, 9, 2, 'claim')`,
  "INSERT INTO section_defaults (tenant_id, section, access) VALUES ('acme', 'agents', 'off')",
  "INSERT INTO section_urls (tenant_id, section, url) VALUES ('acme', 'reports', 'https://acme.test')",
  "INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'pia', 'agents', 'on')",
  `INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
    VALUES ('g', 'acme', 'Scout', 'Looks', 'none', 'edge', '["a"]', 1, 1)`,
  "INSERT INTO member_agents (tenant_id, member_id, agent_id) VALUES ('acme', 'pia', 'g')",
  `INSERT INTO sessions (id, secret_hash, user_id, tenant_id, user_agent, ip, created_at, last_seen_at, expires_at)
    VALUES ('s', '${'a'.repeat(64)}', 'ada', 'acme', 'browser', '203.0.113.7', 1, 1, 9)`,
  `INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES ('r', 'ada', '${JTI}', 'open', 1, 9)`,
  `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, state, attempts, leased_until, provider_id, reason,
    created_at, sent_at) VALUES ('x', 'acme', 'pia', 'invitation', 'pia@acme.test', 'pia@acme.test', 'i', 'sent', 2, 5, 'p', 'late', 1, 3)`,
  `INSERT INTO mails (id, kind, to_email, to_key, password_reset_id, created_at)
    VALUES ('y', 'password_reset', 'Ada@acme.test', 'ada@acme.test', 'r', 1)`,
  "INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('k', 1, 2, 3)",
  `INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email, before, after, ip)
    VALUES ('a', 'acme', 1, 'invited', 'ada', 'Ada', 'pia', 'pia@acme.test', NULL, '{}', '203.0.113.7')`,
]

const [first, ...later] = env.TEST_MIGRATIONS
const inOneTransaction = (statements: string[]) => env.DB.batch(statements.map((statement) => env.DB.prepare(statement)))

let before: Record<string, Record<string, unknown>[]>

beforeEach(async () => {
  await reset()
  await inOneTransaction([...(first?.queries ?? []), ...RELEASED])
  before = await rowsOf(await tables())
  for (const { queries } of later) await inOneTransaction(queries)
})

const tables = async () =>
  (
    await all<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'
      AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' ORDER BY name`)
  ).map(({ name }) => name)

async function rowsOf(names: string[]) {
  const rows = await Promise.all(names.map((name) => all(`SELECT * FROM ${name} ORDER BY 1, 2, 3`)))
  return Object.fromEntries(names.map((name, i) => [name, rows[i] ?? []]))
}

it('an upgrade leaves every row of every table as it was, in the columns that the released version reads', async () => {
  const empty = Object.keys(before).filter((name) => before[name]?.length === 0)
  const after = await rowsOf(Object.keys(before))

  expect(empty).toEqual([])
  for (const [name, rows] of Object.entries(before)) {
    expect(after[name], name).toHaveLength(rows.length)
    expect(after[name], name).toMatchObject(rows)
  }
})

it('the released version goes on inviting and mailing on the new database', async () => {
  await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    VALUES ('nell', 'acme', 'nell@acme.test', 'nell@acme.test', 'user', 'pending', 'all', 10)`)
  // Its statements, word by word.
  await run(
    `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, note, state, created_at, expires_at)
    SELECT ?, m.tenant_id, m.id, ?, ?, ?, ?, 'open', ?,
      ? + (SELECT invitation_lifetime_ms FROM tenants WHERE id = m.tenant_id) FROM members m WHERE m.id = 'nell'`,
    ...['i-nell', 'invite', 'n'.repeat(43), 'Ada', null, 10, 10],
  )
  await run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
    SELECT ?, m.tenant_id, m.id, ?, m.email, m.email_key,
      (SELECT id FROM invitations WHERE member_id = m.id AND state = 'open'), ? FROM members m WHERE m.id = 'nell'`,
    ...['x-nell', 'invitation', 10],
  )
  const leased = await all(
    `UPDATE mails SET leased_until = ?, attempts = attempts + 1
    WHERE id = ? AND state = 'queued' AND leased_until <= ? RETURNING id, attempts, to_email AS "to"`,
    ...[70, 'x-nell', 10],
  )
  await run(
    `UPDATE mails SET state = 'sent', provider_id = ?, reason = NULL, sent_at = ? WHERE id = ? AND state = 'queued' AND leased_until = ?`,
    ...['p', 20, 'x-nell', 70],
  )

  expect(leased).toEqual([{ id: 'x-nell', attempts: 1, to: 'nell@acme.test' }])
  expect(await one("SELECT state, invitation_id FROM mails WHERE id = 'x-nell'")).toEqual({
    state: 'sent',
    invitation_id: 'i-nell',
  })
  expect((await dump()).invitations).toHaveLength(3)
})
