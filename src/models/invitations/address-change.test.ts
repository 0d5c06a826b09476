import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { RESEND } from '../../limits'
import type { MemberAct } from '../core/act'
import { changeAddress } from './address-change'
import { invitationOf, toInvitation } from './invitation'
import { renew } from './renewal'

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

it('a fixed address gets a link of its own, with role and access kept, and the older one is dead', async () => {
  const wrong = await invitee(ada, 'nell.wrong@acme.test')
  await run("UPDATE members SET role = 'admin' WHERE id = ?", wrong.memberId)
  const again = await changeAddress(ada, wrong.memberId, typed('Nell.Right@acme.test'), NO_CAPS)

  expect(again).toHaveProperty('mailId')
  expect(await one('SELECT email, email_key, role FROM members WHERE id = ?', wrong.memberId)).toEqual({
    email: 'Nell.Right@acme.test',
    email_key: 'nell.right@acme.test',
    role: 'admin',
  })
  expect(
    await all("SELECT state FROM invitations WHERE member_id = ? ORDER BY created_at, state = 'open'", wrong.memberId),
  ).toEqual([{ state: 'superseded' }, { state: 'open' }])
  expect(await all('SELECT to_key FROM mails WHERE member_id = ? ORDER BY created_at, to_key DESC', wrong.memberId)).toEqual([
    { to_key: 'nell.wrong@acme.test' },
    { to_key: 'nell.right@acme.test' },
  ])
  expect(await one("SELECT before, after FROM activity WHERE kind = 'address_changed'")).toEqual({
    before: '{"email":"nell.wrong@acme.test"}',
    after: '{"email":"Nell.Right@acme.test"}',
  })
})

describe('what refuses another address is what is told:', () => {
  it.each([
    ['same_address', 'PIA@acme.test'],
    ['address_taken', 'bob@acme.test'],
    ['cannot_be_mailed', 'left@alone.test'],
  ])('%s', async (reason, email) => {
    await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('left@alone.test', '', 'complained', 1)")
    const before = await dump()

    expect(await changeAddress(ada, 'pia', typed(email), NO_CAPS)).toEqual({ reason, retryAt: null })
    expect(await dump()).toEqual(before)
  })

  it.each(['bob', 'cat', 'nobody'])('%s is not pending here', async (memberId) => {
    const before = await dump()

    expect(await changeAddress(ada, memberId, typed('nell@acme.test'), NO_CAPS)).toEqual({ reason: 'not_pending', retryAt: null })
    expect(await dump()).toEqual(before)
  })
})

it('whoever held a mistyped address cannot ask for the link of the right one', async () => {
  const wrong = await invitee(ada, 'nell.wrong@acme.test')
  await changeAddress(ada, wrong.memberId, typed('nell.right@acme.test'), NO_CAPS)
  const before = await dump()
  const later = somebody(ada.now + 2 * RESEND.cooldownMs)

  expect(await renew(later, wrong.jti)).toMatchObject({ reason: 'not_pending' })
  expect(await dump()).toEqual(before)
  const [row] = await invitationOf(later.db, wrong.jti)
  expect(row && toInvitation(row, later.now).state).toBe('cancelled')
})

it('twenty other addresses at once for one invitation send five of them an email', async () => {
  await tryOften(async (n) => {
    const { memberId } = await invitee(ada)
    const to = (i: number) => typed(`nell-${n}-${i}@acme.test`)
    const sent = await together((i) => changeAddress(ada, memberId, to(i), NO_CAPS))

    expect(sent.filter((one) => 'mailId' in one)).toHaveLength(5)
    expect(await all('SELECT id FROM mails WHERE member_id = ?', memberId)).toHaveLength(6)
  })
})
