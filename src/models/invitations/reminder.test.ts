import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody } from '../../../test/cast'
import { counted } from '../../../test/counted'
import { all, dump, one, run } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { RESEND } from '../../limits'
import { type MemberAct, nobodyAt } from '../core/act'
import { accept } from './acceptance'
import { cancel } from './cancel'
import { decline } from './decline'
import { tellExpired } from './notice'
import { remind } from './reminder'
import { resend } from './resend'

const HOUR_MS = 3_600_000
/** Of an invitation that lives three days, two days before it expires. */
const DUE_MS = 24 * HOUR_MS

let ada: MemberAct
let now: number

beforeEach(async () => {
  now = Date.now()
  ada = await actNamed('ada', now)
  await run('UPDATE invitations SET remind_at = NULL')
})

/** Somebody whose invitation was sent, and whose reminder is due by the time that is called `due`. */
async function invited(by = ada) {
  const nell = await invitee(by)
  await run("UPDATE mails SET state = 'sent' WHERE id = ?", nell.mailId)
  return nell
}
const due = () => now + DUE_MS
const remindAt = (at: number, caps = NO_CAPS) => remind(somebody(at), caps)
const reminders = () => all<{ member_id: string }>("SELECT member_id FROM mails WHERE kind = 'reminder'")
const waiting = () => all('SELECT id FROM invitations WHERE remind_at IS NOT NULL')

describe('a reminder', () => {
  it('is due two days before the invitation expires, carries its open link and happens once', async () => {
    const nell = await invited()
    expect(await remindAt(due() - 1)).toEqual([])
    const [mailId = ''] = await remindAt(due())

    const mail = await leaseMail(somebody(due()), mailId)
    expect(mail).toMatchObject({ to: nell.email, letter: { kind: 'reminder', link: { jti: nell.jti }, inviter: 'Ada Admin' } })
    expect(await one('SELECT tenant_id, member_id FROM mails WHERE id = ?', mailId)).toEqual({
      tenant_id: 'acme',
      member_id: nell.memberId,
    })
    expect(await remindAt(due() + HOUR_MS)).toEqual([])
    expect(await waiting()).toEqual([])
  })

  it('does not come for a link that works for two days or less', async () => {
    await run("UPDATE tenants SET invitation_lifetime_ms = ? WHERE id = 'acme'", 48 * HOUR_MS)
    await invited()

    expect(await waiting()).toEqual([])
  })

  it('of an invitation that was resent is that of the newest link', async () => {
    const nell = await invited()
    await resend({ ...ada, now: now + HOUR_MS }, nell.memberId, NO_CAPS)
    await run("UPDATE mails SET state = 'sent'")

    expect(await remindAt(due())).toEqual([])
    expect(await remindAt(due() + HOUR_MS)).toHaveLength(1)
  })

  const TO_NOBODY: [string, (nell: Awaited<ReturnType<typeof invited>>) => Promise<unknown>][] = [
    ['has accepted', ({ jti }) => accept(somebody(now), jti, { passwordHash: '$scrypt$', name: null })],
    ['has declined', ({ jti }) => decline(somebody(now), jti, { never: false })],
    ['was cancelled', ({ memberId }) => cancel(ada, memberId)],
    ['may not be emailed', ({ email }) => run("INSERT INTO suppressions VALUES (?, '', 'complained', 1)", email)],
    ['wants no email from there', ({ email }) => run("INSERT INTO suppressions VALUES (?, 'acme', 'asked', 1)", email)],
    ['belongs to a workspace that reminds nobody', () => run("UPDATE tenants SET reminders = 0 WHERE id = 'acme'")],
    ...['bounced', 'complained', 'failed', 'dropped'].map((state): (typeof TO_NOBODY)[number] => [
      `has a mail that was ${state}`,
      ({ mailId }) => run('UPDATE mails SET state = ? WHERE id = ?', state, mailId),
    ]),
  ]
  it.each(TO_NOBODY)('is not for somebody who %s, now or later', async (_, happen) => {
    await happen(await invited())

    expect(await remindAt(due())).toEqual([])
    expect(await waiting()).toEqual([])
  })

  it('comes after the invitation itself, and not once that has expired', async () => {
    const { mailId } = await invited()
    await run("UPDATE mails SET state = 'queued' WHERE id = ?", mailId)
    expect(await remindAt(due())).toEqual([])
    await run("UPDATE mails SET state = 'delivered' WHERE id = ?", mailId)

    expect(await remindAt(due() + HOUR_MS - 1)).toEqual([])
    expect(await remindAt(now + 72 * HOUR_MS)).toEqual([])
    expect(await waiting()).toEqual([])
  })

  it('that is held back is tried again in an hour while the link works then, and holds up no notice after it', async () => {
    const { mailId, email } = await invited()
    await run("UPDATE mails SET state = 'queued' WHERE id = ?", mailId)
    await remindAt(now + 71 * HOUR_MS - 1)
    expect(await waiting()).toHaveLength(1)

    await remindAt(now + 72 * HOUR_MS - 1)
    expect(await waiting()).toEqual([])
    await tellExpired(somebody(now + 72 * HOUR_MS))
    expect(await all('SELECT kind FROM notices WHERE about_email = ?', email)).toEqual([{ kind: 'expired' }])
  })

  it('and a notice are due for no invitation that is closed', async () => {
    const [accepts, declines, cancelled, resent] = [await invited(), await invited(), await invited(), await invited()]
    await accept(somebody(now), accepts.jti, { passwordHash: '$scrypt$', name: null })
    await decline(somebody(now), declines.jti, { never: false })
    await cancel(ada, cancelled.memberId)
    await resend({ ...ada, now: now + HOUR_MS }, resent.memberId, NO_CAPS)

    expect(
      await all("SELECT id FROM invitations WHERE state <> 'open' AND coalesce(remind_at, expiry_notice_at) IS NOT NULL"),
    ).toEqual([])
    expect(await all("SELECT id FROM invitations WHERE state <> 'open'")).toHaveLength(4)
  })

  it('is not sent to somebody who accepted meanwhile', async () => {
    const nell = await invited()
    const [mailId = ''] = await remindAt(due())
    await accept(somebody(due()), nell.jti, { passwordHash: '$scrypt$', name: null })

    expect(await leaseMail(somebody(due()), mailId)).toMatchObject({ letter: undefined })
  })
})

describe('reminders', () => {
  it('of twenty runs at once are one for each person', async () => {
    await tryOften(async () => {
      const people = [await invited(), await invited()]
      const made = await together(() => remindAt(due()))

      expect(made.flat()).toHaveLength(2)
      for (const { memberId } of people)
        expect(await all("SELECT id FROM mails WHERE kind = 'reminder' AND member_id = ?", memberId)).toHaveLength(1)
    })
  })

  it('keep within the mails that a workspace and all of them may send, and the rest follow', async () => {
    for (let i = 0; i < 4; i++) await invited()
    await invited(await actNamed('cat', now))
    const [used] = await all<{ n: number }>("SELECT sent AS n FROM mail_days WHERE tenant_id = 'acme'")
    const inWorkspace = { ...NO_CAPS, mailsADay: (used?.n ?? 0) + 1 }

    expect(await remindAt(now + DUE_MS - 2, inWorkspace)).toEqual([])
    await run('UPDATE invitations SET remind_at = 1 WHERE remind_at IS NOT NULL')
    expect(await remindAt(now + 1000, inWorkspace), 'one here, and the one there').toHaveLength(2)
    expect(await remindAt(now + 1000)).toEqual([])
    expect(await remindAt(now + 2 * HOUR_MS, { ...NO_CAPS, mailsADayInAll: 8 }), 'five invited, two reminded').toHaveLength(1)
    expect(await remindAt(now + 4 * HOUR_MS)).toHaveLength(2)
    expect(await remindAt(now + 6 * HOUR_MS)).toEqual([])
    expect(await reminders()).toHaveLength(5)
  })

  it('count the emails of a workspace once, and not for each person', async () => {
    const database = counted(env.DB)
    await remind({ db: connect(database), by: nobodyAt(''), now: due() }, NO_CAPS)
    const [{ sql, values } = { sql: '', values: [] }] = database.queries
    const read = async () => {
      await run("DELETE FROM mails WHERE kind = 'reminder'")
      await run("UPDATE invitations SET remind_at = 1 WHERE state = 'open'")
      return (
        await env.DB.prepare(sql)
          .bind(...values)
          .run()
      ).meta.rows_read
    }
    for (let i = 0; i < 5; i++) await invited()
    const before = await read()
    await run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
      INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, state, created_at)
      SELECT 'today' || i, 'acme', NULL, 'invitation', 'x', 'x' || i, 'invitation-pia', 'sent', ${due() - HOUR_MS} FROM n`)

    expect((await read()) - before).toBeLessThan(3 * 200)
  })

  it('that fail half-way leave nothing behind', async () => {
    await invited()
    await run("CREATE TRIGGER trouble BEFORE UPDATE ON invitations BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    await expect(remindAt(due())).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })

  it('take one round trip, at most a hundred at a time, and walk through no table', async () => {
    await run(`WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 220)
      INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
      SELECT 'p' || i, 'acme', 'p' || i, 'p' || i, 'user', 'pending', 'all', 1 FROM n`)
    await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at, remind_at)
      SELECT id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 9999999999999, 1 FROM members WHERE id GLOB 'p[0-9]*'`)
    const database = counted(env.DB)

    expect(await remind({ db: connect(database), by: nobodyAt(''), now }, NO_CAPS)).toHaveLength(100)
    expect(await remindAt(now)).toHaveLength(20)
    expect(database.roundTrips()).toBe(1)
    for (const { sql, values } of database.queries) expect(await scansOf(sql, values), sql).toEqual([])
  })
})

it('a resend waits sixty seconds after a reminder', async () => {
  const nell = await invited()
  await remindAt(due())

  expect(await resend({ ...ada, now: due() + RESEND.cooldownMs - 1 }, nell.memberId, NO_CAPS)).toMatchObject({
    reason: 'too_soon',
  })
})
