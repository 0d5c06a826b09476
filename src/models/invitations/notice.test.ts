import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, type Invitee, IP, invitee, NO_CAPS, SOMEBODY, viewerNamed } from '../../../test/cast'
import { counted } from '../../../test/counted'
import { all, dump, one, run } from '../../../test/database'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { remove } from '../members/membership'
import type { Viewer } from '../members/viewer'
import { accept } from './acceptance'
import { cancel, decline } from './invite'
import { chooseNotices, tellLapses } from './notice'
import { RESEND_COOLDOWN_MS, resend } from './resend'

const DAY_MS = 86_400_000
const LIFETIME_MS = 3 * DAY_MS

const db = connect(env.DB)
let ada: Viewer
let now: number

beforeEach(async () => {
  ada = await viewerNamed('ada')
  now = Date.now()
  await run('UPDATE invitations SET lapse_notice_at = NULL')
})

const acceptAs = ({ jti }: Pick<Invitee, 'jti'>, at = now) => accept(db, jti, { passwordHash: '$scrypt$', name: null }, IP, at)
const told = () => all('SELECT member_id, kind, about_email FROM notices ORDER BY rowid')
const lapseAt = (at: number) => tellLapses(db, at)

describe('the inviter is told', () => {
  it('when an invitation is accepted, declined, or lapses', async () => {
    const [accepts, declines, lapses] = [await invitee(ada), await invitee(ada), await invitee(ada)]
    await acceptAs(accepts)
    await decline(db, declines.jti, SOMEBODY, now, true)
    await lapseAt(now + LIFETIME_MS + 1000)

    expect(await told()).toEqual([
      { member_id: 'ada', kind: 'accepted', about_email: accepts.email },
      { member_id: 'ada', kind: 'declined', about_email: declines.email },
      { member_id: 'ada', kind: 'lapsed', about_email: lapses.email },
    ])
  })

  it('not when it is cancelled, and not of the link that a resend replaced', async () => {
    const [cancelled, resent] = [await invitee(ada, undefined, now), await invitee(ada, undefined, now)]
    await cancel(db, ada, actorFor(ada), cancelled.memberId, now)
    await resend(db, ada, actorFor(ada), resent.memberId, NO_CAPS, now + RESEND_COOLDOWN_MS)

    await lapseAt(now + LIFETIME_MS)
    expect(await told()).toEqual([])
    await lapseAt(now + LIFETIME_MS + RESEND_COOLDOWN_MS)
    expect(await told()).toEqual([{ member_id: 'ada', kind: 'lapsed', about_email: resent.email }])
  })

  const NOBODY: [string, string][] = [
    ['is no admin any more', "UPDATE members SET role = 'user' WHERE id = 'ada'"],
    ['is disabled', "UPDATE members SET status = 'disabled' WHERE id = 'ada'"],
    ['wants no notices', "UPDATE members SET notices = 'off' WHERE id = 'ada'"],
    ['may not be mailed', "INSERT INTO suppressions VALUES ('ada@acme.test', 'complained', 1)"],
  ]
  it.each(NOBODY)('unless they are somebody who %s', async (_, change) => {
    const nell = await invitee(ada)
    await run(change)

    expect(await acceptAs(nell)).toBe(true)
    expect(await told()).toEqual([])
  })

  it('together with what happened, or neither is', async () => {
    const nell = await invitee(ada)
    await run("CREATE TRIGGER trouble BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    for (const happen of [acceptAs(nell), decline(db, nell.jti, SOMEBODY, now), lapseAt(now + LIFETIME_MS + 1000)])
      await expect(happen).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })
})

it('an inviter who was deleted is told nothing, and what waited for them is gone', async () => {
  await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
  const bob = await viewerNamed('bob')
  const [first, second] = [await invitee(bob), await invitee(bob)]
  await acceptAs(first)
  expect(await told()).toHaveLength(1)

  await remove(db, ada, actorFor(ada), 'bob', now)
  expect(await told()).toEqual([])
  expect(await acceptAs(second)).toBe(true)
  expect(await told()).toEqual([])
})

describe('lapses', () => {
  it('are told once, of twenty runs at once', async () => {
    await tryOften(async () => {
      const nell = await invitee(ada, undefined, now)
      await together(() => lapseAt(now + LIFETIME_MS))

      expect(await all('SELECT kind FROM notices WHERE about_email = ?', nell.email)).toEqual([{ kind: 'lapsed' }])
      await run('DELETE FROM notices')
      expect(await lapseAt(now + LIFETIME_MS)).toBe(0)
    }, 20)
  })

  it('take one round trip, a hundred at a time, and walk through no table', async () => {
    await run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
      INSERT INTO invitations (id, tenant_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, claim, lapse_notice_at)
      SELECT 'i' || i, 'acme', 'invite', printf('%043d', i), 'Ada', 'superseded', 1, 2, 2, 'c' || i, 2 FROM n`)
    const database = counted(env.DB)

    expect(await tellLapses(connect(database), now)).toBe(100)
    expect(await lapseAt(now)).toBe(20)
    expect(database.roundTrips()).toBe(1)
    for (const { sql, values } of database.queries) expect(await scansOf(sql, values), sql).toEqual([])
  })
})

describe('a choice', () => {
  const dueIn = async () => (await one<{ ms: number }>('SELECT due_at - ? AS ms FROM notices', now))?.ms
  const mailed = (at: number) =>
    run(
      `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, created_at)
       VALUES ('mail-news', 'acme', 'ada', 'notice', 'ada@acme.test', 'ada@acme.test', ?)`,
      at,
    )

  it('of each has a notice go out with the next run', async () => {
    await mailed(now)
    await acceptAs(await invitee(ada))

    expect(await dueIn()).toBe(0)
  })

  it('of daily has it wait for a day after the last mail, and not after none', async () => {
    await chooseNotices(db, ada, 'daily', now)
    await mailed(now - DAY_MS / 4)
    await acceptAs(await invitee(ada))
    expect(await dueIn()).toBe((DAY_MS * 3) / 4)

    await run('DELETE FROM notices')
    await run("UPDATE mails SET created_at = 1 WHERE kind = 'notice'")
    await acceptAs(await invitee(ada))
    expect(await dueIn()).toBe(0)
  })

  it('holds for what waits already', async () => {
    await mailed(now)
    await acceptAs(await invitee(ada))
    await chooseNotices(db, ada, 'daily', now)
    expect(await dueIn()).toBe(DAY_MS)
    await chooseNotices(db, ada, 'each', now)
    expect(await dueIn()).toBe(0)
    await chooseNotices(db, ada, 'off', now)
    expect(await told()).toEqual([])
  })
})
