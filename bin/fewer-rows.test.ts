import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'

const MIGRATION = '0022_fewer_rows.sql'

const VALUES: Record<string, string[]> = {
  tenants: ["('acme', 'Acme', 259200000, 'all', 7776000000, 1, 1, NULL, 1, 0, 1)"],
  users: [
    "('user-ada', 'ada@acme.test', 'ada@acme.test', 'Ada Admin', 1, 'acme', 1, NULL)",
    "('user-bob', 'bob@acme.test', 'bob@acme.test', NULL, NULL, NULL, 1, NULL)",
  ],
  credentials: ["('password-ada', 'user-ada', 'password', 'hash', 1, 2)", "('password-bob', 'user-bob', 'password', 'hash', 1, 2)"],
  sessions: [`('${'h'.repeat(64)}', 'session', 'user-ada', 'Firefox', '192.0.2.1', 1, 2, 3)`],
  departures: ["('user-bob', 'acme', 5)"],
  password_resets: [
    "('reset-open', 'user-ada', 'jti-reset-open', 'open', 1, 9, NULL, NULL)",
    "('reset-used', 'user-ada', 'jti-reset-used', 'used', 1, 9, 3, 'nonce-used')",
  ],
  section_defaults: ["('acme', 'logs', 'off')"],
  section_urls: ["('acme', 'logs', 'https://logs.acme.test/')"],
  member_sections: ["('acme', 'bob', 'traces', 'off')", "('acme', 'bob', 'logs', 'on')"],
  member_agents: ["('acme', 'bob', 'planner')"],
  invitations: [
    "('i-open', 'acme', 'pia', 'resend', 'jti-open', 'jti-copied', 'ada', 'Ada Admin', 'Hello', 'open', 1, 99, 2, NULL, 50, 99, NULL)",
    "('i-old', 'acme', 'pia', 'invite', 'jti-old', NULL, 'ada', 'Ada Admin', NULL, 'superseded', 1, 99, NULL, 3, NULL, 99, 'nonce-old')",
    "('i-gone', 'acme', NULL, 'invite', 'jti-gone', NULL, NULL, 'Ada Admin', NULL, 'declined', 1, 99, NULL, 4, NULL, NULL, 'nonce-gone')",
  ],
  mails: [
    "('x-open', 'acme', 'pia', 'invitation', 'Pia@acme.test', 'pia@acme.test', 'i-open', NULL, 'queued', 1, 7, NULL, NULL, NULL, 'our_trouble', 'detail', 3, NULL)",
    "('x-old', 'acme', 'pia', 'invitation', 'pai@acme.test', 'pai@acme.test', 'i-old', NULL, 'bounced', 1, 7, 'mailchannels', 'p', 'r', 'no_mailbox', 'detail', 2, 2)",
    "('x-gone', 'acme', NULL, 'invitation', 'gone@acme.test', 'gone@acme.test', 'i-gone', NULL, 'sent', 1, 7, 'mailchannels', 'p', 'r', NULL, NULL, 1, 2)",
    "('x-reset', NULL, NULL, 'password_reset', 'ada@acme.test', 'ada@acme.test', NULL, 'reset-open', 'sent', 1, 7, NULL, NULL, NULL, NULL, NULL, 1, 2)",
    "('x-notice', 'acme', 'ada', 'notice', 'ada@acme.test', 'ada@acme.test', NULL, NULL, 'sent', 1, 7, NULL, NULL, NULL, NULL, NULL, 4, 5)",
  ],
  mail_events: ["('x-old:1', 'x-old', 'sent', 1, NULL, NULL, 2)", "('told', 'x-old', 'bounced', NULL, 'no_mailbox', 'detail', 3)"],
  notices: [
    "('n-told', 'acme', 'ada', 'i-old', 'bounced', 'pai@acme.test', 3, 3, 'x-notice', 'Pai Pending')",
    "('n-waits', 'acme', 'ada', 'i-gone', 'declined', 'gone@acme.test', 4, 9, NULL, NULL)",
  ],
  mail_days: ["('acme', 2, 9)", "('', 2, 9)"],
  suppressions: ["('gone@acme.test', 'acme', 'asked', 4)"],
  undos: ["('undo', 'acme', 'ada', 'role', 1, 9, NULL)"],
  undo_values: ["('undo', 'bob', 'role', 'user', 'admin')"],
  activity: [
    "('acme', 1, 'entry', 'invited', 'ada', 'Ada Admin', 'ada@acme.test', 'pia', 'pia@acme.test', NULL, '{}', NULL, 'Pia Pending')",
  ],
  throttles: ["('sign-in:ip:192.0.2.1', 1, 0, 9)"],
  webhooks: ["('mailchannels', 3)"],
}

const PEOPLE = `
  INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at) VALUES
    ('ada', 'acme', 'user-ada', 'ada@acme.test', 'ada@acme.test', 'admin', 'active', 'all', 1, 1),
    ('bob', 'acme', 'user-bob', 'bob@acme.test', 'bob@acme.test', 'user', 'active', 'list', 1, 1),
    ('pia', 'acme', NULL, 'Pia@acme.test', 'pia@acme.test', 'user', 'pending', 'all', 1, NULL);
  INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
    VALUES ('planner', 'acme', 'Route Planner', '', '', '', '[]', 1, 1);
  INSERT INTO visits (session_id, tenant_id, member_id, entered_at, last_at) VALUES ('session', 'acme', 'ada', 1, 2);`

/** A link as long as a CHECK wants it. */
const padded = (values: string) => values.replace(/'(jti-[\w-]+)'/g, (_, jti: string) => `'${jti.padEnd(43, '0')}'`)

let database: DatabaseSync
const rowsOf = (query: string) => database.prepare(query).all()
const apply = (name: string) => database.exec(readFileSync(`migrations/${name}`, 'utf8'))

const tables = () =>
  rowsOf("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name").map(
    ({ name }) => `${name}`,
  )
const columnsOf = (table: string) => rowsOf(`SELECT name FROM pragma_table_info('${table}')`).map(({ name }) => `${name}`)
const dump = (columns: [string, string[]][]) =>
  columns.map(([table, names]) => [
    table,
    rowsOf(`SELECT ${names} FROM ${table}`)
      .map((row) => JSON.stringify(row))
      .toSorted(),
  ])

/** As it was before, with rows in every table that comes into it. */
beforeEach(() => {
  database = new DatabaseSync(':memory:')
  for (const name of readdirSync('migrations').toSorted()) if (name < MIGRATION) apply(name)
  for (const [table, rows] of Object.entries(VALUES)) {
    for (const values of rows) database.exec(`INSERT INTO ${table} VALUES ${padded(values)}`)
    if (table === 'users') database.exec(PEOPLE)
  }
})

describe(MIGRATION, () => {
  it('keeps every row of every table as it was', () => {
    const columns = tables().map((table): [string, string[]] => [table, columnsOf(table)])
    const before = dump(columns)
    apply(MIGRATION)

    expect(dump(columns)).toEqual(before)
    for (const [table, rows] of before) if (Object.hasOwn(VALUES, `${table}`)) expect(rows?.length, `${table}`).toBeGreaterThan(0)
    expect(rowsOf('PRAGMA foreign_key_check')).toEqual([])
    expect(rowsOf('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  it('knows the newest email that a workspace has sent to an invited person', () => {
    apply(MIGRATION)
    expect(rowsOf('SELECT tenant_id, newest_mail_id FROM mail_days ORDER BY 1')).toEqual([
      { tenant_id: '', newest_mail_id: null },
      { tenant_id: 'acme', newest_mail_id: 'x-open' },
    ])
  })

  it.each([
    ['a second open invitation of somebody', invitation('i-2', { member: 'pia' })],
    ['a link twice', invitation('i-2', { jti: 'jti-gone' })],
    ['a copied link twice', invitation('i-2', { copied: 'jti-copied' })],
    ['a change twice', invitation('i-2', { nonce: 'nonce-old' })],
    ['an open invitation of nobody', invitation('i-2', { nonce: null })],
    ['an invitation to a workspace that is none', invitation('i-2', { tenant: 'none' })],
    ['a second open reset', "INSERT INTO password_resets VALUES ('r', 'user-ada', 'jti-3', 'open', 1, 9, NULL, NULL)"],
    ['a reset of nobody', "INSERT INTO password_resets VALUES ('r', 'nobody', 'jti-3', 'used', 1, 9, 3, 'nonce-3')"],
    ['a second password', "INSERT INTO credentials VALUES ('c', 'user-ada', 'password', 'other', 1, 1)"],
    ['an email of an invitation that is none', "UPDATE mails SET invitation_id = 'none' WHERE id = 'x-open'"],
    ['an event of an email that is none', "UPDATE mail_events SET mail_id = 'none'"],
    [
      'a section of nobody',
      "INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'nobody', 'logs', 'on')",
    ],
    ['a list with an agent that is none', "INSERT INTO member_agents VALUES ('acme', 'bob', 'none')"],
    ['an undo of nobody', "UPDATE undos SET admin_id = 'nobody'"],
    ['a value of an undo that is none', "UPDATE undo_values SET undo_id = 'none'"],
  ])('still refuses %s', (_, statement) => {
    apply(MIGRATION)
    expect(() => database.exec(padded(statement))).toThrow(/constraint failed/)
  })

  it('lets what refers to a row go with it, and keeps the emails of a member who goes', () => {
    apply(MIGRATION)
    database.exec("UPDATE invitations SET state = 'cancelled', closed_at = 5, write_nonce = 'nonce-open' WHERE id = 'i-open'")
    database.exec("DELETE FROM members WHERE id = 'pia'")
    expect(
      rowsOf("SELECT id FROM invitations WHERE member_id IS NOT NULL UNION SELECT id FROM mails WHERE member_id = 'pia'"),
    ).toEqual([])
    expect(rowsOf('SELECT id FROM mails')).toHaveLength(5)

    database.exec("DELETE FROM invitations; DELETE FROM password_resets; DELETE FROM members WHERE id = 'bob'; DELETE FROM undos")
    expect(rowsOf('SELECT id FROM mails')).toEqual([{ id: 'x-notice' }])
    for (const table of ['mail_events', 'notices', 'member_sections', 'member_agents', 'undo_values'])
      expect(rowsOf(`SELECT * FROM ${table}`), table).toEqual([])
  })

  // The new schema is there before the new Worker is.
  it.each([
    "SELECT created_at, reason FROM mails INDEXED BY mails_queued WHERE state = 'queued' AND leased_until >= 0 LIMIT 100",
    "SELECT created_at FROM mails INDEXED BY mails_waiting WHERE tenant_id = 'acme' AND state = 'queued' ORDER BY created_at LIMIT 100",
    "SELECT id FROM mails x INDEXED BY mails_refused WHERE x.tenant_id = 'acme' AND x.state IN ('bounced', 'complained', 'failed')",
    "SELECT member_id FROM invitations i INDEXED BY invitations_open WHERE i.tenant_id = 'acme' AND i.state = 'open' AND i.expires_at <= 99",
    "SELECT 1 FROM member_agents l INDEXED BY member_agents_by_agent WHERE l.tenant_id = 'acme' AND l.agent_id = 'planner'",
    `DELETE FROM member_agents WHERE rowid IN (SELECT g.rowid FROM json_each('["planner"]') d CROSS JOIN member_agents g
      ON g.tenant_id = 'acme' AND g.member_id = 'bob' AND g.agent_id = d.value) RETURNING agent_id`,
    `DELETE FROM member_sections WHERE rowid IN (SELECT o.rowid FROM json_each('["logs"]') p CROSS JOIN member_sections o
      ON o.tenant_id = 'acme' AND o.member_id = 'bob' AND o.section = p.value) RETURNING section`,
    `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('new', 'user-ada', 'password', 'new', 3, 3)
      ON CONFLICT (user_id) WHERE kind = 'password' DO UPDATE SET secret = excluded.secret RETURNING id`,
    `INSERT INTO mail_events (id, mail_id, kind, at) VALUES ('told', 'x-old', 'bounced', 4)
      ON CONFLICT (id) DO UPDATE SET at = at RETURNING id`,
    'SELECT id FROM invitations WHERE remind_at <= 50 ORDER BY remind_at LIMIT 100',
  ])('still answers what the release before asks for in words of its own: %s', (statement) => {
    apply(MIGRATION)
    expect(rowsOf(statement)).toHaveLength(1)
  })
})

type Invitation = { member?: string; jti?: string; copied?: string; nonce?: string | null; tenant?: string }

/** Closed, unless it is a member's. */
function invitation(id: string, { member, jti = 'jti-new', copied, nonce = 'nonce-new', tenant = 'acme' }: Invitation) {
  const [state, closedAt] = member || nonce === null ? ["'open'", 'NULL'] : ["'cancelled'", '3']
  const text = (value: string | null | undefined) => (value ? `'${value}'` : 'NULL')
  return `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, copied_jti, inviter_name, state, created_at, expires_at, closed_at, write_nonce)
    VALUES ('${id}', '${tenant}', ${text(member)}, 'invite', '${jti}', ${text(copied)}, 'Ada', ${state}, 1, 99, ${closedAt}, ${member ? 'NULL' : text(nonce)})`
}
