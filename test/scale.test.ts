import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { type Client, signedIn } from './client'
import { grow } from './company'

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
