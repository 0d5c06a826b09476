import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { all, one, run } from '../../../test/database'
import { scansOf } from '../../../test/plan'
import { connect } from '../../db/connect'
import { type Link, PAGE_ROWS } from '../core/paging'
import { type Filter, MEMBER_STATES, type MemberState, memberOf, membersPage, type Status, toMembers } from './member'

const db = connect(env.DB)
const at = (now = Date.now()) => ({ db, secretHash: '', tenantId: 'acme', now })
const EVERYBODY: Filter = { q: '', status: undefined, role: undefined, cursor: '' }
const STATES: Status[] = [...MEMBER_STATES, 'attention', 'no_factor']

const FILTERS: Filter[] = ['', 'a'].flatMap((q) =>
  [undefined, ...STATES].flatMap((status) =>
    ([undefined, 'admin', 'user'] as const).flatMap((role) =>
      [{ cursor: '' }, { cursor: 'bob@acme.test' }, { cursor: '', before: 'bob@acme.test' }].map((place) => ({
        q,
        status,
        role,
        ...place,
      })),
    ),
  ),
)

/** `count` active people, named so that they come between the seeded ones. */
const crowd = (tenant: string, count: number) =>
  env.DB.batch([
    env.DB.prepare(`
      INSERT INTO users (id, email, email_key, name, created_at)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      SELECT format('${tenant}-u%05d', i), format('c%05d@${tenant}.test', i), format('c%05d@${tenant}.test', i), format('Crowd %d', i), 1 FROM n`),
    env.DB.prepare(`
      INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      SELECT 'm-' || id, '${tenant}', id, email, email_key, 'user', 'active', 'all', 1, 1 FROM users WHERE id GLOB '${tenant}-u*'`),
  ])

const page = async (filter: Partial<Filter>, now = Date.now()) =>
  toMembers(await membersPage(at(now), { ...EVERYBODY, ...filter }), now, { cursor: '', ...filter })
const addresses = async (filter: Partial<Filter>) => (await page(filter)).members.map(({ email }) => email)

describe('the user table', () => {
  it('walks through no table, whatever the filter', async () => {
    const { sql, params } = memberOf(at(), 'pia').toSQL()
    expect(await scansOf(sql, params)).toEqual([])
    for (const filter of FILTERS) {
      const { sql, params } = membersPage(at(), filter).toSQL()
      expect(await scansOf(sql, params), JSON.stringify(filter)).toEqual([])
    }
  })

  it.each<Partial<Filter>>([{}, { status: 'active' }, { role: 'user' }, { cursor: 'c00040@acme.test' }])(
    'reads no more rows of a large workspace than of a small one, with %o',
    async (filter) => {
      const cost = async () => {
        const { sql, params } = membersPage(at(), { ...EVERYBODY, ...filter }).toSQL()
        return (
          await env.DB.prepare(sql)
            .bind(...params)
            .run()
        ).meta.rows_read
      }
      await crowd('acme', 150)
      const small = await cost()
      await run("DELETE FROM members WHERE user_id GLOB 'acme-u*'")
      await run("DELETE FROM users WHERE id GLOB 'acme-u*'")
      await crowd('acme', 3000)

      expect(small).toBeGreaterThan(PAGE_ROWS)
      expect(await cost()).toBeLessThanOrEqual(small * 1.05)
    },
  )

  it('has pages that hold everybody once, in the order of their addresses, and nobody of another workspace', async () => {
    await crowd('acme', 120)
    await crowd('globex', 120)
    const seen: string[] = []
    const sizes: number[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { members, paging }: Awaited<ReturnType<typeof page>> = await page({ cursor })
      seen.push(...members.map(({ email }) => email))
      sizes.push(members.length)
      cursor = paging.next?.cursor
    }

    expect(sizes).toEqual([PAGE_ROWS, PAGE_ROWS, 24])
    const everybody = await all<{ email: string }>("SELECT email FROM members WHERE tenant_id = 'acme' ORDER BY email_key")
    expect(seen).toEqual(everybody.map(({ email }) => email))
  })

  it.each<Partial<Filter>>([{}, { status: 'active' }, { status: 'expired' }])(
    'is read backwards as it was read forwards, and its numbers agree, with %o',
    async (filter) => {
      await crowd('acme', 120)
      const now = Date.now() + 5 * 86_400_000
      const walk = (link: Partial<Filter>) => page({ ...filter, ...link }, now)
      const forwards = [await walk({})]
      const linkTo = ({ row, ...link }: Link) => ({ ...link, row: Number(row ?? 1) })
      for (let last = forwards.at(-1); last?.paging.next; last = forwards.at(-1))
        forwards.push(await walk(linkTo(last.paging.next)))
      const backwards = forwards.slice(-1)
      for (let [first] = backwards; first?.paging.previous; [first] = backwards)
        backwards.unshift(await walk(linkTo(first.paging.previous)))

      const shown = (pages: typeof forwards) =>
        pages.map(({ members, paging: { from, until } }) => [members.map(({ id }) => id), from, until])
      expect(shown(backwards)).toEqual(shown(forwards))
      expect(forwards.at(-1)?.paging.until).toBe(forwards.flatMap(({ members }) => members).length)
    },
  )

  it.each<[Partial<Filter>, string[]]>([
    [{ status: 'active' }, ['ada@acme.test', 'bob@acme.test']],
    [{ status: 'disabled' }, ['dov@acme.test']],
    [{ status: 'pending' }, ['pia@acme.test']],
    [{ status: 'expired' }, []],
    [{ role: 'admin' }, ['ada@acme.test']],
    [{ role: 'user', status: 'active' }, ['bob@acme.test']],
    [{ q: 'BOB' }, ['bob@acme.test']],
    [{ q: 'okafor' }, ['bob@acme.test']],
    [{ q: 'cat' }, []],
    [{ q: '%' }, []],
    [{ q: '_' }, []],
    [{ q: "' OR 1=1 --" }, []],
  ])('with %o shows %o', async (filter, expected) => {
    expect(await addresses(filter)).toEqual(expected)
  })

  it('calls a pending person expired from the moment their link expires, without a job', async () => {
    const link = await one<{ expires_at: number }>("SELECT expires_at FROM invitations WHERE member_id = 'pia'")
    const at = link?.expires_at ?? 0
    const stateAt = async (now: number) => (await page({ q: 'pia' }, now)).members[0]?.state
    const listedAt = async (status: MemberState, now: number) => (await page({ status }, now)).members.map(({ id }) => id)

    expect([await stateAt(at - 1), await stateAt(at)]).toEqual(['pending', 'expired'])
    expect([await listedAt('pending', at - 1), await listedAt('expired', at - 1)]).toEqual([['pia'], []])
    expect([await listedAt('pending', at), await listedAt('expired', at)]).toEqual([[], ['pia']])
  })
})
