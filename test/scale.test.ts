import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { ACTIVITY_KINDS } from '../src/models/activity/activity'
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
  '/w/acme/access/users?order=name',
  '/w/acme/access/users?order=name&dir=desc&status=pending',
  '/w/acme/access/users?order=role&dir=desc&role=user',
  '/w/acme/access/users?order=active&cursor=0%20person-00005',
  '/w/acme/access/users?order=invited&dir=desc&status=pending&role=user',
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

/** Somebody, somebody by the middle of their address, and nobody. */
const SEARCHES = [
  '/w/acme/access/users?q=person-00025',
  '/w/acme/access/users?q=00025@acme.test',
  '/w/acme/access/users?q=nobody-has-this',
  '/w/acme/access/users?q=person-00025&status=pending&role=user',
  '/w/acme/access/users?q=person-00025&order=invited&dir=desc',
  '/w/acme/access/users?q=nobody-has-this&status=attention',
  '/w/acme/access/permissions?q=00025@acme.test',
  '/w/acme/access/permissions?q=nobody-has-this',
  '/w/acme/access/agents?q=00025@acme.test',
  '/w/acme/access/agents?q=nobody-has-this&agent_q=nothing',
]
/** Who is meant is looked up twice: to name them, and for their entries. */
const MEANT = ['/w/acme/access/activity?who=00025@acme.test', '/w/acme/access/activity?who=nobody-has-this&kind=all']
/** What everybody has: beside the page, a word costs a count up to a few hundred, a domain up to a few. */
const COMMON = [
  '/w/acme/access/users?q=p',
  '/w/acme/access/users?q=acme.test',
  '/w/acme/access/users?q=acme.test&cursor=person-00005&status=pending',
  '/w/acme/access/users?q=acme.test&order=name&status=pending',
  '/w/acme/access/permissions?q=acme.test',
]

/** What D1 bills this page for: the rows that its queries read, asked once more. */
async function rowsRead(client: Client, path: string) {
  expect((await client.get(path)).status, path).toBeLessThan(400)
  const results = await env.DB.batch(client.queries.map(({ sql, values }) => env.DB.prepare(sql).bind(...values)))
  return results.reduce((rows, { meta }) => rows + meta.rows_read, 0)
}

type Reads = Record<string, number[]>
const none = (paths: string[]): Reads => Object.fromEntries(paths.map((path) => [path, []]))

it(`no page reads more rows in a workspace of ${SIZES.join(', ')} people`, async () => {
  const ada = await signedIn('ada')
  const [read, searched, meant, common] = [none(PAGES), none(SEARCHES), none(MEANT), none(COMMON)]
  for (const [i, size] of SIZES.entries()) {
    await grow(SIZES[i - 1] ?? 0, size)
    for (const reads of [read, searched, meant, common])
      for (const path of Object.keys(reads)) reads[path]?.push(await rowsRead(ada, path))
  }
  for (const [path, [small = 0, ...larger]] of Object.entries({ ...read, ...searched, ...meant }))
    for (const rows of larger) expect(rows, path).toBe(small)
  for (const [path, rows] of Object.entries(searched)) expect(Math.max(...rows), path).toBeLessThan(100)
  // The log of one person looks each kind up on both sides.
  for (const [path, rows] of Object.entries(meant)) expect(Math.max(...rows), path).toBeLessThan(5 * ACTIVITY_KINDS.length)
  for (const [path, [, medium = 0, large]] of Object.entries(common)) {
    expect(large, path).toBe(medium)
    expect(large, path).toBeLessThan(path.endsWith('q=p') ? 1200 : 900)
  }
})
