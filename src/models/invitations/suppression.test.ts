import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody, typed } from '../../../test/cast'
import { all, dump, facts, run } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { together, tryOften } from '../../../test/race'
import { LIFT_MS, RESEND } from '../../limits'
import type { MemberAct } from '../core/act'
import { accept } from './acceptance'
import { changeAddress } from './address-change'
import { cancel } from './cancel'
import { decline } from './decline'
import { forgotPassword } from './forgotten'
import { invite } from './invite'
import { renew } from './renewal'
import { resend } from './resend'
import { lift } from './suppression'

const NEVER = { never: true }
let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

const inviteTo = (email: string, by = ada) => {
  const draft = { address: typed(email), role: 'user' as const, note: null, overrides: {}, agentMode: undefined, agentIds: [] }
  return invite(by, draft, NO_CAPS)
}
const suppressed = (email: string, tenantId = '') =>
  run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES (?, ?, 'complained', 1)", email, tenantId)
const suppressions = () => all('SELECT email_key, tenant_id, reason FROM suppressions')
const later = () => Date.now() + RESEND.cooldownMs + 1000
const adaLater = () => ({ ...ada, now: later() })

describe('an address that complained', () => {
  const acts = {
    'an invitation': () => inviteTo('nell@acme.test'),
    'an invitation by another workspace': () => inviteTo('nell@acme.test', cat),
    'a resend': () => resend(adaLater(), 'pia', NO_CAPS),
    'a renewal': () => renew(somebody(later()), 'seeded-invitation-of-pia'.padEnd(43, '0')),
    'a fixed address': () => changeAddress(adaLater(), 'pia', typed('nell@acme.test'), NO_CAPS),
  }
  it.each(Object.entries(acts))('gets no email by %s, and nothing changes', async (_, act) => {
    await suppressed('nell@acme.test')
    await suppressed('pia@acme.test')
    const before = await dump()

    expect(await act()).toMatchObject({ reason: 'cannot_be_mailed' })
    expect(await dump()).toEqual(before)
  })

  it('gets no fresh link by Forgot Password either', async () => {
    await suppressed('pia@acme.test')
    const before = await facts()
    await forgotPassword(somebody(later()), typed('pia@acme.test'))

    expect(await facts()).toEqual(before)
  })

  it('can be replaced by one that may be emailed', async () => {
    await suppressed('pia@acme.test')

    expect(await changeAddress(adaLater(), 'pia', typed('pia.new@acme.test'), NO_CAPS)).toHaveProperty('mailId')
  })

  it('still gets the emails of its own account', async () => {
    await suppressed('bob@acme.test')
    const { mailIds } = (await forgotPassword(somebody(), typed('bob@acme.test'))) as { mailIds: string[] }

    expect((await leaseMail(somebody(), mailIds[0] ?? ''))?.letter).toMatchObject({ kind: 'password_reset' })
  })

  it('is not sent what waits for it in the outbox, of whichever workspace, and its open links still work', async () => {
    const nell = await invitee(cat, 'nell@acme.test')
    await suppressed('nell@acme.test')

    expect(await leaseMail(somebody(), nell.mailId)).toMatchObject({ letter: undefined, suppressed: true })
    expect(await accept(somebody(), nell.jti, { passwordHash: '$scrypt$', name: null })).toBe(true)
  })
})

describe('who declines for good', () => {
  it('is declined and never invited again by this workspace, in one step', async () => {
    const nell = await invitee(ada, 'Nell@ACME.test')

    expect(await decline(somebody(), nell.jti, NEVER)).toBe(true)
    expect(await suppressions()).toEqual([{ email_key: 'nell@acme.test', tenant_id: 'acme', reason: 'asked' }])
    expect(await all('SELECT kind FROM activity WHERE member_id = ? ORDER BY at, id', nell.memberId)).toEqual([
      { kind: 'invited' },
      { kind: 'declined' },
    ])
    expect(await inviteTo('nell@acme.test')).toEqual({ reason: 'cannot_be_mailed', memberId: null, retryAt: null })
    expect(await inviteTo('nell@acme.test', cat), 'another workspace has not been told so').toHaveProperty('mailId')
  })

  it.each(['cancelled', 'resent', 'expired'])('with a link that was %s changes nothing', async (end) => {
    const nell = await invitee(ada)
    if (end === 'cancelled') await cancel(ada, nell.memberId)
    if (end === 'resent') await resend(adaLater(), nell.memberId, NO_CAPS)
    const before = await dump()

    expect(await decline(somebody(Date.now() + (end === 'expired' ? 73 * 3_600_000 : 0)), nell.jti, NEVER)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('for the first time keeps the reason that is there', async () => {
    const nell = await invitee(ada)
    await suppressed(nell.email, 'acme')
    await decline(somebody(), nell.jti, NEVER)

    expect(await suppressions()).toEqual([{ email_key: nell.email, tenant_id: 'acme', reason: 'complained' }])
  })

  it('while admins invite: this workspace emails nothing after that, and another one is not held back', async () => {
    await tryOften(async (n) => {
      const nell = await invitee(ada)
      const made = await together(async (i) =>
        i === n % 20 ? decline(somebody(), nell.jti, NEVER) : inviteTo(nell.email, i % 2 ? ada : cat),
      )

      expect(made[n % 20]).toBe(true)
      expect(await all('SELECT tenant_id FROM members WHERE email_key = ?', nell.email)).toEqual([{ tenant_id: 'globex' }])
      const written = await all<{ id: string; tenant_id: string }>(
        'SELECT id, tenant_id FROM mails WHERE to_key = ? AND id <> ?',
        nell.email,
        nell.mailId,
      )
      expect(written.map(({ tenant_id }) => tenant_id)).toEqual(['globex'])
      expect((await leaseMail(somebody(), written[0]?.id ?? ''))?.letter).toMatchObject({ kind: 'invitation' })
      expect(await inviteTo(nell.email)).toMatchObject({ reason: 'cannot_be_mailed' })
    })
  })
})

describe('whoever holds an emailed link takes back for a day', () => {
  const complainedAt = (at: number) => run("INSERT INTO suppressions VALUES ('nell@acme.test', '', 'complained', ?)", at)

  it('that they asked never to be invited again, and can be', async () => {
    const nell = await invitee(ada, 'nell@acme.test')
    await decline(somebody(), nell.jti, NEVER)

    expect(await lift(somebody(), nell.jti)).toEqual([{ email_key: 'nell@acme.test' }])
    expect(await suppressions()).toEqual([])
    expect(await inviteTo('nell@acme.test')).toHaveProperty('mailId')
  })

  it('a complaint, for every workspace', async () => {
    const nell = await invitee(ada, 'nell@acme.test')
    await complainedAt(ada.now)

    expect(await lift(somebody(ada.now + LIFT_MS - 1), nell.jti)).toHaveLength(1)
    expect(await inviteTo('nell@acme.test', cat)).toHaveProperty('mailId')
  })

  it('nothing after that', async () => {
    const nell = await invitee(ada, 'nell@acme.test')
    await complainedAt(ada.now)
    const before = await dump()

    expect(await lift(somebody(ada.now + LIFT_MS), nell.jti)).toEqual([])
    expect(await dump()).toEqual(before)
  })

  it('nothing of another address or of another workspace’s wish', async () => {
    const [nell, zoe] = [await invitee(ada, 'nell@acme.test'), await invitee(cat, 'nell@acme.test')]
    const other = await invitee(ada, 'zoe@acme.test')
    await decline(somebody(), zoe.jti, NEVER)
    const before = await dump()

    for (const { jti } of [nell, other]) expect(await lift(somebody(), jti)).toEqual([])
    expect(await dump()).toEqual(before)
  })

  it('nothing by a link that was copied, or that nobody issued', async () => {
    const nell = await invitee(ada, 'nell@acme.test')
    await run('UPDATE invitations SET copied_jti = ? WHERE jti = ?', 'c'.repeat(43), nell.jti)
    await complainedAt(ada.now)
    const before = await dump()

    for (const jti of ['c'.repeat(43), 'x'.repeat(43)]) expect(await lift(somebody(), jti)).toEqual([])
    expect(await dump()).toEqual(before)
  })
})
