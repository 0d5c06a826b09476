import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { seed } from '../src/dev/seed'
import { ORDERS } from '../src/models/members/order'
import { type Client, signedIn } from '../test/client'
import { grow } from '../test/company'
import { run } from '../test/database'
import { call, callerOf, routeNamed, routeNames } from '../test/routes'
import { startOver } from '../test/world'

const SIZES = [60, 10_000, 100_000]
const AT_ONCE = 2_000
/** More rows than this between the two larger ones are a walk through people; the smallest does not fill every page. */
const FLAT = 120

/** Each order of the user table with each kind of filter, from the middle on; what a search costs is printed by search.bench.ts. */
const ORDERED = ORDERS.flatMap((order) =>
  ['', '&status=active', '&status=pending&role=user', '&role=admin', '&status=disabled', '&status=expired&dir=desc'].map(
    (filter) => `/w/acme/access/users?order=${order}${filter}`,
  ),
)

/** Every other one has joined, of a hundred one is an admin and one is disabled. */
async function people(size: number) {
  for (let at = 0; at < size; at += AT_ONCE) await grow(at, Math.min(size, at + AT_ONCE))
  const joined = "id GLOB 'person-*[02468]'"
  await run(`DELETE FROM mails WHERE invitation_id IN (SELECT 'i-' || id FROM members WHERE ${joined})`)
  await run(`DELETE FROM invitations WHERE member_id IN (SELECT id FROM members WHERE ${joined})`)
  await run(
    `INSERT INTO users (id, email, email_key, created_at) SELECT 'user-' || id, email, email_key, 1 FROM members WHERE ${joined}`,
  )
  await run(`UPDATE members SET status = iif(id GLOB '*04', 'disabled', 'active'), role = iif(id GLOB '*08', 'admin', 'user'),
    user_id = 'user-' || id, joined_at = 1, last_active_at = substr(id, 8) * 60000 WHERE ${joined}`)
}

/** The cast as they were, whatever the call before did to them. */
async function again() {
  const rows = seed({ passwordHash: env.TEST_PASSWORD_HASH, now: Date.now() }).filter(
    (row) => !row.startsWith('INSERT INTO activity'),
  )
  const gone = [
    ...['join_notices', 'join_requests', 'join_proofs', 'join_links', 'presets', 'throttles', 'mail_days'].map(
      (table) => `DELETE FROM ${table}`,
    ),
    "DELETE FROM mails WHERE id NOT GLOB 'x-person-*'",
    "DELETE FROM invitations WHERE id NOT GLOB 'i-person-*'",
    "DELETE FROM members WHERE id NOT GLOB 'person-*'",
    'UPDATE users SET last_tenant_id = NULL',
    "DELETE FROM users WHERE id NOT GLOB 'user-person-*'",
    "DELETE FROM section_defaults WHERE tenant_id = 'acme'",
  ]
  for (const { name } of (await env.USED_TOKENS.list()).keys) await env.USED_TOKENS.delete(name)
  const back = rows.map((row) => row.replace(/^INSERT INTO/, 'INSERT OR IGNORE INTO'))
  await env.DB.batch([...gone, ...back].map((statement) => env.DB.prepare(statement)))
}

async function rowsOf(name: string) {
  await again()
  const client = await callerOf(name)
  const { status } = await call(client, name)
  return status >= 400 ? `${status}` : billed(client)
}

async function rowsOfPage(path: string) {
  const ada = await signedIn('ada')
  const { status } = await ada.get(path)
  return status >= 400 ? `${status}` : billed(ada)
}

const billed = ({ bill }: Client) => (bill.written > 0 ? `${bill.read} / ${bill.written}` : `${bill.read}`)

/** A deployment that has nobody cannot have many. What deletes an agent takes it from every list, and comes last. */
const NAMES = routeNames
  .filter((name) => routeNamed(name).by !== 'founder')
  .toSorted((a, b) => Number(a.includes('agents/:id/delete')) - Number(b.includes('agents/:id/delete')))

const line = (what: string, cells: string[]) => `${what.padEnd(86)}${cells.map((cell) => cell.padStart(16)).join('')}`
const isFlat = (cells: string[]) => {
  const [first = 0, last = 0] = [cells.at(-2), cells.at(-1)].map((cell) => Number(cell?.split(' ')[0]))
  return last - first <= FLAT
}

it('prints what every route reads and writes among 60, 10,000 and 100,000 people', { timeout: 3_600_000 }, async () => {
  const table = new Map<string, string[]>([...NAMES, ...ORDERED].map((what) => [what, []]))
  // So many may not be pending by default.
  Object.assign(env, { MAX_PENDING: '1000000' })
  for (const size of SIZES) {
    await startOver()
    await people(size)
    for (const path of ORDERED) table.get(path)?.push(await rowsOfPage(path))
    for (const name of NAMES) table.get(name)?.push(await rowsOf(name))
  }
  const lines = [...table].map(([what, cells]) => line(what, cells) + (isFlat(cells) ? '' : '  grows'))
  console.info([line('rows read, or read / written, in a workspace of', SIZES.map(String)), ...lines].join('\n'))
  expect(table.size).toBe(NAMES.length + ORDERED.length)
})
