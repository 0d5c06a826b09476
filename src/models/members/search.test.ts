import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { all, run } from '../../../test/database'
import { named } from '../../../test/people'
import { connect } from '../../db/connect'
import { needlesOf } from '../core/search-key'
import { type Filter, membersPage, toMembers } from './member'

const at = { db: connect(env.DB), secretHash: '', tenantId: 'acme', now: Date.now() }
const NOBODY_YET: Filter = { q: '', status: undefined, role: undefined, cursor: '' }
const page = async (filter: Partial<Filter>) =>
  toMembers(await membersPage(at, { ...NOBODY_YET, ...filter }), at.now, { cursor: '', ...filter })
const idsOf = ({ members }: Awaited<ReturnType<typeof page>>) => members.map(({ id }) => id)

async function pages(filter: Partial<Filter>) {
  const seen: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const next: Awaited<ReturnType<typeof page>> = await page({ ...filter, cursor })
    seen.push(...idsOf(next))
    cursor = next.paging.next?.cursor
  }
  return seen
}

/** Of all who are there: those whose key has what was typed, in the order of their addresses. */
async function expected({ q = '', status, role }: Partial<Filter>) {
  const rows = await all<{ id: string; key: string; address: string }>(
    `SELECT m.id, m.search_key AS key, m.email_key AS address FROM members m LEFT JOIN invitations i ON i.member_id = m.id
      WHERE m.tenant_id = 'acme' AND (?1 = '' OR m.status = ?1 AND (?1 <> 'pending' OR i.expires_at > ?3)) AND (?2 = '' OR m.role = ?2)
      ORDER BY m.email_key`,
    status ?? '',
    role ?? '',
    at.now,
  )
  return rows.filter(({ key }) => needlesOf(q).every((needle) => key.includes(needle)))
}

async function expectFound(filter: Partial<Filter>) {
  const people = await expected(filter)
  const ids = people.map(({ id }) => id)
  expect(await pages(filter), filter.q).toEqual(ids)
  for (const i of [30, 60, ids.length - 1].filter((i) => people[i])) {
    const before = await page({ ...filter, before: people[i]?.address })
    expect(idsOf(before), `${filter.q} before ${i}`).toEqual(ids.slice(Math.max(0, i - 50), i))
  }
  return ids.length
}

/** Half of them share a domain, a quarter one with a name beyond ASCII, and everybody else has one of their own; who comes last is called Zoe. */
const person = (i: number) => {
  const number = `${i}`.padStart(4, '0')
  const domain = i % 4 < 2 ? 'acme.test' : i % 4 === 2 ? 'bücher.example' : `shop${number}.example`
  const first = i >= 800 ? 'zoe' : ['ada', 'jürg', 'nick@home', 'mo'][i % 4]
  return {
    id: `p-${number}`,
    email: `${i >= 800 ? 'zoe' : 'ab'}.${number}@${domain}`,
    name: i % 3 ? `${first} Marsh-${i % 7}` : null,
  }
}

describe('however many are found', () => {
  beforeEach(async () => {
    await named(Array.from({ length: 1500 }, (_, i) => person(i)))
    await run("UPDATE members SET role = 'admin' WHERE id GLOB 'p-*7'")
    await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
      SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, iif(id GLOB '*1', 2, 9999999999999)
      FROM members WHERE id GLOB 'p-*' AND status = 'pending'`)
  })

  const TYPED = [
    ...['zoe', 'ada', 'nick@home', '@home', 'home', 'arsh', 'marsh-3 zoe', 'z', 'zo', 'm', 'm a', 'jurg', 'nobody at all'],
    ...[
      'acme.test',
      '@acme',
      'test',
      'bücher',
      'xn--bch',
      'cher.ex',
      'example',
      'shop',
      'shop0003',
      'shop0003.example',
      '.example',
      'est',
    ],
    ...[
      '0004@acme',
      '4@ac',
      '@',
      'zoe.0801@acme.test',
      '1@',
      'zoe acme.test',
      'acme.test shop',
      'acme zoe marsh 12 x 3',
      '.08',
      'ab.00',
    ],
  ]

  it.each<Partial<Filter>>([{}, { status: 'pending' }, { status: 'active', role: 'admin' }])(
    'the pages hold each of them once, in order, and nobody else, with %o',
    async (filter) => {
      for (const q of TYPED) await expectFound({ ...filter, q })
    },
  )

  it('whatever part of a word was typed, and of another', async () => {
    const keys = (await expected({})).map(({ key }) => key)
    const part = fc
      .tuple(fc.constantFrom(...keys), fc.nat(60), fc.integer({ min: 1, max: 24 }))
      .map(([key, at, length]) => key.trim().slice(at % key.length, (at % key.length) + length))
    const typed = fc.oneof(
      { weight: 3, arbitrary: part },
      { weight: 1, arbitrary: fc.tuple(part, part).map((parts) => parts.join(' ')) },
    )
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        fc.pre(needlesOf(q).length > 0)
        const ids = (await expected({ q })).map(({ id }) => id)
        expect(idsOf(await page({ q })), q).toEqual(ids.slice(0, 50))
      }),
      { numRuns: 150 },
    )
  })

  it('as long as the pieces of some are still to come', async () => {
    await run("UPDATE members SET search_form = 0 WHERE id = 'p-1499'")
    await run('DELETE FROM search_pieces')
    for (const q of ['zoe', 'acme.test', 'zoe.1499', 'z']) expect(await expectFound({ q }), q).toBeGreaterThan(0)
  })
})
