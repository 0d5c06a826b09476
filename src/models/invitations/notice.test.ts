import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, type Invitee, invitee, NO_CAPS, somebody } from '../../../test/cast'
import { counted } from '../../../test/counted'
import { all, dump, one, run } from '../../../test/database'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { RESEND } from '../../limits'
import { type MemberAct, nobodyAt } from '../core/act'
import { remove } from '../members/membership'
import { accept } from './acceptance'
import { cancel } from './cancel'
import { decline } from './decline'
import { chooseNotices, tellExpired } from './notice'
import { remind } from './reminder'
import { resend } from './resend'

const DAY_MS = 86_400_000
const LIFETIME_MS = 3 * DAY_MS

let ada: MemberAct
let now: number

beforeEach(async () => {
  now = Date.now()
  ada = await actNamed('ada', now)
  await run('UPDATE invitations SET expiry_notice_at = NULL')
})

const acceptAs = ({ jti }: Pick<Invitee, 'jti'>, at = now) => accept(somebody(at), jti, { passwordHash: '$scrypt$', name: null })
const told = () => all('SELECT member_id, kind, about_email FROM notices ORDER BY at, kind, about_email')
/** As the Cron does, in one minute or in two. */
const expireAt = async (at: number) => {
  await remind(somebody(at), NO_CAPS)
  return tellExpired(somebody(at))
}
const expired = { member_id: 'ada', kind: 'expired' }

describe('the inviter is told', () => {
  it('when an invitation is accepted, declined, or expires', async () => {
    const [accepts, declines, expires] = [await invitee(ada), await invitee(ada), await invitee(ada)]
    await acceptAs(accepts)
    await decline(somebody(now), declines.jti, { never: true })
    await expireAt(now + LIFETIME_MS + 1000)

    expect(await told()).toEqual([
      { member_id: 'ada', kind: 'accepted', about_email: accepts.email },
      { member_id: 'ada', kind: 'declined', about_email: declines.email },
      { ...expired, about_email: expires.email },
    ])
  })

  it('not when it is cancelled, and not of the link that a resend replaced', async () => {
    const [cancelled, resent] = [await invitee(ada), await invitee(ada)]
    await cancel(ada, cancelled.memberId)
    await resend({ ...ada, now: now + RESEND.cooldownMs }, resent.memberId, NO_CAPS)

    await expireAt(now + LIFETIME_MS)
    expect(await told()).toEqual([])
    await expireAt(now + LIFETIME_MS + RESEND.cooldownMs)
    expect(await told()).toEqual([{ ...expired, about_email: resent.email }])
  })

  const NOBODY: [string, string][] = [
    ['wants no notices', "UPDATE members SET notices = 'off' WHERE id = 'ada'"],
    ['may not be emailed', "INSERT INTO suppressions VALUES ('ada@acme.test', 'acme', 'complained', 1)"],
  ]
  it.each(NOBODY)('unless they are an admin who %s, and then nobody is', async (_, change) => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const nell = await invitee(ada)
    await run(change)

    expect(await acceptAs(nell)).toBe(true)
    expect(await told()).toEqual([])
  })

  it('together with what happened, or neither is', async () => {
    const nell = await invitee(ada)
    await remind(somebody(now + LIFETIME_MS + 1000), NO_CAPS)
    await run("CREATE TRIGGER trouble BEFORE INSERT ON notices BEGIN SELECT RAISE(ABORT, 'trouble'); END")
    const before = await dump()

    for (const happen of [acceptAs(nell), decline(somebody(now), nell.jti, { never: false }), expireAt(now + LIFETIME_MS + 1000)])
      await expect(happen).rejects.toThrow()
    expect(await dump()).toEqual(before)
  })
})

it('an inviter who was deleted is told nothing, what waited for them is gone, and the next admin hears the rest', async () => {
  await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
  const bob = await actNamed('bob', now)
  const [first, second] = [await invitee(bob), await invitee(bob)]
  await acceptAs(first)
  expect(await told()).toHaveLength(1)

  await remove(ada, { id: 'bob' })
  expect(await told()).toEqual([])
  expect(await acceptAs(second)).toBe(true)
  expect(await told()).toEqual([{ member_id: 'ada', kind: 'accepted', about_email: second.email }])
})

describe('without an inviter who is an active admin the one who has been here longest is told', () => {
  beforeEach(async () => {
    await run(`INSERT INTO users (id, email, email_key, created_at) VALUES ('user-eve', 'eve@acme.test', 'eve@acme.test', 1)`)
    await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      VALUES ('eve', 'acme', 'user-eve', 'eve@acme.test', 'eve@acme.test', 'admin', 'active', 'all', 1, 1)`)
    await run("UPDATE members SET role = 'admin', joined_at = 2 WHERE id = 'bob'")
  })
  const inviterLeaves = () => run("UPDATE members SET role = 'user' WHERE id = 'ada'")

  const GONE: [string, string][] = [
    ['demoted', "UPDATE members SET role = 'user' WHERE id = 'ada'"],
    ['disabled', "UPDATE members SET status = 'disabled' WHERE id = 'ada'"],
  ]
  it.each(GONE)('once the inviter was %s', async (_, change) => {
    const nell = await invitee(ada)
    await run(change)
    await acceptAs(nell)

    expect(await told()).toEqual([{ member_id: 'eve', kind: 'accepted', about_email: nell.email }])
  })

  it('and if they want no notices, or may not be emailed, the next', async () => {
    const [first, second] = [await invitee(ada), await invitee(ada)]
    await inviterLeaves()
    await run("UPDATE members SET notices = 'off' WHERE id = 'eve'")
    await acceptAs(first)
    await run("INSERT INTO suppressions VALUES ('bob@acme.test', '', 'complained', 1)")
    await acceptAs(second)

    expect(await told()).toEqual([{ member_id: 'bob', kind: 'accepted', about_email: first.email }])
  })

  it('never of what they did themselves, nor by another workspace', async () => {
    await run("UPDATE members SET notices = 'off' WHERE id IN ('eve', 'bob')")
    const nell = await invitee(ada)
    await run("UPDATE members SET role = 'admin' WHERE id = ?", nell.memberId)
    await inviterLeaves()
    await acceptAs(nell)

    expect(await told()).toEqual([])
  })
})

describe('expired invitations', () => {
  it('are told once, of twenty runs at once', async () => {
    await tryOften(async () => {
      const nell = await invitee(ada)
      await together(() => expireAt(now + LIFETIME_MS))

      expect(await all('SELECT kind FROM notices WHERE about_email = ?', nell.email)).toEqual([{ kind: 'expired' }])
      await run('DELETE FROM notices')
      expect(await expireAt(now + LIFETIME_MS)).toBe(0)
    }, 20)
  })

  it('take one round trip, a hundred at a time, and walk through no table', async () => {
    await run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
      INSERT INTO invitations (id, tenant_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, write_nonce, expiry_notice_at)
      SELECT 'i' || i, 'acme', 'invite', printf('%043d', i), 'Ada', 'superseded', 1, 2, 2, 'c' || i, 2 FROM n`)
    const database = counted(env.DB)

    expect(await tellExpired({ db: connect(database), by: nobodyAt(''), now })).toBe(100)
    expect(await expireAt(now)).toBe(20)
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
    await chooseNotices(ada, 'daily')
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
    await chooseNotices(ada, 'daily')
    expect(await dueIn()).toBe(DAY_MS)
    await chooseNotices(ada, 'each')
    expect(await dueIn()).toBe(0)
    await chooseNotices(ada, 'off')
    expect(await told()).toEqual([])
  })
})
