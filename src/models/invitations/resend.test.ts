import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { DAY_MS, MINUTE_MS, RESEND } from '../../limits'
import type { MemberAct } from '../core/act'
import { resend } from './resend'
import type { Caps } from './sending-limit'

let ada: MemberAct
let cat: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  cat = await actNamed('cat')
})

const resendAt = (now: number, memberId: string, { by = ada, caps = NO_CAPS }: { by?: MemberAct; caps?: Caps } = {}) =>
  resend({ ...by, now }, memberId, caps)
const linksOf = (memberId: string) =>
  all("SELECT state, kind, note FROM invitations WHERE member_id = ? ORDER BY created_at, state = 'open'", memberId)

const rowsAbout = (memberId: string) =>
  one<{ open: number; mails: number; entries: number }>(
    `SELECT (SELECT count(*) FROM invitations WHERE member_id = ?1 AND state = 'open') AS open,
      (SELECT count(*) FROM mails WHERE member_id = ?1) AS mails, (SELECT count(*) FROM activity WHERE member_id = ?1) AS entries`,
    memberId,
  )

describe('a resend', () => {
  it('kills the older link and makes one with a full lifetime, the same note and the same inviter', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const { memberId } = await invitee(ada)
    await run("UPDATE invitations SET note = 'Hello', copied_jti = ? WHERE member_id = ?", 'c'.repeat(43), memberId)
    const later = ada.now + 2 * DAY_MS

    expect(await resendAt(later, memberId, { by: await actNamed('bob') })).toEqual({ mailId: expect.any(String) })
    expect(await linksOf(memberId)).toEqual([
      { state: 'superseded', kind: 'invite', note: 'Hello' },
      { state: 'open', kind: 'resend', note: 'Hello' },
    ])
    expect(
      await one(
        "SELECT expires_at, inviter_id, inviter_name, copied_jti FROM invitations WHERE member_id = ? AND state = 'open'",
        memberId,
      ),
    ).toEqual({ expires_at: later + 3 * DAY_MS, inviter_id: 'ada', inviter_name: 'Ada Admin', copied_jti: null })
    expect(await rowsAbout(memberId)).toEqual({ open: 1, mails: 2, entries: 2 })
  })

  it('is possible five times a day', async () => {
    const { memberId } = await invitee(ada)
    const at = (n: number) => ada.now + n * RESEND.cooldownMs
    for (let n = 1; n <= 5; n++) expect(await resendAt(at(n), memberId)).toHaveProperty('mailId')

    expect(await resendAt(at(6), memberId)).toEqual({ reason: 'too_often', retryAt: at(1) + DAY_MS })
    expect(await resendAt(at(1) + DAY_MS, memberId)).toHaveProperty('mailId')
  })

  it('asked for twenty times at once happens once', async () => {
    await tryOften(async () => {
      const { memberId } = await invitee(ada)
      const sent = await together(() => resendAt(ada.now + RESEND.cooldownMs, memberId))

      expect(sent.filter((one) => 'mailId' in one)).toHaveLength(1)
      expect(await rowsAbout(memberId)).toEqual({ open: 1, mails: 2, entries: 2 })
    })
  })

  it.each(['bob', 'dov', 'cat', 'nobody'])('of %s, who is not pending here, changes nothing', async (memberId) => {
    const before = await dump()

    expect(await resendAt(ada.now + DAY_MS, memberId)).toEqual({ reason: 'not_pending', retryAt: null })
    expect(await dump()).toEqual(before)
  })

  it('by another workspace changes nothing', async () => {
    const before = await dump()

    expect(await resendAt(ada.now + DAY_MS, 'pia', { by: cat })).toEqual({ reason: 'not_pending', retryAt: null })
    expect(await dump()).toEqual(before)
  })
})

/** Each makes exactly one rule refuse a resend to Pia, an hour after her invitation. */
const REFUSALS: { reason: string; statements?: string[]; caps?: Partial<Caps>; retryIn?: number }[] = [
  {
    reason: 'too_often',
    statements: [1, 2, 3, 4, 5].map(
      (
        n,
      ) => `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, write_nonce)
        VALUES ('resent-${n}', 'acme', 'pia', 'resend', '${String(n).repeat(43)}', 'Ada', 'superseded', :now - ${n * MINUTE_MS}, :now, 1, '${n}')`,
    ),
    retryIn: DAY_MS - 5 * MINUTE_MS,
  },
  {
    reason: 'too_often',
    statements: [1, 2, 3, 4, 5, 6].map(
      (n) => `INSERT INTO mails (id, tenant_id, kind, to_email, to_key, created_at)
        VALUES ('earlier-${n}', 'acme', 'invitation', 'pia@acme.test', 'pia@acme.test', :now - ${n * MINUTE_MS})`,
    ),
    retryIn: DAY_MS - 6 * MINUTE_MS,
  },
  { reason: 'too_soon', statements: ["UPDATE mails SET created_at = :now - 59000 WHERE member_id = 'pia'"], retryIn: 1000 },
  {
    reason: 'cannot_be_mailed',
    statements: ["INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('pia@acme.test', '', 'complained', 1)"],
  },
  {
    reason: 'too_many_mails',
    caps: { mailsADay: 1 },
    statements: ["INSERT OR REPLACE INTO mail_days (tenant_id, sent, resets_at) VALUES ('acme', 1, :now + 4000)"],
    retryIn: 4000,
  },
  {
    reason: 'too_many_mails_in_all',
    caps: { mailsADayInAll: 7 },
    statements: ["INSERT OR REPLACE INTO mail_days (tenant_id, sent, resets_at) VALUES ('', 7, :now + 5000)"],
    retryIn: 5000,
  },
]

describe('what refuses a resend is what is told:', () => {
  const arrange = async (statements: string[] = []) => {
    for (const statement of statements) await run(statement.replaceAll(':now', String(ada.now)))
  }

  it.each(REFUSALS)('$reason', async ({ reason, statements, caps, retryIn }) => {
    await arrange(statements)
    const before = await dump()
    const all = { ...NO_CAPS, ...caps }

    expect(await resendAt(ada.now, 'pia', { caps: all })).toEqual({
      reason,
      retryAt: retryIn === undefined ? null : ada.now + retryIn,
    })
    expect(await dump()).toEqual(before)
  })

  it('nothing, where none of it is so', async () => {
    expect(await resendAt(ada.now, 'pia')).toHaveProperty('mailId')
  })

  it('of several the first of the list', async () => {
    await arrange(REFUSALS.flatMap(({ statements = [] }) => statements))
    const caps = Object.assign({}, NO_CAPS, ...REFUSALS.map((each) => each.caps))

    for (const [reason, undo] of [
      ['cannot_be_mailed', 'DELETE FROM suppressions'],
      ['too_often', "DELETE FROM invitations WHERE id LIKE 'resent-%'"],
      ['too_often', "DELETE FROM mails WHERE id LIKE 'earlier-%'"],
      ['too_soon', "UPDATE mails SET created_at = 1 WHERE member_id = 'pia'"],
      ['too_many_mails', "DELETE FROM mail_days WHERE tenant_id = 'acme'"],
      ['too_many_mails_in_all', 'DELETE FROM mail_days'],
    ] as const) {
      expect(await resendAt(ada.now, 'pia', { caps })).toMatchObject({ reason })
      await run(undo)
    }
    expect(await resendAt(ada.now, 'pia', { caps })).toHaveProperty('mailId')
  })
})
