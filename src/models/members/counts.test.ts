import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { all, run } from '../../../test/database'
import { people, rowsReadBy } from '../../../test/people'
import { startOver } from '../../../test/world'
import { connect } from '../../db/connect'
import { COUNTED, DAY_MS } from '../../limits'
import { countsOf, storedCounts, totalOf, troubleCounts } from './counts'
import { type Filter, MEMBER_STATES, membersPage, type Status } from './member'

const at = { db: connect(env.DB), secretHash: '', tenantId: 'acme', now: Date.now() }
const counts = async (role?: 'admin' | 'user') => countsOf(await storedCounts(at), await troubleCounts(at, role), role)
const listed = async (filter: Partial<Filter>) =>
  (await membersPage(at, { q: '', status: undefined, role: undefined, cursor: '', ...filter })).length

const CHANGES = {
  comes: (id: string) => `INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    VALUES ('${id}', 'acme', '${id}', '${id}', 'user', 'pending', 'all', 1) ON CONFLICT DO NOTHING`,
  joins: (id: string) => `UPDATE members SET status = 'active', user_id = 'user-cat', joined_at = 1 WHERE id = '${id}'
    AND NOT EXISTS (SELECT 1 FROM members WHERE user_id = 'user-cat' AND tenant_id = 'acme')`,
  'is disabled': (id: string) => `UPDATE members SET status = 'disabled' WHERE id = '${id}' AND status = 'active'`,
  ends: (id: string) =>
    `UPDATE members SET status = 'ended', ends_at = 1 WHERE id = '${id}' AND status = 'active' AND role = 'user'`,
  'is an admin': (id: string) => `UPDATE members SET role = 'admin', ends_at = NULL WHERE id = '${id}'`,
  'is a user': (id: string) => `UPDATE members SET role = 'user' WHERE id = '${id}'`,
  'is seen': (id: string) => `UPDATE members SET last_active_at = 1 WHERE id = '${id}'`,
  'has a second factor': (id: string) => `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
    SELECT lower(hex(randomblob(8))), user_id, 'passkey', 'key', 1, 1 FROM members WHERE id = '${id}' AND user_id IS NOT NULL`,
  'has none': (id: string) =>
    `DELETE FROM credentials WHERE kind = 'passkey' AND user_id = (SELECT user_id FROM members WHERE id = '${id}')`,
  goes: (id: string) => `DELETE FROM members WHERE id = '${id}'`,
}
const NAMES = Object.keys(CHANGES) as (keyof typeof CHANGES)[]

async function expectTrue() {
  const kept = await all('SELECT * FROM member_counts WHERE people > 0 ORDER BY tenant_id, status, role')
  const counted = `
    SELECT m.tenant_id, m.status, m.role, count(*) AS people, sum(coalesce(u.factors, 0) = 0) AS lacking
    FROM members m LEFT JOIN users u ON u.id = m.user_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`
  expect(kept).toEqual(await all(counted))
}

describe('the kept counts', () => {
  it('are those of the members after any changes', async () => {
    const change = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('bob', 'dov', 'nell', 'otto'))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 14 }), async (changes) => {
        await startOver()
        await env.DB.batch(changes.map(([name, id]) => env.DB.prepare(CHANGES[name](id))))
        await expectTrue()
      }),
      { numRuns: 25 },
    )
  })

  it('go with their workspace', async () => {
    await run('UPDATE users SET last_tenant_id = NULL')
    await run("DELETE FROM tenants WHERE id = 'globex'")
    await expectTrue()
    expect(await all("SELECT * FROM member_counts WHERE tenant_id = 'globex'")).toEqual([])
  })
})

describe('the counts of the chips', () => {
  it('are how many each of them lists', async () => {
    const statuses: (Status | undefined)[] = [undefined, 'attention', 'no_factor', ...MEMBER_STATES]
    const shown = await counts()
    for (const status of statuses) expect(totalOf(shown, { q: '', status }), status).toBe(await listed({ status }))
  })

  it('tell of each invited person once, by the clock and by their email; Pia’s is late', async () => {
    await invited(await people(4), 'bounced', at.now - 1)
    await invited(await people(3, 4), 'sent', at.now - 1)
    await invited(await people(2, 7), 'bounced', at.now + DAY_MS)
    expect(await counts()).toMatchObject({ all: 13, pending: 1, expired: 3, bounced: 6, attention: 10 })
    expect([await listed({ status: 'pending' }), await listed({ status: 'expired' })]).toEqual([1, 3])
  })

  it('are those of a role as well, as long as all who are in trouble are counted', async () => {
    await invited(await people(3), 'sent', at.now - 1)
    await run("UPDATE members SET role = 'admin' WHERE id = 'person-00001'")
    expect(await counts('admin')).toMatchObject({ all: 2, active: 1, expired: 1, attention: 1, pending: 0 })
    expect(await counts('user')).toMatchObject({ expired: 2, pending: 1 })
    await invited(await people(COUNTED, 3), 'sent', at.now - 1)
    expect((await counts('admin')).expired).toBeUndefined()
    expect((await counts()).expired).toBe('many')
  })

  it('go no further than a thousand for what the clock decides, and read no more', async () => {
    await invited(await people(COUNTED + 500), 'sent', at.now - 1)
    const reads = await rowsReadBy(troubleCounts(at))
    expect(await counts()).toMatchObject({ expired: 'many', attention: 'many', all: COUNTED + 504 })
    expect((await counts()).pending).toBeUndefined()
    await invited(await people(1000, COUNTED + 500), 'sent', at.now - 1)
    expect(await rowsReadBy(troubleCounts(at))).toBe(reads)
  })
})

/** Each with an open invitation and its email. */
async function invited(ids: string[], mailState: string, expiresAt: number) {
  const each = JSON.stringify(ids)
  await run(
    `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
     SELECT 'i-' || value, 'acme', value, 'invite', substr(value || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, ? FROM json_each(?)`,
    expiresAt,
    each,
  )
  await run(
    `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
     SELECT 'x-' || value, 'acme', value, 'invitation', value, value, 'i-' || value, ?, ? FROM json_each(?)`,
    at.now - 60_000,
    mailState,
    each,
  )
}
