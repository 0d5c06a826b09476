import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { DAY_MS, END_WARNING_MS, HOUR_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { accept } from '../invitations/acceptance'
import { changeAddress } from '../invitations/address-change'
import { invitationOf, toInvitation } from '../invitations/invitation'
import { invite } from '../invitations/invite'
import { renew } from '../invitations/renewal'
import { resend } from '../invitations/resend'
import { undo, undoOf } from '../undo/undo'
import { endOfDay, lastDayOf } from './end-date'
import { endMemberships } from './ending'
import { changeRole, disable, enable, setEnd } from './membership'

let ada: MemberAct
let soon: number

beforeEach(async () => {
  ada = await actNamed('ada')
  soon = (Math.floor(ada.now / DAY_MS) + 10) * DAY_MS
  await run("UPDATE mails SET state = 'sent', created_at = 1")
})

/** Midnight of the next day in UTC. */
const tomorrow = () => (Math.floor(ada.now / DAY_MS) + 1) * DAY_MS
const later = (ms: number): MemberAct => ({ ...ada, now: ada.now + ms })
const bob = () => one("SELECT status, ends_at, end_warn_at FROM members WHERE id = 'bob'")
const entries = () => all("SELECT before, after FROM activity WHERE kind = 'end_date_changed' ORDER BY at, id")

async function pressed(change: object, act = ada) {
  const id = 'undo' in change ? String(change.undo) : ''
  const [found] = await undoOf({ ...act, secretHash: '' }, id)
  return found && undo(act, found)
}

it.each([
  ['2026-12-31', Date.UTC(2027, 0, 1)],
  ['2028-02-29', Date.UTC(2028, 2, 1)],
  ['2027-02-29', undefined],
  ['2026-13-01', undefined],
  ['31.12.2026', undefined],
  ['2026-12-31T00:00', undefined],
  ['soon', undefined],
])('a membership of which %s is the last day ends at %s', (day, endsAt) => {
  expect(endOfDay(day)).toBe(endsAt)
  if (endsAt) expect(lastDayOf(endsAt)).toBe(day)
})

describe('the end of a membership', () => {
  it('is set, moved and cleared, each with an entry and with a warning a week before', async () => {
    await setEnd(ada, { id: 'bob', endsAt: soon })
    expect(await bob()).toEqual({ status: 'active', ends_at: soon, end_warn_at: soon - END_WARNING_MS })
    await setEnd(ada, { id: 'bob', endsAt: soon + DAY_MS })
    await setEnd(ada, { id: 'bob', endsAt: null })
    expect(await bob()).toEqual({ status: 'active', ends_at: null, end_warn_at: null })
    const [first, second] = [lastDayOf(soon), lastDayOf(soon + DAY_MS)].map((day) => JSON.stringify({ until: day }))
    const none = '{"until":null}'
    expect(await entries()).toEqual([
      { before: none, after: first },
      { before: first, after: second },
      { before: second, after: none },
    ])
  })

  it.each([
    ['an admin', () => setEnd(ada, { id: 'ada', endsAt: soon }), 'is_admin'],
    ['a day that is over', () => setEnd(ada, { id: 'bob', endsAt: ada.now }), 'past_end'],
    ['what is so already', () => setEnd(ada, { id: 'bob', endsAt: null }), 'already'],
    ['somebody of another workspace', () => setEnd(ada, { id: 'cat', endsAt: soon }), 'unknown'],
  ])('is refused for %s, and nothing is written', async (_, change, reason) => {
    const before = await dump()
    expect(await change()).toMatchObject({ reason })
    expect(await dump()).toEqual(before)
  })

  it('is cleared before somebody becomes an admin', async () => {
    await setEnd(ada, { id: 'bob', endsAt: soon })
    expect(await changeRole(ada, { id: 'bob', role: 'admin' })).toEqual({ reason: 'has_end_date' })
    await setEnd(ada, { id: 'bob', endsAt: null })
    expect(await changeRole(ada, { id: 'bob', role: 'admin' })).not.toHaveProperty('reason')
  })

  it('keeps somebody who is disabled out after enabling', async () => {
    await setEnd(ada, { id: 'dov', endsAt: soon })
    expect(await enable(later(10 * DAY_MS), { id: 'dov' })).toEqual({ reason: 'past_end' })
  })
})

describe('both sides are warned', () => {
  it.each([
    [8, 1],
    [7, 1],
    [20, 13],
    [2, 1],
  ])('of an end with day %i at the beginning of day %i', async (ends, warned) => {
    const today = tomorrow() - DAY_MS
    await setEnd(ada, { id: 'bob', endsAt: today + ends * DAY_MS })
    expect(await bob()).toMatchObject({ end_warn_at: today + warned * DAY_MS })
  })

  it('not of an end with this day', async () => {
    await setEnd(ada, { id: 'bob', endsAt: tomorrow() })
    expect(await bob()).toMatchObject({ end_warn_at: null })
  })
})

describe('extending', () => {
  it.each(['before', 'after'])(
    'lets somebody in again, %s the Cron has moved them, and their sessions from before sign in anew',
    async (when) => {
      await setEnd(ada, { id: 'bob', endsAt: soon })
      const at = later(11 * DAY_MS)
      if (when === 'after') await endMemberships(at)
      expect(await setEnd(at, { id: 'bob', state: 'ended', endsAt: at.now + DAY_MS })).not.toHaveProperty('reason')
      expect(await one("SELECT status, valid_from FROM members WHERE id = 'bob'")).toEqual({ status: 'active', valid_from: soon })
    },
  )
})

describe('undoing', () => {
  it('gives back the end that there was', async () => {
    await setEnd(ada, { id: 'bob', endsAt: soon })
    const change = await setEnd(later(1), { id: 'bob', endsAt: null })
    expect(await pressed(change, later(2))).toMatchObject({ restored: 1, left: 0 })
    expect(await bob()).toEqual({ status: 'active', ends_at: soon, end_warn_at: soon - END_WARNING_MS })
  })

  it.each(['before', 'after'])('an extension shuts out again whoever came in by it; it was given %s the Cron', async (when) => {
    await run("UPDATE members SET ends_at = ? WHERE id = 'bob'", ada.now - HOUR_MS)
    if (when === 'after') await endMemberships(ada)
    const change = await setEnd(ada, { id: 'bob', endsAt: soon })
    expect(await pressed(change, later(5000))).toMatchObject({ restored: 1 })
    const row = await one<{ ends_at: number; valid_from: number }>("SELECT ends_at, valid_from FROM members WHERE id = 'bob'")
    expect(row).toEqual({ ends_at: ada.now - HOUR_MS, valid_from: ada.now + 5001 })
    await endMemberships(later(6000))
    expect(await bob()).toMatchObject({ status: 'ended' })
  })

  it('leaves an end that somebody has moved since', async () => {
    const change = await setEnd(ada, { id: 'bob', endsAt: soon })
    await setEnd({ ...later(1), by: { ...ada.by, memberId: 'eve', name: 'Eve' } }, { id: 'bob', endsAt: soon + DAY_MS })
    expect(await pressed(change, later(2))).toMatchObject({ restored: 0, left: 1, since: { actorName: 'Eve' }, block: null })
  })

  it('makes nobody an admin again who has an end by now', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const change = await changeRole(ada, { id: 'bob', role: 'user' })
    await setEnd(later(1), { id: 'bob', endsAt: soon })
    expect(await pressed(change, later(2))).toMatchObject({ restored: 0, block: 'has_end_date' })
  })

  it('enables nobody whose end has passed', async () => {
    await setEnd(ada, { id: 'bob', endsAt: ada.now + 1000 })
    const change = await disable(ada, { id: 'bob' })
    expect(await pressed(change, later(2000))).toMatchObject({ restored: 0, block: 'past_end' })
  })
})

describe('an invitation to a membership with an end', () => {
  const inviteNell = (endsAt: number) => {
    const draft = { address: typed('nell@acme.test'), role: 'user', note: null, overrides: {}, agentMode: undefined } as const
    return invite(ada, { ...draft, agentIds: [], endsAt }, NO_CAPS)
  }
  const open = () =>
    one<{ jti: string; expires_at: number }>(
      `SELECT i.jti, i.expires_at FROM invitations i JOIN members m ON m.id = i.member_id
       WHERE m.email_key IN ('nell@acme.test', 'pia@acme.test', 'pia2@acme.test') AND i.state = 'open' ORDER BY m.id <> 'pia' DESC`,
    )

  it('expires with it at the latest', async () => {
    await inviteNell(ada.now + HOUR_MS)
    expect((await open())?.expires_at).toBe(ada.now + HOUR_MS)
    expect(await one("SELECT after FROM activity WHERE kind = 'invited' AND member_email = 'nell@acme.test'")).toMatchObject({
      after: expect.stringContaining(`"until":"${lastDayOf(ada.now + HOUR_MS)}"`),
    })
  })

  it('is refused once it has passed', async () => {
    expect(await inviteNell(ada.now)).toMatchObject({ reason: 'past_end' })
  })

  it('that is on its way expires with an end that is set later, and gets its time back only by a resend', async () => {
    await setEnd(ada, { id: 'pia', endsAt: ada.now + HOUR_MS })
    expect((await open())?.expires_at).toBe(ada.now + HOUR_MS)
    await setEnd(ada, { id: 'pia', endsAt: null })
    expect((await open())?.expires_at).toBe(ada.now + HOUR_MS)
    await resend(later(1), 'pia', NO_CAPS)
    expect((await open())?.expires_at).toBe(ada.now + 1 + 72 * HOUR_MS)
  })

  it('cannot be accepted, resent, renewed or sent elsewhere past it, and says so', async () => {
    await setEnd(ada, { id: 'pia', endsAt: ada.now + HOUR_MS })
    const [at, link] = [later(2 * HOUR_MS), await open()]
    // Whatever the row says: the end decides.
    await run("UPDATE invitations SET expires_at = expires_at + 99999999 WHERE member_id = 'pia'")
    const before = await dump()
    expect(await accept(somebody(at.now), link?.jti ?? '', { passwordHash: '$', name: 'Pia' })).toBe(false)
    expect(await resend(at, 'pia', NO_CAPS)).toMatchObject({ reason: 'past_end' })
    expect(await renew(somebody(at.now), link?.jti ?? '')).toMatchObject({ reason: 'past_end' })
    expect(await changeAddress(at, 'pia', typed('pia2@acme.test'), NO_CAPS)).toMatchObject({ reason: 'past_end' })
    expect(await dump()).toEqual(before)
    const [row] = await invitationOf(ada.db, link?.jti ?? '')
    expect(row && toInvitation(row, at.now).state).toBe('ended')
  })

  it('warns of it from the day on which the person joined', async () => {
    const { memberId, jti } = await invitee(ada)
    await setEnd(ada, { id: memberId, endsAt: soon })
    await accept(somebody(ada.now), jti, { passwordHash: '$', name: 'Nell' })
    expect(await one('SELECT status, ends_at, end_warn_at FROM members WHERE id = ?', memberId)).toEqual({
      status: 'active',
      ends_at: soon,
      end_warn_at: soon - END_WARNING_MS,
    })
  })
})
