import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, typed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { named } from '../../../test/people'
import { connect } from '../../db/connect'
import { DAY_MS, TEXT_PEOPLE } from '../../limits'
import type { MemberAct } from '../core/act'
import { changeAddress } from '../invitations/address-change'
import { cancel } from '../invitations/cancel'
import { remove } from '../members/membership'
import { rekeyFormerPeople } from '../workspace/rekey'
import { activityPage } from './activity'
import { forgetAddresses } from './forget'
import { peopleMeant } from './people'

const db = connect(env.DB)
const at = () => ({ db, secretHash: '', tenantId: 'acme', now: Date.now() })
let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

const meant = async (who: string) => (await peopleMeant(at(), { who })).map(({ id }) => id).toSorted()
const entriesOf = async (who: string) => (await activityPage(at(), { who, kind: 'all' })).map(({ id }) => id)

describe('somebody who has left', () => {
  beforeEach(async () => {
    await run("UPDATE users SET name = 'José Öberg-Lund' WHERE id = 'user-bob'")
    await run("UPDATE members SET search_key = ' bob@acme.test jose oberg-lund', search_form = 1 WHERE id = 'bob'")
    await remove(ada, { id: 'bob' })
  })

  it.each(['bob', 'BOB@acme.test', 'ob@ac', 'josé', 'öberg', 'berg-l', 'lund jose', 'acme.test lund', 'j', '@acme.test oberg'])(
    'is found by %j, as somebody here is',
    async (who) => {
      expect(await meant(who)).toEqual(['bob'])
    },
  )

  it.each(['bobby', 'cat@globex.test', 'lund cat', 'und-', ' ', 'undefined'])('is not found by %j', async (who) => {
    expect(await meant(who)).not.toContain('bob')
  })

  it('is named by what they were called when they left', async () => {
    expect(await peopleMeant(at(), { person: 'bob' })).toEqual([{ id: 'bob', email: 'bob@acme.test', name: 'José Öberg-Lund' }])
  })

  it('is two people who have been invited anew, and the log has the entries of both', async () => {
    const anew = await invitee(ada, 'bob@acme.test')
    const kinds = (await activityPage(at(), { who: 'bob@acme', kind: 'all' })).map(({ kind }) => kind)
    expect(await meant('bob@acme')).toEqual(['bob', anew.memberId].toSorted())
    expect(kinds).toEqual(['invited', 'deleted'])
  })

  it('is nobody in another workspace', async () => {
    expect(await peopleMeant({ ...at(), tenantId: 'globex' }, { who: 'bob' })).toEqual([])
  })
})

it('whoever left before the search knew more than ASCII is found as well, once the Cron has been there', async () => {
  await remove(ada, { id: 'bob' })
  await run("UPDATE former_people SET name = 'Émile ÅKERBLOM', search_key = ' bob@acme.test ', search_form = 0")
  expect(await meant('åkerblom')).toEqual([])
  expect([await rekeyFormerPeople(db), await rekeyFormerPeople(db)]).toEqual([1, 0])
  expect([await meant('akerb'), await meant('emile'), await meant('bob@')]).toEqual([['bob'], ['bob'], ['bob']])
  await run("UPDATE activity SET member_email = '' WHERE member_id = 'bob'")
  expect(await all('SELECT * FROM former_pieces')).toEqual([])
})

describe('what is kept of somebody who has left', () => {
  const kept = () => all('SELECT member_id, email FROM former_people')
  const pieces = async () => (await one<{ n: number }>('SELECT count(*) AS n FROM former_pieces'))?.n

  it('goes when the log forgets the address', async () => {
    const { memberId } = await invitee(ada, 'zoe@corp.test')
    await changeAddress(ada, memberId, typed('zoe.new@corp.test'), NO_CAPS)
    await cancel(ada, memberId)
    expect(await meant('zoe')).toEqual([memberId])

    await db.batch(forgetAddresses(db, Date.now() + 100 * DAY_MS))
    expect([await kept(), await pieces(), await meant('zoe')]).toEqual([[], 0, []])
  })

  it('goes with an erased person, and is not written anew', async () => {
    await remove(ada, { id: 'bob' })
    await run("UPDATE activity SET member_email = '' WHERE member_id IN ('bob', 'dov')")
    await run("DELETE FROM members WHERE id = 'dov'")
    expect([await kept(), await pieces()]).toEqual([[], 0])
  })

  it('is nothing of somebody whom the log does not name', async () => {
    await run(
      "INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at) VALUES ('x', 'acme', 'x@x', 'x@x', 'user', 'pending', 'all', 1)",
    )
    await run("DELETE FROM members WHERE id = 'x'")
    expect(await kept()).toEqual([])
  })
})

describe('entries of people who have a word in common', () => {
  /** In one moment some of them; Maria 1 does something to Maria 2. */
  beforeEach(async () => {
    await named([1, 2, 3].map((i) => ({ id: `maria-${i}`, email: `maria${i}@acme.test`, name: `Maria ${i}` })))
    await run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
      SELECT 'm-' || printf('%04d', i), 'acme', 1000 + i / 3, iif(i % 4 = 0, 'signed_in', 'disabled'), 'maria-' || (1 + i % 3), 'Maria',
        iif(i % 5 = 0, 'bob', 'maria-' || (1 + i % 2)), 'x@acme.test' FROM n`)
    await remove(ada, { id: 'maria-3' })
  })

  const expected = (when: string) =>
    all<{ id: string }>(
      `SELECT id FROM activity WHERE (actor_id GLOB 'maria-*' OR member_id GLOB 'maria-*') AND ${when} ORDER BY at DESC, id DESC`,
    )

  it.each([
    [{}, "kind <> 'signed_in'"],
    [{ kind: 'all' }, 'true'],
    [{ kind: 'signed_in' }, "kind = 'signed_in'"],
    [{ kind: 'all', from: 1010, until: 1040 }, 'at BETWEEN 1010 AND 1039'],
  ] as const)('come once each, newest first, there and back: %j', async (filter, when) => {
    const ids: string[] = []
    let cursor: { at: number; id: string } | undefined
    do {
      const page = (await activityPage(at(), { who: 'maria', ...filter, cursor })).slice(0, 50)
      ids.push(...page.map(({ id }) => id))
      cursor = page.at(-1)
    } while (cursor)
    const all = (await expected(when)).map(({ id }) => id)
    expect(ids).toEqual(all)

    const [at60] = await activityPage(at(), { who: 'maria', ...filter }, 59).then((page) => page.slice(40, 41))
    const back = at60 ? await activityPage(at(), { who: 'maria', ...filter, before: at60 }) : []
    expect(back.map(({ id }) => id).toReversed()).toEqual(all.slice(0, 40).slice(-51))
  })

  it('are none where no one has the word', async () => {
    expect(await entriesOf('nobody-has-this')).toEqual([])
  })
})

it(`more than ${TEXT_PEOPLE} people are told by one more, here and gone together`, async () => {
  const ids = Array.from({ length: 15 }, (_, i) => `lena-${i}`)
  await named(ids.map((id) => ({ id, email: `${id}@acme.test`, name: null })))
  for (const [i] of ids.entries()) await cancel(ada, (await invitee(ada, `lena.gone${i}@acme.test`)).memberId)
  expect(await peopleMeant(at(), { who: 'lena' })).toHaveLength(TEXT_PEOPLE + 1)
  expect(await meant('lena.gone1')).toHaveLength(6)
})
