import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, facts, one, run } from '../../../test/database'
import { together } from '../../../test/race'
import { HOUR_MS, MINUTE_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { accept } from './acceptance'
import { forgotPassword } from './forgotten'
import { resend } from './resend'

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

function forgot(email: string, now = Date.now(), ip = '203.0.113.7') {
  const act = somebody(now)
  return forgotPassword({ ...act, by: { ...act.by, ip } }, typed(email))
}

const mailsTo = (key: string) => all('SELECT kind, to_email FROM mails WHERE to_key = ? ORDER BY created_at', key)
const kindsTo = async (key: string) => (await mailsTo(key)).map(({ kind }) => kind)
const linksOf = (memberId: string) =>
  all("SELECT jti, state, kind FROM invitations WHERE member_id = ? ORDER BY created_at, state = 'open'", memberId)
const expire = (memberId: string) => run('UPDATE invitations SET created_at = 1, expires_at = 2 WHERE member_id = ?', memberId)

describe('a forgotten password', () => {
  it('sends a reset link to an account, at its stored address', async () => {
    const now = Date.now()
    await run("UPDATE users SET email = 'Bob@Acme.test' WHERE id = 'user-bob'")
    await forgot('BOB@acme.TEST', now)

    expect(await mailsTo('bob@acme.test')).toEqual([{ kind: 'password_reset', to_email: 'Bob@Acme.test' }])
    expect(await one("SELECT state, expires_at FROM password_resets WHERE user_id = 'user-bob'")).toEqual({
      state: 'open',
      expires_at: now + 30 * MINUTE_MS,
    })
  })

  it.each([
    ['disabled everywhere', 'dov', undefined],
    ['a member of nothing', 'bob', "DELETE FROM members WHERE id = 'bob'"],
  ])('sends it to an account whatever its memberships: %s', async (_, name, statement) => {
    if (statement) await run(statement)
    await forgot(`${name}@acme.test`)

    expect(await kindsTo(`${name}@acme.test`)).toEqual(['password_reset'])
  })

  it('of an account that is invited elsewhere sends the reset alone, and the link in use goes on working', async () => {
    const { jti, memberId } = await invitee({ ...cat, now: cat.now - HOUR_MS }, 'bob@acme.test')
    const links = await linksOf(memberId)
    await forgot('bob@acme.test')

    expect(await kindsTo('bob@acme.test')).toEqual(['invitation', 'password_reset'])
    expect(await linksOf(memberId)).toEqual(links)
    expect(await accept(somebody(), jti, { userId: 'user-bob' })).toBe(true)
  })

  it('of somebody invited sends the same link again while it works', async () => {
    const links = await linksOf('pia')
    await run("UPDATE invitations SET copied_jti = ? WHERE member_id = 'pia'", 'c'.repeat(43))
    await forgot('PIA@acme.test')

    expect((await mailsTo('pia@acme.test')).slice(1)).toEqual([{ kind: 'fresh_invitation', to_email: 'pia@acme.test' }])
    expect(await linksOf('pia')).toEqual(links)
    expect(await one("SELECT invitation_id FROM mails WHERE kind = 'fresh_invitation'")).toEqual({
      invitation_id: 'invitation-pia',
    })
    expect(await all('SELECT id FROM password_resets')).toEqual([])
  })

  it('of somebody invited sends a fresh link once theirs has expired', async () => {
    await expire('pia')
    await forgot('pia@acme.test')

    expect(await kindsTo('pia@acme.test')).toEqual(['invitation', 'fresh_invitation'])
    expect((await linksOf('pia')).map(({ state, kind }) => [state, kind])).toEqual([
      ['superseded', 'invite'],
      ['open', 'renewal'],
    ])
  })

  it('takes nothing from what an admin may send, however often strangers ask', async () => {
    const now = Date.now()
    for (let i = 0; i < 5; i++) await forgot('pia@acme.test', now + i * HOUR_MS, `192.0.2.${i}`)
    expect(await kindsTo('pia@acme.test')).toHaveLength(6)

    for (let i = 0; i < 5; i++) {
      const later = now + 5 * HOUR_MS + i * 2 * MINUTE_MS
      expect(await resend({ ...ada, now: later }, 'pia', NO_CAPS)).toHaveProperty('mailId')
    }
  })

  it('of somebody invited by five workspaces reaches all of them in two requests, those first that waited longest', async () => {
    const now = Date.now()
    for (let i = 1; i <= 5; i++) {
      await run("INSERT INTO tenants (id, name, created_at) VALUES (?, 'T', 1)", `t-${i}`)
      await invitee({ ...ada, tenantId: `t-${i}`, now: now - i * HOUR_MS }, 'nell@six.test')
    }
    const asked = async (at: number) => {
      await forgot('nell@six.test', at)
      const rows = await all("SELECT tenant_id FROM mails WHERE kind = 'fresh_invitation' AND created_at = ?", at)
      return rows.map(({ tenant_id }) => tenant_id).toSorted()
    }

    expect(await asked(now)).toEqual(['t-3', 't-4', 't-5'])
    expect(await asked(now + 2 * HOUR_MS)).toEqual(['t-1', 't-2', expect.any(String)])
  })

  it('of an unknown address sends nothing and changes nothing but the counters', async () => {
    const before = await facts()
    await forgot('nobody@acme.test')

    expect(await facts()).toEqual(before)
  })

  it('of a cancelled invitation sends nothing', async () => {
    await run("UPDATE invitations SET state = 'cancelled', closed_at = 1, write_nonce = 'n' WHERE member_id = 'pia'")
    await run("DELETE FROM members WHERE id = 'pia'")
    const before = await facts()
    await forgot('pia@acme.test')

    expect(await facts()).toEqual(before)
  })

  it('asks as many emails of the Queue for an unknown address as for a known one', async () => {
    const mailsOf = async (email: string) => {
      const result = await forgot(email)
      return 'mailIds' in result ? result.mailIds.length : 0
    }

    for (const email of ['nobody@acme.test', 'dov@acme.test', 'pia@acme.test'])
      expect(await mailsOf(email)).toBe(await mailsOf('bob@acme.test'))
  })

  it('asked for again kills the older reset link', async () => {
    await forgot('bob@acme.test')
    await forgot('bob@acme.test')

    expect(await all("SELECT state FROM password_resets WHERE user_id = 'user-bob' ORDER BY state = 'open'")).toEqual([
      { state: 'superseded' },
      { state: 'open' },
    ])
  })

  it('is emailed about three times an hour, and the fourth answers like the others', async () => {
    const now = Date.now()
    for (let i = 0; i < 4; i++) expect(await forgot('bob@acme.test', now + i, `192.0.2.${i}`)).toHaveProperty('mailIds')

    expect(await mailsTo('bob@acme.test')).toHaveLength(3)
    await forgot('bob@acme.test', now + HOUR_MS, '192.0.2.9')
    expect(await mailsTo('bob@acme.test')).toHaveLength(4)
  })

  it('asked for twenty times at once sends three emails, and one link is open', async () => {
    await together((i) => forgot('bob@acme.test', Date.now(), `192.0.2.${i}`))

    expect(await mailsTo('bob@acme.test')).toHaveLength(3)
    expect(await all("SELECT id FROM password_resets WHERE state = 'open'")).toHaveLength(1)
  })

  it('may be asked for sixty times an hour from one network, and what that network is refused counts against no address', async () => {
    const now = Date.now()
    const answers = await together((i) => forgot(`nobody${i}@acme.test`, now, `2001:db8:1:2::${i}`), 62)
    expect(answers.filter((answer) => 'reason' in answer)).toEqual(
      Array.from({ length: 2 }, () => ({ reason: 'too_many_tries', retryAt: now + HOUR_MS })),
    )

    for (let i = 0; i < 5; i++) await forgot('bob@acme.test', now, '2001:db8:1:2::1')
    await forgot('bob@acme.test', now, '192.0.2.1')
    expect(await mailsTo('bob@acme.test')).toHaveLength(1)
  })
})
