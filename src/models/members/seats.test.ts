import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { metered, people } from '../../../test/people'
import { AT_ONCE, TRIES, together, tryOften } from '../../../test/race'
import { raw } from '../../db/raw'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { accept } from '../invitations/acceptance'
import { changeAddress } from '../invitations/address-change'
import { invite } from '../invitations/invite'
import { renew } from '../invitations/renewal'
import { resend } from '../invitations/resend'
import { resendUnsent } from '../invitations/unsent'
import { undo, undoOf } from '../undo/undo'
import { disable, enable, remove, setEnd } from './membership'
import { freeSeats, seatsOf } from './seats'

let ada: MemberAct
/** Four days later, when the invitations of today have expired. */
let later: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  later = { ...ada, now: ada.now + 4 * DAY_MS }
  await run("UPDATE mails SET state = 'sent', sent_at = 1")
})

/** Ada and Bob are active, Pia is pending, Dov is disabled. */
const seats = (count: number | null) => run("UPDATE tenants SET seats = ? WHERE id = 'acme'", count)
const free = async (now = ada.now) => (await raw<{ free: number }>(ada.db, sql`SELECT ${freeSeats('acme', now)} AS free`))[0]?.free

const draft = (email: string) =>
  ({ address: typed(email), role: 'user', note: null, overrides: {}, agentMode: undefined, agentIds: [] }) as const
const inviteTo = (email: string, act = ada) => invite(act, { ...draft(email), agentIds: [] }, NO_CAPS)
const reasonOf = (result: object) => ('reason' in result ? result.reason : undefined)

describe('seats', () => {
  it('are held by whoever is active, and by whoever is pending with an invitation that has not expired', async () => {
    await seats(10)
    expect(await seatsOf(ada)).toEqual([{ seats: 10, active: 2, pending: 1 }])
    expect([await free(), await free(later.now)]).toEqual([7, 8])
    await run("UPDATE members SET ends_at = ? WHERE id = 'bob'", ada.now)
    expect(await seatsOf(ada)).toEqual([{ seats: 10, active: 1, pending: 1 }])
    await disable(ada, { id: 'bob' })
    await remove(ada, { id: 'dov' })
    expect(await free()).toBe(8)
  })

  it('have no end where the operator gave no number, and none are free where there are more people than seats', async () => {
    expect(await free()).toBeGreaterThan(1000)
    expect(await seatsOf(ada)).toEqual([])
    await seats(1)
    expect(await free()).toBe(-2)
  })

  it('of one workspace are not those of another', async () => {
    await seats(1)
    await run("UPDATE tenants SET seats = 2 WHERE id = 'globex'")
    expect(await invite({ ...(await actNamed('cat')) }, { ...draft('nell@globex.test'), agentIds: [] }, NO_CAPS)).toHaveProperty(
      'mailId',
    )
  })

  it('that many expired invitations gave back are counted by the others', async () => {
    const ids = await people(1500)
    await run(
      `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
       SELECT 'i-' || value, 'acme', value, 'invite', substr(value || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, iif(key < 1400, 2, ?)
       FROM json_each(?)`,
      ada.now + DAY_MS,
      JSON.stringify(ids),
    )
    await seats(2000)
    expect(await seatsOf(ada)).toEqual([{ seats: 2000, active: 2, pending: 101 }])
  })
})

const nothing = async () => undefined
const ended = (status: string) => () => run("UPDATE members SET ends_at = 5, status = ? WHERE id = 'bob'", status)
const jtiOf = async (memberId: string) =>
  (await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", memberId))?.jti ?? ''

/** Everything that gives a seat to somebody who has none, and how many are taken before. */
const TAKES: [name: string, taken: number, prepare: () => Promise<unknown>, take: () => Promise<object>][] = [
  ['an invitation', 3, nothing, () => inviteTo('nell@acme.test')],
  ['a resend of an expired one', 2, nothing, () => resend(later, 'pia', NO_CAPS)],
  ['a fresh link for an expired one', 2, nothing, async () => renew(somebody(later.now), await jtiOf('pia'))],
  ['another address for an expired one', 2, nothing, () => changeAddress(later, 'pia', typed('pia2@acme.test'), NO_CAPS)],
  ['enabling', 3, nothing, () => enable(ada, { id: 'dov' })],
  ['moving an end that has passed', 2, ended('active'), () => setEnd(ada, { id: 'bob', endsAt: ada.now + DAY_MS })],
  ['clearing an end that has passed', 2, ended('ended'), () => setEnd(ada, { id: 'bob', endsAt: null })],
]

describe('where no seat is free,', () => {
  it.each(TAKES)('%s is refused, and nothing is written', async (_, taken, prepare, take) => {
    await seats(taken)
    await prepare()
    const before = await dump()
    expect(reasonOf(await take())).toBe('no_seat')
    expect(await dump()).toEqual(before)
    await seats(taken + 1)
    expect(reasonOf(await take()), 'and with one it is done').toBeUndefined()
  })

  it('whoever holds one goes on: their link is sent again, and accepted', async () => {
    await seats(1)
    await run('UPDATE mails SET created_at = 1')
    expect(await resend(ada, 'pia', NO_CAPS)).toHaveProperty('mailId')
    const joining = { passwordHash: '$scrypt$', name: 'Pia' }
    const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = 'pia' AND state = 'open'")
    expect(await accept(somebody(ada.now), open?.jti ?? '', joining)).toBe(true)
  })

  it('of what went unsent as many are resent as there are seats', async () => {
    await Promise.all(Array.from({ length: 3 }, () => invitee(ada)))
    await seats(4)
    expect(await resendUnsent(later, NO_CAPS)).toMatchObject({ mailIds: [expect.any(String), expect.any(String)], left: 1 })
    expect(await resendUnsent({ ...later, now: later.now + 60_001 }, NO_CAPS)).toMatchObject({
      mailIds: [],
      left: 1,
      refusal: { reason: 'no_seat' },
    })
  })

  it('disabling is not undone, and undone once a seat is free', async () => {
    const changed = await disable(ada, { id: 'bob' })
    await enable(ada, { id: 'dov' })
    await seats(3)
    const press = async () => {
      const [found] = await undoOf({ ...ada, secretHash: '' }, 'undo' in changed ? (changed.undo ?? '') : '')
      return found && undo(ada, found)
    }
    expect(await press()).toMatchObject({ restored: 0, left: 1, block: 'no_seat' })
    await run('UPDATE undos SET undone_at = NULL')
    await seats(4)
    expect(await press()).toMatchObject({ restored: 1, left: 0 })
    expect(await all("SELECT status FROM members WHERE id = 'bob'")).toEqual([{ status: 'active' }])
  })
})

describe(`of ${AT_ONCE} at once one has the last seat`, () => {
  const others = async () => {
    await run(
      `INSERT INTO users (id, email, email_key, created_at) SELECT 'u' || value, 'u' || value, 'u' || value, 1
      FROM json_each(?)`,
      JSON.stringify(Array.from({ length: AT_ONCE }, (_, i) => i)),
    )
    await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      SELECT 'm' || substr(id, 2), 'acme', id, email, email_key, 'user', 'disabled', 'all', 1, 1 FROM users WHERE id GLOB 'u[0-9]*'`)
  }
  const won = (results: object[]) => results.filter((result) => !reasonOf(result)).length

  it(`of invitations, in ${TRIES} tries`, async () => {
    await tryOften(async (n) => {
      await seats(3 + n + 1)
      const made = await together((i) => inviteTo(`nell${n}-${i}@acme.test`))
      expect([won(made), await free()]).toEqual([1, 0])
    })
  })

  it(`of people who are enabled, in ${TRIES} tries`, async () => {
    await others()
    await seats(4)
    await tryOften(async () => {
      const made = await together((i) => enable(ada, { id: `m${i}` }))
      expect([won(made), await free()]).toEqual([1, 0])
      await run("UPDATE members SET status = 'disabled' WHERE id GLOB 'm[0-9]*'")
    })
  })

  it(`of people whose end is moved, in ${TRIES} tries`, async () => {
    await others()
    await seats(4)
    await tryOften(async () => {
      await run("UPDATE members SET status = iif(id GLOB 'm*[02468]', 'ended', 'active'), ends_at = 5 WHERE id GLOB 'm[0-9]*'")
      const made = await together((i) => setEnd(ada, { id: `m${i}`, endsAt: i % 3 ? ada.now + DAY_MS : null }))
      expect([won(made), await free()]).toEqual([1, 0])
    })
  })

  it(`of expired invitations that are resent, in ${TRIES} tries`, async () => {
    const invited = await Promise.all(Array.from({ length: AT_ONCE }, () => invitee(ada)))
    await seats(3)
    await tryOften(async (n) => {
      const act = { ...ada, now: ada.now + 4 * DAY_MS * (n + 1) }
      const made = await together((i) => resend(act, invited[i]?.memberId ?? '', NO_CAPS))
      expect([won(made), await free(act.now)]).toEqual([1, 0])
    })
  })
})

it('what an invitation reads of them is the same among a few people and among thousands', async () => {
  const cost = async (email: string) => {
    const { db, bill } = metered()
    expect(await inviteTo(email, { ...ada, db })).toHaveProperty('mailId')
    return bill.read
  }
  await seats(100_000)
  const few = await cost('nell@acme.test')
  await people(3000)
  expect(await cost('nora@acme.test')).toBeLessThanOrEqual(few + 5)
})
