import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, personActOf, somebody, typed, viewerNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { people } from '../../../test/people'
import { connect } from '../../db/connect'
import type { MemberAct } from '../core/act'
import { needlesOf, personKey } from '../core/search-key'
import { rename } from '../identity/account'
import { accept } from '../invitations/acceptance'
import { changeAddress } from '../invitations/address-change'
import { cancel } from '../invitations/cancel'
import { rekeyPeople } from '../workspace/rekey'
import { type Filter, membersPage, toMembers } from './member'

const db = connect(env.DB)
let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

const NOBODY_YET: Filter = { q: '', status: undefined, role: undefined, cursor: '' }
async function found(q: string, filter: Partial<Filter> = {}) {
  const now = Date.now()
  const page = toMembers(await membersPage({ db, secretHash: '', tenantId: 'acme', now }, { ...NOBODY_YET, ...filter, q }), now)
  return page.members.map(({ id }) => id)
}

/** Every key is what the Worker makes of name and address, and the index holds every piece of every key and no other. */
async function expectInStep() {
  type Row = { email: string; name: string | null; key: string; form: number }
  const rows = await all<Row>(
    `SELECT m.email, coalesce(u.name, m.invited_name) AS name, m.search_key AS key, m.search_form AS form
      FROM members m LEFT JOIN users u ON u.id = m.user_id`,
  )
  for (const row of rows) expect(row, row.email).toMatchObject({ key: personKey(row), form: 1 })
  const ordered = (table: string) => all(`SELECT tenant_id, term, member_id FROM ${table} ORDER BY 1, 2, 3`)
  const distinct = await all('SELECT DISTINCT tenant_id, term, member_id FROM member_terms ORDER BY 1, 2, 3')
  expect(await ordered('search_terms')).toEqual(distinct)
}

describe('whatever writes a name or an address', () => {
  it('keeps what the person is found by: invitation, another address, acceptance with a name and without one, and a new name', async () => {
    await expectInStep()
    const [asa, oleg] = [await invitee(ada, 'Asa@Bücher.example'), await invitee(ada, 'oleg@acme.test')]
    await expectInStep()
    expect(await found('bucher')).toEqual([asa.memberId])

    await changeAddress(ada, asa.memberId, typed('asa@acme.test'), NO_CAPS)
    await expectInStep()
    expect([await found('bucher'), await found('asa@acme')]).toEqual([[], [asa.memberId]])

    const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", asa.memberId)
    expect(await accept(somebody(), open?.jti ?? '', { passwordHash: 'x', name: 'Åsa Öberg' })).toBe(true)
    expect(await accept(somebody(), oleg.jti, { passwordHash: 'x', name: null })).toBe(true)
    await expectInStep()
    expect(await found('oberg ÅSA')).toEqual([asa.memberId])

    await rename(personActOf(await viewerNamed('bob')), 'Робер Окафор')
    await expectInStep()
    expect([await found('bob okafor'), await found('робер')]).toEqual([[], ['bob']])
  })

  it('keeps it in every workspace of a person who joins with an account, and has another name then', async () => {
    const cat = await actNamed('cat')
    const again = await invitee(cat, 'bob@acme.test')
    expect(await accept(somebody(), again.jti, { userId: 'user-bob', name: 'Bob Okafor' })).toBe(true)
    await expectInStep()
    await rename(personActOf(await viewerNamed('bob')), 'Robert')
    await expectInStep()
  })

  it('keeps it of somebody invited under a name, who has another address then and keeps the name', async () => {
    const nora = await invitee(ada, 'nora@acme.tset', 'Nora Néw')
    await expectInStep()
    expect(await found('new nora')).toEqual([nora.memberId])
    await changeAddress(ada, nora.memberId, { ...typed('nora@acme.test'), name: 'Nora Néw' }, NO_CAPS)
    await expectInStep()
    const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", nora.memberId)
    expect(await accept(somebody(), open?.jti ?? '', { passwordHash: 'x', name: 'Nora Néw' })).toBe(true)
    await expectInStep()
  })

  it.each([null, 'Nora Oduya'])(
    'finds somebody at once who joins under another name than they were invited under: %s',
    async (name) => {
      const nora = await invitee(ada, 'nora@acme.test', 'Nora New')
      await accept(somebody(), nora.jti, { passwordHash: 'x', name })
      expect(await found(name ?? 'nora')).toEqual([nora.memberId])
      expect(await rekeyPeople(db)).toBe(1)
      await expectInStep()
      expect(await found('new')).toEqual([])
    },
  )

  it('keeps it where the release before this one accepts', async () => {
    const nora = await invitee(ada, 'nora@acme.test', 'Nora New')
    await run("UPDATE members SET status = 'active', user_id = 'user-cat', joined_at = 1 WHERE id = ?", nora.memberId)
    expect(await one('SELECT invited_name FROM members WHERE id = ?', nora.memberId)).toEqual({ invited_name: null })
    await rekeyPeople(db)
    await expectInStep()
  })

  it('leaves it to the Cron where the account has another name than the one that joined', async () => {
    const again = await invitee(await actNamed('cat'), 'bob@acme.test')
    await accept(somebody(), again.jti, { userId: 'user-bob', name: 'Somebody else' })
    expect(await rekeyPeople(db)).toBe(1)
    await expectInStep()
  })

  it('takes it away with the person', async () => {
    const guest = await invitee(ada)
    await cancel(ada, guest.memberId)
    await expectInStep()
    await run("DELETE FROM members WHERE id = 'bob'")
    await expectInStep()
  })
})

describe('who was written without a key', () => {
  it('is found by their address and name meanwhile, and by all of it after the Cron', async () => {
    await run("UPDATE users SET name = 'Åsa ÖBERG' WHERE id = 'user-bob'")
    await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
      VALUES ('new', 'acme', 'New@acme.test', 'new@acme.test', 'user', 'pending', 'all', 1)`)
    expect(await found('new@acme')).toEqual(['new'])

    expect(await rekeyPeople(db)).toBe(2)
    expect(await rekeyPeople(db)).toBe(0)
    await expectInStep()
    expect(await found('åsa öberg')).toEqual(['bob'])
  })
})

describe('however many are found', () => {
  const everybody = (filter: Partial<Filter>) =>
    all<{ id: string; key: string }>(
      `SELECT id, search_key AS key FROM members WHERE tenant_id = 'acme' AND (?1 = '' OR status = ?1) AND (?2 = '' OR role = ?2) ORDER BY email_key`,
      filter.status ?? '',
      filter.role ?? '',
    )

  async function pages(filter: Partial<Filter>) {
    const [seen, now] = [[] as string[], Date.now()]
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const rows = await membersPage({ db, secretHash: '', tenantId: 'acme', now }, { ...NOBODY_YET, ...filter, cursor })
      const page: ReturnType<typeof toMembers> = toMembers(rows, now)
      seen.push(...page.members.map(({ id }) => id))
      cursor = page.paging.next?.cursor
    }
    return seen
  }

  async function pageBefore(filter: Partial<Filter>, id: string) {
    const now = Date.now()
    const position = { cursor: '', before: `${id}@acme.test` }
    const rows = await membersPage({ db, secretHash: '', tenantId: 'acme', now }, { ...NOBODY_YET, ...filter, ...position })
    return toMembers(rows, now, position).members.map(({ id }) => id)
  }

  it.each<Partial<Filter>>([{}, { role: 'admin' }, { status: 'active' }])(
    'the pages hold each of them once, in order, and nobody else, with %o',
    async (filter) => {
      await people(700)
      await rekeyPeople(db)
      await rekeyPeople(db)
      await run("UPDATE members SET role = 'admin' WHERE id GLOB 'person-*7'")
      const here = await everybody(filter)
      for (const q of ['person-0', '0@acme.test', '07 person', 'p', 'on-0042', 'ada', 'nobody at all']) {
        const expected = here.filter(({ key }) => needlesOf(q).every((needle) => key.includes(needle))).map(({ id }) => id)
        expect(await pages({ ...filter, q }), q).toEqual(expected)
        const before = expected.at(60)
        if (before) expect(await pageBefore({ ...filter, q }, before), q).toEqual(expected.slice(10, 60))
      }
    },
  )
})

it('an invitation writes some twenty rows for it', async () => {
  await invitee(ada, 'nell.oduya@acme.test')
  const terms = await all("SELECT term FROM search_terms WHERE member_id NOT IN ('ada', 'bob', 'dov', 'pia', 'cat')")
  expect(terms).toHaveLength(20)
})
