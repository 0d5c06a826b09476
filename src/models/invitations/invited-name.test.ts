import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, type Invitee, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, one } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { DAY_MS, HOUR_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { standingOf } from '../members/standing'
import { accept } from './acceptance'
import { changeAddress } from './address-change'
import { decline } from './decline'
import { renew } from './renewal'
import { resend } from './resend'

let ada: MemberAct
let nora: Invitee

beforeEach(async () => {
  ada = await actNamed('ada')
  nora = await invitee(ada, 'nora@acme.test', 'Nora New')
})

const later = (by: MemberAct, ms: number) => ({ ...by, now: ada.now + ms })
async function nameNow() {
  const [member] = await standingOf(ada, nora.memberId)
  return member?.name
}
const kept = () => one('SELECT invited_name FROM members WHERE id = ?', nora.memberId)
const entries = () => all('SELECT kind, member_name FROM activity WHERE member_id = ? ORDER BY at, id', nora.memberId)

describe('somebody who was invited under a name', () => {
  it('is called so, in the log as well', async () => {
    expect(await nameNow()).toBe('Nora New')
    expect(await entries()).toEqual([{ kind: 'invited', member_name: 'Nora New' }])
  })

  it('keeps it with a resend, a fresh link and another address', async () => {
    expect(await resend(later(ada, HOUR_MS), nora.memberId, NO_CAPS)).toHaveProperty('mailId')
    const open = await one<{ jti: string }>("SELECT jti FROM invitations WHERE member_id = ? AND state = 'open'", nora.memberId)
    const expired = later(ada, 4 * DAY_MS)
    expect(await renew(somebody(expired.now), open?.jti ?? '')).toHaveProperty('mailId')
    expect(await nameNow()).toBe('Nora New')
    await changeAddress(later(ada, 5 * DAY_MS), nora.memberId, { ...typed('nora.new@acme.test'), name: 'Nora New' }, NO_CAPS)
    expect(await nameNow()).toBe('Nora New')
  })

  it('is not called so by their email: whoever typed it may mean anything with it, and nobody has proven the address', async () => {
    const mail = await leaseMail(somebody(), nora.mailId)
    expect(mail?.letter).toMatchObject({ kind: 'invitation', inviter: 'Ada Admin' })
    expect(JSON.stringify(mail)).not.toContain('Nora New')
  })

  it.each(['Nora Oduya', null])('is called as their account says once they have one: %s', async (name) => {
    await accept(somebody(), nora.jti, { passwordHash: 'x', name })
    expect([await nameNow(), await kept()]).toEqual([name, { invited_name: null }])
    expect(await entries()).toContainEqual({ kind: 'accepted', member_name: name })
  })

  it('leaves no name of an account that joins, and takes none from it', async () => {
    const bob = await invitee(await actNamed('cat'), 'bob@acme.test', 'Somebody Else')
    await accept(somebody(), bob.jti, { userId: 'user-bob', name: 'Bob Okafor' })
    expect(await one('SELECT invited_name FROM members WHERE id = ?', bob.memberId)).toEqual({ invited_name: null })
    expect(await one("SELECT name FROM users WHERE id = 'user-bob'")).toEqual({ name: 'Bob Okafor' })
  })

  it('is named by the log when they decline and are gone', async () => {
    await decline(somebody(), nora.jti, { never: false })
    expect(await kept()).toBeUndefined()
    expect(await entries()).toContainEqual({ kind: 'declined', member_name: 'Nora New' })
  })
})
