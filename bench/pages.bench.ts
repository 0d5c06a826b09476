import { env } from 'cloudflare:workers'
import { it } from 'vitest'
import { type Client, signedIn } from '../test/client'
import { company, gzipped } from '../test/company'

/** The pages of a workspace of 120 people, some of them invited, and 29 agents. */
const PAGES = [
  ['the user table of 50', '/w/acme/access/users?status=active'],
  ['pending people of 50', '/w/acme/access/users?status=pending'],
  ['Permission Matrix', '/w/acme/access/permissions'],
  ['Agent Access', '/w/acme/access/agents'],
  ['a member', '/w/acme/access/users/person-00000000000010'],
  ['Invite User', '/w/acme/access/invitations/new'],
  ['Activity', '/w/acme/access/activity'],
  ['Agents', '/w/acme/agents'],
] as const

const RUNS = 8
const REQUESTS = 40

it('prints the weight of the big pages, and what they cost beside the bare minimum', async () => {
  await company()
  const ada = await signedIn('ada')
  const bare = await msOf(bareTable)
  const rows = []
  for (const [name, path] of PAGES) rows.push(await measured(ada, name, path, bare))
  console.info(
    [
      'Each page as it is sent, and its time in workerd with a local D1 on this machine beside one batch by hand and a bare table of the same people:',
      '',
      row('', 'KiB', 'KiB gzip', 'elements', 'forms', 'icons', 'ms', 'x bare'),
      ...rows,
      row('a bare table of 50', '', '', '', '', '', bare.toFixed(2), '1.0'),
    ].join('\n'),
  )
})

async function measured(client: Client, name: string, path: string, bare: number) {
  const response = await client.get(path)
  const html = await response.text()
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
  const ms = await msOf(async () => (await client.get(path)).text())
  const count = (pattern: RegExp) => [...html.matchAll(pattern)].length
  const counts = [/<[a-z]/g, /<form/g, /<svg/g].map(count)
  return row(
    name,
    kib(new TextEncoder().encode(html).length),
    kib(await gzipped(html)),
    ...counts,
    ms.toFixed(2),
    (ms / bare).toFixed(1),
  )
}

/** The quickest of some runs, since others use the processor too; the clock of a Worker is too coarse for one request. */
async function msOf(work: () => Promise<unknown>) {
  let shortest = Number.POSITIVE_INFINITY
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now()
    for (let i = 0; i < REQUESTS; i++) await work()
    shortest = Math.min(shortest, (performance.now() - start) / REQUESTS)
  }
  return shortest
}

/** One batch like that of a page; nobody is judged, and nothing is computed. */
async function bareTable() {
  const session = env.DB.prepare("SELECT user_id FROM sessions WHERE secret_hash = 'x'")
  const table = env.DB.prepare(
    `SELECT m.id, m.email, u.name, m.role, m.status, m.last_active_at FROM members m LEFT JOIN users u ON u.id = m.user_id
     WHERE m.tenant_id = 'acme' AND m.status = 'active' ORDER BY m.email_key LIMIT 50`,
  )
  const [, found] = await env.DB.batch([session, table])
  const cells = (found?.results ?? []).map(
    (one) =>
      `<tr>${Object.values(one as object)
        .map((value) => `<td>${value}</td>`)
        .join('')}</tr>`,
  )
  return new Response(`<!doctype html><title>Users</title><table>${cells.join('')}</table>`).text()
}

const kib = (bytes: number) => (bytes / 1024).toFixed(1)
const row = (name: string, ...cells: (string | number)[]) => name.padEnd(28) + cells.map((cell) => `${cell}`.padStart(10)).join('')
