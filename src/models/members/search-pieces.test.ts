import { reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, personActOf, somebody, typed, viewerNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { named } from '../../../test/people'
import { expectInStep } from '../../../test/pieces'
import { connect } from '../../db/connect'
import type { MemberAct } from '../core/act'
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

const rows = async () =>
  (await one<{ n: number }>('SELECT (SELECT count(*) FROM search_pieces) + (SELECT count(*) FROM member_domains) AS n'))?.n ?? 0

const NOBODY_YET: Filter = { q: '', status: undefined, role: undefined, cursor: '' }
async function found(q: string, filter: Partial<Filter> = {}) {
  const now = Date.now()
  const page = toMembers(await membersPage({ db, secretHash: '', tenantId: 'acme', now }, { ...NOBODY_YET, ...filter, q }), now)
  return page.members.map(({ id }) => id)
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

describe('words that are not plain', () => {
  it('have their pieces too: both forms of a domain, an address for a name, two letters that are a word, and many of them', async () => {
    await named([
      { id: 'one', email: 'jürg@Bücher.example', name: '王小明 nick@home' },
      { id: 'two', email: 'x@xn--bcher-kva.example', name: 'x@y@z @at a@' },
      { id: 'three', email: `${'ab'.repeat(32)}@acme.test`, name: 'Å '.repeat(40) },
      { id: 'four', email: 'q1@acme.test', name: '"\\" [x, {y' },
    ])
    await expectInStep()
    await run("UPDATE members SET search_key = ' q1@acme.test nick@home', search_form = 0 WHERE id = 'four'")
    await rekeyPeople(db)
    await run("DELETE FROM members WHERE id IN ('one', 'two', 'three')")
    await expectInStep()
  })
})

describe('the migration', () => {
  const before = (name: string) => name < '0018'
  const statements = (which: (name: string) => boolean) =>
    env.TEST_MIGRATIONS.filter(({ name }) => which(name)).flatMap(({ queries }) => queries.map((query) => env.DB.prepare(query)))

  it('makes the pieces of whoever is there', async () => {
    await reset()
    await env.DB.batch(statements(before))
    await run("INSERT INTO tenants (id, name, created_at) VALUES ('acme', 'Acme', 1)")
    await named([
      { id: 'one', email: 'nora.new@acme.test', name: 'Nora New' },
      { id: 'two', email: 'jürg@bücher.example', name: null },
    ])
    await env.DB.batch(statements((name) => !before(name)))
    await expectInStep()
    expect(await found('new@ac')).toEqual(['one'])
  })

  it('leaves the release before it a view to search, until it is replaced', async () => {
    const terms =
      "SELECT DISTINCT member_id AS id FROM search_terms WHERE tenant_id = 'acme' AND term >= ?1 AND term < ?1 || char(1114111) ORDER BY 1"
    expect(await all(terms, 'okaf')).toEqual([{ id: 'bob' }])
    expect((await all(terms, 'acme.t')).length).toBe((await all("SELECT 1 FROM members WHERE tenant_id = 'acme'")).length)
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

it('an invitation writes a row for each letter before the @ and one for the domain, a name only what the address has not', async () => {
  const before = await rows()
  const nell = await invitee(ada, 'nell.oduya@acme.test')
  expect((await rows()) - before).toBe(11)

  const { meta } = await run("UPDATE members SET search_key = search_key || ' nell oduya' WHERE id = ?", nell.memberId)
  // Theirs, and their place in the order of names.
  expect(meta.rows_written).toBe(3)
})
