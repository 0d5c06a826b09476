import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { DAY_MS, RENEW, RESEND } from '../../limits'
import type { MemberAct } from '../core/act'
import { renew } from './renewal'
import { resend } from './resend'

let ada: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
})

const linksOf = (memberId: string) =>
  all("SELECT state, kind FROM invitations WHERE member_id = ? ORDER BY created_at, state = 'open'", memberId)
const mailsOf = (memberId: string) => all('SELECT to_email, kind FROM mails WHERE member_id = ? ORDER BY created_at', memberId)
const expired = (memberId: string) => run('UPDATE invitations SET created_at = 1, expires_at = 2 WHERE member_id = ?', memberId)
const renewAt = (now: number, jti: string) => renew(somebody(now), jti)

describe('whoever holds an old link', () => {
  it('of a suspended workspace is sent nothing', async () => {
    const nell = await invitee(ada)
    await expired(nell.memberId)
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    const before = await dump()

    expect(await renewAt(ada.now + RENEW.cooldownMs, nell.jti)).toEqual({ reason: 'not_pending', retryAt: null })
    expect(await dump()).toEqual(before)
  })

  it('is sent the newest while that works, which goes on working', async () => {
    const nell = await invitee(ada, 'Nell@Acme.test')
    await resend({ ...ada, now: ada.now + RESEND.cooldownMs }, nell.memberId, NO_CAPS)
    const links = await linksOf(nell.memberId)

    expect(await renewAt(ada.now + 2 * RENEW.cooldownMs, nell.jti)).toHaveProperty('mailId')
    expect(await linksOf(nell.memberId)).toEqual(links)
    expect(await mailsOf(nell.memberId)).toEqual([
      { to_email: 'Nell@Acme.test', kind: 'invitation' },
      { to_email: 'Nell@Acme.test', kind: 'invitation' },
      { to_email: 'Nell@Acme.test', kind: 'fresh_invitation' },
    ])
    expect(
      await one(`SELECT i.state FROM mails x JOIN invitations i ON i.id = x.invitation_id WHERE x.kind = 'fresh_invitation'`),
    ).toEqual({ state: 'open' })
  })

  it('is sent a new one once the newest has expired', async () => {
    const nell = await invitee(ada)
    await expired(nell.memberId)

    expect(await renewAt(ada.now + RENEW.cooldownMs, nell.jti)).toHaveProperty('mailId')
    expect(await linksOf(nell.memberId)).toEqual([
      { state: 'superseded', kind: 'invite' },
      { state: 'open', kind: 'renewal' },
    ])
  })

  it('uses up nothing of what an admin may send, and is limited to five a day', async () => {
    const nell = await invitee(ada)
    const at = (n: number) => ada.now + n * RENEW.cooldownMs
    for (let n = 1; n <= 5; n++) {
      if (n % 2) await expired(nell.memberId)
      expect(await renewAt(at(n), nell.jti)).toHaveProperty('mailId')
    }

    expect(await renewAt(at(6), nell.jti)).toEqual({ reason: 'too_often', retryAt: at(1) + DAY_MS })
    for (let n = 7; n <= 11; n++) expect(await resend({ ...ada, now: at(n) }, nell.memberId, NO_CAPS)).toHaveProperty('mailId')
  })

  it('waits sixty seconds after the last email', async () => {
    const nell = await invitee(ada)
    const before = await dump()

    expect(await renewAt(ada.now + RENEW.cooldownMs - 1, nell.jti)).toEqual({
      reason: 'too_soon',
      retryAt: ada.now + RENEW.cooldownMs,
    })
    expect(await dump()).toEqual(before)
  })

  it('and asks twenty times at once gets one email', async () => {
    await tryOften(async (n) => {
      const nell = await invitee(ada)
      if (n % 2) await expired(nell.memberId)
      const sent = await together(() => renewAt(ada.now + RENEW.cooldownMs, nell.jti))

      expect(sent.filter((one) => 'mailId' in one)).toHaveLength(1)
      expect(await mailsOf(nell.memberId)).toHaveLength(2)
      expect((await linksOf(nell.memberId)).filter(({ state }) => state === 'open')).toHaveLength(1)
    })
  })

  it('which nobody issued gets nothing', async () => {
    const before = await dump()

    expect(await renewAt(Date.now(), 'x'.repeat(43))).toEqual({ reason: 'not_pending', retryAt: null })
    expect(await dump()).toEqual(before)
  })
})
