import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, IP, invitee, NO_CAPS, SOMEBODY, typed, viewerNamed } from '../../../test/cast'
import { all, dump, facts, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { forgotPassword } from '../identity/password-reset'
import type { Viewer } from '../members/viewer'
import { leaseMail } from '../outbox/mail'
import { accept } from './acceptance'
import { cancel, decline, invite } from './invite'
import { changeAddress, RESEND_COOLDOWN_MS, renew, resend } from './resend'

const db = connect(env.DB)
const NEVER = true
let ada: Viewer
let cat: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
  cat = await viewerNamed('cat')
})

const inviteTo = (email: string, by = ada) => {
  const draft = { address: typed(email), role: 'user' as const, note: null, overrides: {}, agentMode: undefined, agentIds: [] }
  return invite(db, by, actorFor(by), draft, NO_CAPS, Date.now())
}
const suppressed = (email: string) => run("INSERT INTO suppressions (email_key, reason, at) VALUES (?, 'complained', 1)", email)
const suppressions = () => all('SELECT email_key, reason FROM suppressions')
const later = () => Date.now() + RESEND_COOLDOWN_MS + 1000

describe('an address that nobody may invite any more', () => {
  const acts = {
    'an invitation': () => inviteTo('nell@acme.test'),
    'an invitation by another workspace': () => inviteTo('nell@acme.test', cat),
    'a resend': () => resend(db, ada, actorFor(ada), 'pia', NO_CAPS, later()),
    'a renewal': () => renew(db, 'seeded-invitation-of-pia'.padEnd(43, '0'), SOMEBODY, NO_CAPS, later()),
    'a fixed address': () => changeAddress(db, ada, actorFor(ada), 'pia', typed('nell@acme.test'), NO_CAPS, later()),
  }
  it.each(Object.entries(acts))('gets no mail by %s, and nothing changes', async (_, act) => {
    await suppressed('nell@acme.test')
    await suppressed('pia@acme.test')
    const before = await dump()

    expect(await act()).toMatchObject({ reason: 'cannot_be_mailed' })
    expect(await dump()).toEqual(before)
  })

  it('gets no fresh link by Forgot Password either', async () => {
    await suppressed('pia@acme.test')
    const before = await facts()
    await forgotPassword(db, typed('pia@acme.test'), IP, NO_CAPS, later())

    expect(await facts()).toEqual(before)
  })

  it('can be replaced by one that may be mailed', async () => {
    await suppressed('pia@acme.test')

    expect(await changeAddress(db, ada, actorFor(ada), 'pia', typed('pia.new@acme.test'), NO_CAPS, later())).toHaveProperty(
      'mailId',
    )
  })

  it('still gets the mails of its own account', async () => {
    await suppressed('bob@acme.test')
    const { mailIds } = (await forgotPassword(db, typed('bob@acme.test'), IP, NO_CAPS, Date.now())) as { mailIds: string[] }

    expect((await leaseMail(db, mailIds[0] ?? '', Date.now()))?.letter).toMatchObject({ kind: 'password_reset' })
  })

  it('is not sent what waits for it in the outbox, of whichever workspace, and its open links still work', async () => {
    const nell = await invitee(cat, 'nell@acme.test')
    await suppressed('nell@acme.test')

    expect(await leaseMail(db, nell.mailId, Date.now())).toMatchObject({ letter: undefined, leftAlone: true })
    expect(await accept(db, nell.jti, { passwordHash: '$scrypt$', name: null }, IP, Date.now())).toBe(true)
  })
})

describe('who declines for good', () => {
  it('is declined and never invited again, in one step', async () => {
    const nell = await invitee(ada, 'Nell@ACME.test')

    expect(await decline(db, nell.jti, SOMEBODY, Date.now(), NEVER)).toBe(true)
    expect(await suppressions()).toEqual([{ email_key: 'nell@acme.test', reason: 'asked' }])
    expect(await all('SELECT kind FROM activity WHERE member_id = ? ORDER BY rowid', nell.memberId)).toEqual([
      { kind: 'invited' },
      { kind: 'declined' },
    ])
    for (const by of [ada, cat])
      expect(await inviteTo('nell@acme.test', by)).toEqual({ reason: 'cannot_be_mailed', memberId: undefined })
  })

  it.each(['cancelled', 'resent', 'lapsed'])('with a link that was %s changes nothing', async (end) => {
    const nell = await invitee(ada)
    if (end === 'cancelled') await cancel(db, ada, actorFor(ada), nell.memberId, Date.now())
    if (end === 'resent') await resend(db, ada, actorFor(ada), nell.memberId, NO_CAPS, later())
    const before = await dump()

    expect(await decline(db, nell.jti, SOMEBODY, Date.now() + (end === 'lapsed' ? 73 * 3_600_000 : 0), NEVER)).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('for the first time keeps the reason that is there', async () => {
    const nell = await invitee(ada)
    await suppressed(nell.email)
    await decline(db, nell.jti, SOMEBODY, Date.now(), NEVER)

    expect(await suppressions()).toEqual([{ email_key: nell.email, reason: 'complained' }])
  })

  it('while two workspaces invite: nothing is mailed after that, and what was written before is not sent', async () => {
    await tryOften(async (n) => {
      const nell = await invitee(ada)
      const made = await together(async (i) =>
        i === n % 20 ? decline(db, nell.jti, SOMEBODY, Date.now(), NEVER) : inviteTo(nell.email, i % 2 ? ada : cat),
      )

      expect(made[n % 20]).toBe(true)
      expect(await one('SELECT id FROM members WHERE tenant_id = ? AND email_key = ?', 'acme', nell.email)).toBeUndefined()
      const written = await all<{ id: string }>('SELECT id FROM mails WHERE to_key = ? AND id <> ?', nell.email, nell.mailId)
      expect(written.length).toBeLessThanOrEqual(1)
      for (const { id } of written) expect(await leaseMail(db, id, Date.now())).toMatchObject({ letter: undefined })
      expect(await inviteTo(`${nell.email}`, cat)).toMatchObject({
        reason: written.length ? 'already_pending' : 'cannot_be_mailed',
      })
    })
  })
})
