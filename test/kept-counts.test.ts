import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { erase } from '../bin/person-statements'
import { connect } from '../src/db/connect'
import { accept } from '../src/models/invitations/acceptance'
import { countsOf, storedCounts, troubleCounts } from '../src/models/members/counts'
import { endMemberships } from '../src/models/members/ending'
import { type Filter, MEMBER_STATES, membersPage, toMembers } from '../src/models/members/member'
import { somebody } from './cast'
import { type Client, signedIn } from './client'
import { counted } from './counted'
import { all, one, run } from './database'
import { startOver } from './world'

const USERS = '/w/acme/access/users'
const PEOPLE = ['ann@acme.test', 'bob@acme.test', 'pia@acme.test'] as const
type Address = (typeof PEOPLE)[number]

/** How D1 fails: a round trip is undone, never reaches it, or its answer is lost. */
const FAULTS = ['none', 'undone', 'refused', 'lost'] as const
type Fault = { fails: number; how: (typeof FAULTS)[number] }

const trouble = () => new Error('D1_ERROR: Network connection lost.')
const failing = ({ fails, how }: Fault) =>
  connect(counted(env.DB, how === 'none' ? 0 : fails, how === 'undone' ? undefined : trouble, { times: 9, after: how === 'lost' }))

/** A post of an admin, whatever is answered. */
async function post(client: Client, path: string, fields: Record<string, string>, { fails, how }: Fault) {
  Object.assign(client, { failsAt: how === 'none' ? 0 : fails, failure: how === 'undone' ? undefined : trouble })
  client.spell = { after: how === 'lost' }
  await client.post(path, fields)
}

const idOf = async (address: string) =>
  (await one<{ id: string }>("SELECT id FROM members WHERE tenant_id = 'acme' AND email_key = ?", address))?.id ?? 'nobody'

type Step = (address: Address, fault: Fault, ada: Client) => Promise<unknown>
const onMember =
  (change: string, fields: Record<string, string> = {}): Step =>
  async (address, fault, ada) =>
    post(ada, `${USERS}/${await idOf(address)}/${change}`, fields, fault)

const STEPS: Record<string, Step> = {
  'is invited': (email, fault, ada) => post(ada, '/w/acme/access/invitations', { email, role: 'user' }, fault),
  'is invited as an admin': (email, fault, ada) => post(ada, '/w/acme/access/invitations', { email, role: 'admin' }, fault),
  accepts: async (address, fault) => {
    const open = await one<{ jti: string }>(
      "SELECT i.jti FROM invitations i JOIN members m ON m.id = i.member_id WHERE m.email_key = ? AND i.state = 'open'",
      address,
    )
    return accept({ ...somebody(), db: failing(fault) }, open?.jti ?? '', { passwordHash: 'x', name: null })
  },
  'is cancelled or deleted': onMember('delete'),
  'is disabled': onMember('disable'),
  'is enabled': onMember('enable'),
  'is an admin': onMember('role', { role: 'admin' }),
  'is a user': onMember('role', { role: 'user' }),
  'is sent another': onMember('resend'),
  'is taken back': async (_, fault, ada) => {
    const newest = await one<{ id: string }>("SELECT id FROM undos WHERE admin_id = 'ada' ORDER BY created_at DESC LIMIT 1")
    await post(ada, `/w/acme/access/undo/${newest?.id}`, {}, fault)
  },
  'has a second factor': (address) =>
    run(
      `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
      SELECT lower(hex(randomblob(8))), id, 'passkey', 'key', 1, 1 FROM users WHERE email_key = ?`,
      address,
    ),
  'has none': (address) =>
    run("DELETE FROM credentials WHERE kind = 'passkey' AND user_id = (SELECT id FROM users WHERE email_key = ?)", address),
  bounces: (address) => run("UPDATE mails SET state = 'bounced' WHERE to_key = ?", address),
  expires: (address) =>
    run(
      'UPDATE invitations SET created_at = 0, expires_at = 1 WHERE member_id = (SELECT id FROM members WHERE email_key = ?)',
      address,
    ),
  'comes to an end': (address) =>
    run("UPDATE members SET ends_at = 1 WHERE email_key = ? AND role = 'user' AND status = 'active'", address),
  'is moved by the Cron': (_, fault) => endMemberships({ ...somebody(), db: failing(fault) }),
  leaves: async (_, fault) => post(await signedIn('bob'), '/w/acme/leave', {}, fault),
  'is erased': (address) => env.DB.batch(erase(address).map((statement) => env.DB.prepare(`${statement}`))),
}

async function expectKept() {
  const kept = await all('SELECT * FROM member_counts WHERE people > 0 ORDER BY tenant_id, status, role')
  const counted = `
    SELECT m.tenant_id, m.status, m.role, count(*) AS people, sum(coalesce(u.factors, 0) = 0) AS lacking
    FROM members m LEFT JOIN users u ON u.id = m.user_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
  expect(kept).toEqual(await all(counted))
}

/** What the chips say is what each of them lists, of everybody and of one role. */
async function expectShown() {
  const at = { db: connect(env.DB), secretHash: '', tenantId: 'acme', now: Date.now() }
  for (const role of [undefined, 'admin', 'user'] as const) {
    const counts = countsOf(await storedCounts(at), await troubleCounts(at, role), role)
    for (const status of [undefined, 'attention', 'no_factor', ...MEMBER_STATES] as const) {
      const filter: Filter = { q: '', status, role, cursor: '' }
      const { members } = toMembers(await membersPage(at, filter), at.now, filter)
      const count = counts[status ?? 'all']
      if (count !== undefined) expect(count, `${status} ${role}`).toBe(members.length)
    }
  }
}

const step = fc.record({
  what: fc.constantFrom(...Object.keys(STEPS)),
  who: fc.constantFrom(...PEOPLE),
  fault: fc.record({ fails: fc.constantFrom(1, 2, 2, 2), how: fc.constantFrom('none', 'none', ...FAULTS) }),
})

/** Of which is certain that the counts were looked at after a change, and after one whose answer was lost. */
const CERTAIN: { what: string; who: Address; fault: { fails: 1 | 2; how: Fault['how'] } }[] = [
  { what: 'is cancelled or deleted', who: 'pia@acme.test', fault: { fails: 2, how: 'none' } },
  { what: 'is disabled', who: 'bob@acme.test', fault: { fails: 2, how: 'lost' } },
]

it('the kept counts are those of the members after whatever happens to them, also while D1 fails', {
  timeout: 120_000,
}, async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const changes = { none: 0, undone: 0, refused: 0, lost: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 24 }), async (steps) => {
      await startOver()
      const ada = await signedIn('ada')
      for (const { what, who, fault } of steps) {
        const before = JSON.stringify(await all('SELECT id, status, role, has_factor FROM members'))
        await Promise.resolve(STEPS[what]?.(who, fault, ada)).catch(() => undefined)
        if (JSON.stringify(await all('SELECT id, status, role, has_factor FROM members')) !== before) changes[fault.how]++
        await expectKept()
      }
      await expectShown()
    }),
    { numRuns: 8, examples: [[CERTAIN]] },
  )
  expect(changes.none).toBeGreaterThan(0)
  expect(changes.lost).toBeGreaterThan(0)
  vi.restoreAllMocks()
})
