/** What is exported, and by which form. */
export const EXPORTS: Record<string, [path: string, fields: Record<string, string>]> = {
  '100,000 people, CSV': ['users', { format: 'csv' }],
  '100,000 people, JSON Lines': ['users', { format: 'json' }],
  'Tenant Users found by a letter, CSV': ['users', { format: 'csv', q: 'p', role: 'user' }],
  '1,000,000 entries, CSV': ['activity', { format: 'csv', kind: 'all' }],
  '1,000,000 entries, JSON Lines': ['activity', { format: 'json', kind: 'all' }],
  'one kind, CSV': ['activity', { format: 'csv', kind: 'role_changed' }],
  'one person, CSV': ['activity', { format: 'csv', kind: 'all', person: 'ada' }],
}

const numbers = (from: number, to: number) =>
  `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})`
const chunks = (all: number, size: number) => Array.from({ length: all / size }, (_, i) => [i * size, (i + 1) * size] as const)

/** As long as ids are. */
const PERSON = "'person-' || printf('%014d', i % 100000)"

/** A hundred thousand people, each with two cells of their own. */
export const PEOPLE = chunks(100_000, 20_000).flatMap(([from, to]) => [
  `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    ${numbers(from, to)} SELECT ${PERSON}, 'acme', ${PERSON} || '@acme.test', ${PERSON} || '@acme.test', 'user', 'pending', 'all', 1 FROM n`,
  ...['traces', 'logs'].map(
    (section) => `INSERT INTO member_sections (tenant_id, member_id, section, access)
      ${numbers(from, to)} SELECT 'acme', ${PERSON}, '${section}', 'off' FROM n`,
  ),
])

/** A million entries, two thirds of them sign-ins. */
export const ENTRIES = chunks(1_000_000, 50_000).map(
  ([
    from,
    to,
  ]) => `INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, actor_email, member_id, member_email, before, after, ip)
    ${numbers(from, to)} SELECT printf('%032d', i), 'acme', 1700000000000 + i * 1000, iif(i % 3 = 0, 'role_changed', 'signed_in'), 'ada', 'Ada Admin',
      'ada@acme.test', ${PERSON}, ${PERSON} || '@acme.test', '{"role":"user"}', '{"role":"admin"}', '203.0.113.7' FROM n`,
)
