import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { type Client, signedIn } from './client'
import { run } from './database'

/** The smallest fills every page, also one after a cursor. */
const SIZES = [60, 1_000, 10_000]

/** The pages that a large workspace opens, first and later ones. */
const PAGES = [
  '/w/acme/access/users',
  '/w/acme/access/users?cursor=person-00005',
  '/w/acme/access/users?status=pending&role=user',
  '/w/acme/access/users?status=attention',
  '/w/acme/access/permissions',
  '/w/acme/access/permissions?cursor=person-00005',
  '/w/acme/access/agents',
  '/w/acme/access/agents?cursor=person-00005',
  '/w/acme/access/activity',
  '/w/acme/access/activity?kind=invited',
  '/w/acme/access/activity?kind=all',
  '/w/acme/access/activity?person=person-00025',
  '/w/acme/access/activity?person=ada',
  '/w/acme/access/activity?person=ada&kind=role_changed',
  '/w/acme/access/activity?person=ada&kind=sign_ins&from=2026-01-01&to=2026-12-31',
  '/w/acme/access/users/person-00025',
  '/w/acme/access/invitations/new',
]

/** As many more pending people, each with a link, a mail, an entry, two sections and two agents of their own. */
async function grow(from: number, to: number) {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to}),
    p AS (SELECT i, 'person-' || substr('0000' || i, -5) AS id FROM n)`
  await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    ${numbers} SELECT id, 'acme', id || '@acme.test', id || '@acme.test', 'user', 'pending', 'list', 1 FROM p`)
  await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
    ${numbers} SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 9999999999999 FROM p`)
  await run(`INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
    ${numbers} SELECT 'x-' || id, 'acme', id, 'invitation', id, id, 'i-' || id, 1, 'sent' FROM p`)
  await run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, member_id, member_email)
    ${numbers} SELECT 'e-' || id, 'acme', i, 'invited', 'ada', id, id FROM p`)
  for (const section of ['traces', 'logs'])
    await run(`INSERT INTO member_sections ${numbers} SELECT 'acme', id, '${section}', 'off' FROM p`)
  for (const agent of ['agent-support-triage', 'agent-contract-reader'])
    await run(`INSERT INTO member_agents ${numbers} SELECT 'acme', id, '${agent}' FROM p`)
}

/** What D1 bills this page for: the rows that its queries read, asked once more. */
async function rowsRead(client: Client, path: string) {
  expect((await client.get(path)).status, path).toBe(200)
  const results = await env.DB.batch(client.queries.map(({ sql, values }) => env.DB.prepare(sql).bind(...values)))
  return results.reduce((rows, { meta }) => rows + meta.rows_read, 0)
}

it(`no page reads more rows in a workspace of ${SIZES.join(', ')} people`, async () => {
  const ada = await signedIn('ada')
  const read: Record<string, number[]> = Object.fromEntries(PAGES.map((path) => [path, []]))
  const searched: number[] = []
  for (const [i, size] of SIZES.entries()) {
    await grow(SIZES[i - 1] ?? 0, size)
    for (const path of PAGES) read[path]?.push(await rowsRead(ada, path))
    searched.push(await rowsRead(ada, '/w/acme/access/users?q=nobody-has-this'))
  }
  for (const [path, [small = 0, ...larger]] of Object.entries(read)) for (const rows of larger) expect(rows, path).toBe(small)
  // Searching in the middle of an address reads the workspace's members, and is the only page that does.
  expect(searched.at(-1)).toBeGreaterThan(SIZES.at(-1) ?? 0)
})
