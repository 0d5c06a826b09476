import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { actNamed, invitee, NO_CAPS, somebody } from '../../../test/cast'
import { signedIn } from '../../../test/client'
import { counted } from '../../../test/counted'
import { all, dump, one, run } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { DAY_MS, MINUTE_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { resendUnsent } from './unsent'

let ada: MemberAct
/** Four days later, when the links of today have expired. */
let later: MemberAct

beforeEach(async () => {
  ada = await actNamed('ada')
  later = { ...ada, now: ada.now + 4 * DAY_MS }
  await run("UPDATE mails SET state = 'sent', sent_at = 1")
})

const people = (count: number) => Promise.all(Array.from({ length: count }, () => invitee(ada)))

it('what expired before its email was sent is resent in one go, to the same people, with a full lifetime', async () => {
  const [nell, finn] = await people(2)
  const { mailIds, left } = await resendUnsent(later, NO_CAPS)

  expect([mailIds.length, left]).toEqual([2, 0])
  const letters = await Promise.all(mailIds.map((id) => leaseMail(somebody(later.now), id)))
  expect(letters.map((mail) => mail?.to).toSorted()).toEqual([nell?.email, finn?.email].toSorted())
  for (const mail of letters)
    expect(mail?.letter).toMatchObject({ kind: 'invitation', inviter: 'Ada Admin', link: { iat: later.now } })
  expect(new Set(letters.map((mail) => mail?.letter && 'link' in mail.letter && mail.letter.link.jti)).size).toBe(2)
  expect(await one("SELECT count(*) AS n FROM activity WHERE kind = 'resent'")).toEqual({ n: 2 })
  expect(await one("SELECT sent FROM mail_days WHERE tenant_id = 'acme' AND resets_at > ?", later.now)).toEqual({ sent: 2 })
  expect(await resendUnsent({ ...later, now: later.now + MINUTE_MS }, NO_CAPS)).toMatchObject({ mailIds: [], left: 0 })
})

it.each([
  ['is still good', 'UPDATE invitations SET expires_at = expires_at + 9999999999'],
  ['was sent', "UPDATE mails SET state = 'sent', sent_at = 2"],
  ['was refused by the provider', "UPDATE mails SET state = 'failed'"],
  ['is closed', "UPDATE invitations SET state = 'cancelled', closed_at = 1, write_nonce = id"],
  ['belongs to another workspace', "UPDATE invitations SET tenant_id = 'globex'"],
])('an invitation that %s is left alone', async (_, change) => {
  await people(1)
  await run("UPDATE members SET tenant_id = 'globex' WHERE status = 'pending' AND ? GLOB '*globex*'", change)
  await run(change)
  const before = await dump()

  expect(await resendUnsent(later, NO_CAPS)).toMatchObject({ mailIds: [], left: 0 })
  expect(await dump()).toEqual(before)
})

it('no more are resent than the day allows, and the rest are said to be left', async () => {
  await people(3)
  expect(await resendUnsent(later, { ...NO_CAPS, mailsADay: 2 })).toMatchObject({
    mailIds: [expect.any(String), expect.any(String)],
    left: 1,
  })
  const before = await dump()
  expect(await resendUnsent({ ...later, now: later.now + 1 }, { ...NO_CAPS, mailsADay: 2 })).toEqual({
    mailIds: [],
    left: 1,
    refusal: { reason: 'too_many_mails', retryAt: later.now + DAY_MS },
  })
  expect(await dump()).toEqual(before)
})

it('an address that may not be emailed stays where it is', async () => {
  const [nell] = await people(2)
  await run("INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES (?, 'acme', 'asked', 1)", nell?.email)

  expect(await resendUnsent(later, NO_CAPS)).toMatchObject({ mailIds: [expect.any(String)], left: 1, refusal: undefined })
  expect(await all("SELECT id FROM invitations WHERE member_id = ? AND kind = 'resend'", nell?.memberId)).toEqual([])
})

it('of twenty who press it at once each person gets one email', async () => {
  await tryOften(async (n) => {
    const act = { ...ada, now: ada.now + n * 5 * DAY_MS }
    const [nell] = await Promise.all([invitee(act), invitee(act)])
    const at = act.now + 4 * DAY_MS
    const done = await together(() => resendUnsent({ ...act, now: at }, NO_CAPS))

    expect(done.flatMap(({ mailIds }) => mailIds)).toHaveLength(2)
    expect(await all('SELECT id FROM mails WHERE member_id = ? AND created_at = ?', nell?.memberId, at)).toHaveLength(1)
    await run("UPDATE mails SET state = 'sent', sent_at = 1")
  }, 10)
})

it('is one round trip, and walks through no table', async () => {
  await people(3)
  const database = counted(env.DB)
  expect((await resendUnsent({ ...later, db: connect(database) }, NO_CAPS)).mailIds).toHaveLength(3)

  expect(database.roundTrips()).toBe(1)
  for (const { sql, values } of database.queries) expect(await scansOf(sql, values), sql).toEqual([])
})

it('the user table says of each that its email was never sent, and the filter offers to resend them all', async () => {
  await people(2)
  await run(
    "UPDATE invitations SET created_at = 1, expires_at = 2 WHERE id IN (SELECT invitation_id FROM mails WHERE state = 'queued')",
  )
  await run("UPDATE mails SET created_at = 1 WHERE state = 'queued'")
  const client = await signedIn('ada')
  const page = await (await client.get('/w/acme/access/users?status=expired')).text()
  expect(page.match(/Expired before its email was sent\./g)).toHaveLength(2)
  expect(page).toContain('2 invitations expired before their email was sent.')
  expect(await (await client.get('/w/acme/access/users')).text()).not.toContain('Resend all')

  const answer = await client.submit('/w/acme/access/invitations/unsent')
  expect(await answer.text()).toContain('2 invitations resent.')
  expect(client.posted).toHaveLength(2)
})
