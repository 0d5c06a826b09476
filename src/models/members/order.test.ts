import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { all, run } from '../../../test/database'
import { named, rowsReadBy } from '../../../test/people'
import { scansOf } from '../../../test/plan'
import { connect } from '../../db/connect'
import { needlesOf } from '../core/search-key'
import { type Filter, membersPage, toMembers } from './member'
import { DIRECTIONS, ORDERS } from './order'

const at = { db: connect(env.DB), secretHash: '', tenantId: 'acme', now: Date.now() }
const ALL: Filter = { q: '', status: undefined, role: undefined, cursor: '' }
const page = async (filter: Filter) => toMembers(await membersPage(at, filter), at.now, filter)

/** Every page from the first on, by the links that lead from one to the next. */
async function forth(filter: Filter) {
  const pages = [await page(filter)]
  for (let next = pages[0]?.paging.next; next; next = pages.at(-1)?.paging.next)
    pages.push(await page({ ...filter, cursor: next.cursor ?? '', row: Number(next.row) }))
  return pages
}

const person = (i: number) => ({
  id: `p-${`${i}`.padStart(4, '0')}`,
  email: `${String.fromCharCode(97 + ((i * 7) % 26))}${i}@acme.test`,
  name: i % 3 ? `${['Ágnes', 'bo', 'Çelik', 'dana'][i % 4]} ${i % 5}` : null,
})

const EACH = ORDERS.flatMap((order) => DIRECTIONS.map((dir) => ({ order, dir })))
const FILTERS: Partial<Filter>[] = [
  {},
  { status: 'active' },
  { role: 'admin' },
  { role: 'user' },
  { status: 'pending' },
  { status: 'disabled', role: 'user' },
  { status: 'attention' },
  { status: 'expired' },
  { status: 'ended' },
  { status: 'ended', q: 'acme.test' },
  { status: 'no_factor' },
  { status: 'no_factor', q: 'acme.test', role: 'user' },
  { q: 'acme.test' },
  { q: 'bo' },
  { q: 'bo 3', role: 'admin' },
  { q: 'acme', status: 'pending' },
]

type Row = Record<'id' | 'search_key' | 'email_key' | 'status' | 'role' | 'name' | 'sort_name', string> &
  Record<'seen' | 'created_at' | 'troubled' | 'factors', number>

describe('the user table in every order and direction, for every filter', () => {
  beforeEach(async () => {
    await named(Array.from({ length: 240 }, (_, i) => person(i)))
    await run("UPDATE members SET status = 'disabled' WHERE id GLOB 'p-*7' AND status = 'active'")
    await run("UPDATE members SET status = 'ended' WHERE id GLOB 'p-*5' AND status = 'active'")
    await run("UPDATE members SET ends_at = 1 WHERE id GLOB 'p-*8' AND status = 'active'")
    await run("UPDATE members SET role = 'admin' WHERE id GLOB 'p-*1' OR id GLOB 'p-*20'")
    await run("UPDATE users SET factors = 1 WHERE id IN (SELECT user_id FROM members WHERE id GLOB 'p-*[46]')")
    await run("UPDATE members SET created_at = 1000 + unicode(email_key) * 7 % 40 WHERE id GLOB 'p-*'")
    await run(
      "UPDATE members SET last_active_at = 5000 + length(id) * 13 + unicode(email_key) % 9 WHERE id GLOB 'p-*2' AND user_id IS NOT NULL",
    )
    await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
      SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, iif(id GLOB '*3', 2, 9999999999999)
      FROM members WHERE id GLOB 'p-*' AND status = 'pending'`)
  })

  /** Sorted here, by what the page shows. */
  async function expected(filter: Filter) {
    const rows = await all<Row>(
      `SELECT m.*, iif(m.status = 'active' AND m.ends_at = 1, 'ended', m.status) AS status, m.sort_name, coalesce(m.last_active_at, m.joined_at, 0) AS seen, coalesce(i.expires_at <= ?, 0) AS troubled,
        coalesce((SELECT factors FROM users u WHERE u.id = m.user_id), 0) AS factors,
        coalesce((SELECT name FROM users u WHERE u.id = m.user_id), m.invited_name) AS name
       FROM members m LEFT JOIN invitations i ON i.member_id = m.id AND i.state = 'open' WHERE m.tenant_id = 'acme'`,
      at.now,
    )
    return rows.filter((row) => matches(row, filter)).toSorted((a, b) => compared(a, b, filter) * (filter.dir === 'desc' ? -1 : 1))
  }

  function matches({ status, role, search_key, troubled, factors, id }: Row, filter: Filter) {
    const others = { expired: troubled, attention: troubled || id === 'pia', no_factor: status === 'active' && factors === 0 }
    const other = Object.entries(others).find(([name]) => name === filter.status)
    const asked = other ? other[1] : !filter.status || status === filter.status
    const works = filter.status !== 'pending' || !troubled
    const found = needlesOf(filter.q).every((needle) => search_key.includes(needle))
    return asked && works && found && (!filter.role || role === filter.role)
  }

  const order = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0)
  const KEYS = {
    address: () => 0,
    name: (row: Row) => row.sort_name,
    role: ({ role }: Row) => role,
    active: ({ seen }: Row) => seen,
    invited: ({ created_at }: Row) => created_at,
  }
  const compared = (a: Row, b: Row, { order: by = 'address' }: Filter) =>
    order(KEYS[by](a), KEYS[by](b)) || order(a.email_key, b.email_key)

  it.each(EACH)('$order $dir', async (ordering) => {
    for (const narrowed of FILTERS) {
      const filter = { ...ALL, ...narrowed, ...ordering }
      const ids = (await expected(filter)).map(({ id }) => id)
      const pages = await forth(filter)
      expect(
        pages.flatMap(({ members }) => members.map(({ id }) => id)),
        JSON.stringify(filter),
      ).toEqual(ids)
      const [first, second, third] = pages
      if (!third) continue
      const back = await page({ ...filter, cursor: '', ...third.paging.previous, row: 51 })
      expect(
        back.members.map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual(second?.members.map(({ id }) => id))
      expect(first?.paging).toMatchObject({ from: 1, until: 50 })
      expect(second?.paging).toMatchObject({ from: 51, until: 100, previous: {} })
    }
  })

  it.each(EACH)('$order $dir, where many are found', async (ordering) => {
    await named(Array.from({ length: 900 }, (_, i) => person(240 + i)))
    for (const narrowed of [
      { q: 'acme.test' },
      { q: 'bo 3' },
      { q: 'bo', role: 'user' },
      { q: 'dana', status: 'active' },
    ] as const) {
      const filter = { ...ALL, ...narrowed, ...ordering }
      const pages = await forth(filter)
      const ids = (await expected(filter)).map(({ id }) => id)
      expect(
        pages.flatMap(({ members }) => members.map(({ id }) => id)),
        JSON.stringify(filter),
      ).toEqual(ids)
    }
  })

  it.each(EACH)('$order $dir walks through no table', async (ordering) => {
    for (const narrowed of FILTERS) {
      const { sql, params } = membersPage(at, { ...ALL, ...narrowed, ...ordering, cursor: '5 bo' }).toSQL()
      expect(await scansOf(sql, params), JSON.stringify(narrowed)).toEqual([])
    }
  })
})

describe('where more are in trouble than are looked up', () => {
  beforeEach(async () => {
    for (const from of [0, 1000, 2000]) await named(Array.from({ length: 1000 }, (_, i) => ({ ...person(from + i), name: null })))
    await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
      SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, iif(id GLOB '*[02468]', 2, 9999999999999)
      FROM members WHERE id GLOB 'p-*'`)
  })

  it.each(['expired', 'attention', 'pending'] as const)('the pages hold each of them once, in order: %s', async (status) => {
    for (const ordering of [{ order: 'name' }, { order: 'address', dir: 'desc' }, { order: 'address', q: 'acme.test' }] as const) {
      const pages = await forth({ ...ALL, status, ...ordering })
      const ids = pages.flatMap(({ members }) => members.map(({ id }) => id)).filter((id) => id !== 'pia')
      const sorted = await all<{ id: string }>(
        `SELECT id FROM members WHERE id GLOB 'p-*[${status === 'pending' ? '13579' : '02468'}]' ORDER BY email_key ${'dir' in ordering ? 'DESC' : ''}`,
      )
      expect(ids, JSON.stringify(ordering)).toEqual(sorted.map(({ id }) => id))
    }
  })

  it.each(['expired', 'attention', 'pending'] as const)('a page reads no more of them all: %s', async (status) => {
    expect(await rowsReadBy(membersPage(at, { ...ALL, status, order: 'name' }))).toBeLessThan(3000)
  })
})

describe('the name that people are sorted by', () => {
  const sortedBy = async (email: string, name: string | null) => {
    await named([{ id: 'p', email, name }])
    return (await all<{ sort_name: string }>("SELECT sort_name FROM members WHERE id = 'p'"))[0]?.sort_name
  }

  it.each([
    ['zoe@acme.test', 'Ágnes Nagy', 'agnes nagy'],
    ['zoe@acme.test', null, 'zoe@acme.test'],
    ['zoe@bücher.example', 'Zoe Marsh', 'zoe marsh'],
    ['zoe@bücher.example', null, 'zoe@xn--bcher-kva.example'],
    ['zoe@acme.test', 'x'.repeat(80), 'x'.repeat(50)],
  ])('of %s, %s is %s', async (email, name, key) => {
    expect(await sortedBy(email, name)).toBe(key)
  })
})

it('what a page reads does not depend on how many people there are', async () => {
  const narrowings = [{}, { status: 'active' }, { role: 'admin' }, { role: 'user' }, { status: 'disabled' }] as const
  const asked = EACH.flatMap((ordering) =>
    narrowings.flatMap((narrowed) => ['', 'k0@acme.test'].map((cursor) => ({ ...ALL, ...ordering, ...narrowed, cursor }))),
  )
  const reads: number[][] = []
  for (const size of [0, 1]) {
    await named(Array.from({ length: 2000 }, (_, i) => person(size * 2000 + i)))
    reads.push(await Promise.all(asked.map((filter) => rowsReadBy(membersPage(at, filter)))))
  }
  const [few = [], many = []] = reads
  for (const [i, filter] of asked.entries()) expect(many[i], JSON.stringify(filter)).toBeLessThanOrEqual((few[i] ?? 0) + 60)
  expect(Math.max(...many)).toBeLessThan(900)
})
