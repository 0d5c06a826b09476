import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, actOf, invitee, somebody, viewerNamed } from '../../../test/cast'
import { counted } from '../../../test/counted'
import { all, dump, run } from '../../../test/database'
import { leaseMail } from '../../../test/outbox'
import { scansOf } from '../../../test/plan'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { type MemberAct, nobodyAt } from '../core/act'
import { remove } from '../members/membership'
import { accept } from './acceptance'
import { decline } from './decline'
import { chooseNotices } from './notice'
import { gatherNotices } from './notice-mail'

const HOUR_MS = 3_600_000

let ada: MemberAct
let now: number

beforeEach(async () => {
  now = Date.now()
  ada = await actNamed('ada', now)
})

/** News for whoever invited: of somebody who accepts under this name. */
async function accepted(by = ada, name: string | null = null) {
  const nell = await invitee(by)
  await accept(somebody(now), nell.jti, { passwordHash: '$scrypt$', name })
  return nell
}
const gather = (at = now) => gatherNotices(somebody(at))
const letterOf = async (mailId = '', at = now) => (await leaseMail(somebody(at), mailId))?.letter
const mailsTo = (email: string) => all("SELECT id FROM mails WHERE kind = 'notice' AND to_key = ?", email)

describe('what waits for one person', () => {
  it('goes out in one mail, in the order in which it happened', async () => {
    const nell = await accepted(ada, 'Nell')
    const frank = await invitee(ada, undefined, 'Frank Osei')
    await decline(somebody(now + 1), frank.jti, { never: false })
    const [mailId, ...others] = await gather(now + 2)

    expect(others).toEqual([])
    expect(await letterOf(mailId, now + 2)).toEqual({
      kind: 'notice',
      workspace: { id: 'acme', name: 'Acme' },
      notices: [
        { kind: 'accepted', name: 'Nell', email: nell.email, at: now, memberId: nell.memberId, app: null },
        { kind: 'declined', name: 'Frank Osei', email: frank.email, at: now + 1, memberId: null, app: null },
      ],
      more: 0,
    })
    expect(await all('SELECT tenant_id, member_id, to_email FROM mails WHERE id = ?', mailId)).toEqual([
      { tenant_id: 'acme', member_id: 'ada', to_email: 'ada@acme.test' },
    ])
    expect(await gather()).toEqual([])
  })

  it('is listed up to fifty, and the rest counted', async () => {
    const { memberId } = await accepted()
    await run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
       INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at, closed_at, write_nonce)
       SELECT 'i' || i, 'acme', ?, 'invite', printf('%043d', i), 'Ada', 'superseded', 1, 2, 2, 'c' || i FROM n`,
      memberId,
    )
    await run(`INSERT INTO notices (id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at)
      SELECT id, 'acme', 'ada', id, 'bounced', 'nell@acme.test', ${now} + substr(id, 2), 1 FROM invitations WHERE id GLOB 'i[0-9]*'`)
    const letter = await letterOf((await gather())[0])

    expect(letter).toMatchObject({ more: 11, notices: expect.objectContaining({ length: 50 }) })
  })

  it('in two workspaces goes out in two mails', async () => {
    await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
      VALUES ('ada-there', 'globex', 'user-ada', 'ada@acme.test', 'ada@acme.test', 'admin', 'active', 'all', 1, 1)`)
    await accepted()
    await accepted(actOf(await viewerNamed('ada', 'globex'), now))
    const letters = await Promise.all((await gather()).map((id) => letterOf(id)))

    expect(letters.map((letter) => letter?.kind === 'notice' && letter.workspace.id).toSorted()).toEqual(['acme', 'globex'])
  })

  it('goes out with the mail that it was gathered for, also of two runs in the same millisecond', async () => {
    const nell = await accepted()
    const [first] = await gather()
    const frank = await accepted()
    const [second] = await gather()

    expect(await letterOf(first)).toMatchObject({ notices: [{ email: nell.email }] })
    expect(await letterOf(second)).toMatchObject({ notices: [{ email: frank.email }] })
  })

  it('goes out once, of twenty runs at once, and all of it', async () => {
    const cat = await actNamed('cat', now)
    await tryOften(async (n) => {
      const news = [await accepted(), await accepted(), await accepted(cat)]
      const mails = (await together(() => gather(now + n))).flat()

      expect(mails).toHaveLength(2)
      const letters = await Promise.all(mails.map((id) => letterOf(id, now + n)))
      const listed = letters.flatMap((letter) => (letter?.kind === 'notice' ? letter.notices : [])).map(({ email }) => email)
      expect(listed.toSorted()).toEqual(news.map(({ email }) => email).toSorted())
    }, 20)
  })
})

describe('somebody who chose one mail a day', () => {
  it('gets what happened since, a day after the last', async () => {
    await chooseNotices(ada, 'daily')
    await accepted()
    expect(await gather()).toHaveLength(1)
    await accepted()
    await accepted()

    expect(await gather(now + 23 * HOUR_MS)).toEqual([])
    const [mailId] = await gather(now + 24 * HOUR_MS)
    expect(await letterOf(mailId, now + 24 * HOUR_MS)).toMatchObject({ notices: [{ kind: 'accepted' }, { kind: 'accepted' }] })
    expect(await mailsTo('ada@acme.test')).toHaveLength(2)
  })

  it('does not hold up the others', async () => {
    await chooseNotices(ada, 'daily')
    await accepted()
    await gather()
    await run('UPDATE notices SET mail_id = NULL, due_at = due_at + 1000000')
    await accepted(await actNamed('cat', now))

    expect(await gather()).toHaveLength(1)
    expect(await mailsTo('cat@globex.test')).toHaveLength(1)
  })
})

const ENDS: [string, string][] = [
  ['is no admin any more', "UPDATE members SET role = 'user' WHERE id = 'ada'"],
  ['is disabled', "UPDATE members SET status = 'disabled' WHERE id = 'ada'"],
  ['wants no notices', "UPDATE members SET notices = 'off' WHERE id = 'ada'"],
  ['may not be emailed', "INSERT INTO suppressions VALUES ('ada@acme.test', '', 'complained', 1)"],
]
describe.each(ENDS)('somebody who %s', (_, change) => {
  it('gets no mail, and what waited for them is gone', async () => {
    await accepted()
    await run(change)

    expect(await gather()).toEqual([])
    expect(await all('SELECT id FROM notices')).toEqual([])
  })

  it('is not sent what was gathered before', async () => {
    await accepted()
    const [mailId] = await gather()
    await run(change)

    expect(await letterOf(mailId)).toBeUndefined()
  })
})

it('a mail to somebody who was deleted is not sent, and their notices are gone', async () => {
  await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
  await accepted(await actNamed('bob', now))
  const [mailId] = await gather()
  await remove(ada, { id: 'bob' })

  expect(await all('SELECT id FROM notices')).toEqual([])
  expect(await leaseMail(somebody(now), mailId ?? '')).toMatchObject({ letter: undefined })
})

it('a run that fails half-way leaves nothing behind', async () => {
  await accepted()
  await run("CREATE TRIGGER trouble BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'trouble'); END")
  const before = await dump()

  await expect(gather()).rejects.toThrow()
  expect(await dump()).toEqual(before)
})

it('gathering takes one round trip and walks through no table', async () => {
  await accepted()
  const database = counted(env.DB)
  const [mailId = ''] = await gatherNotices({ db: connect(database), by: nobodyAt(''), now })
  expect(database.roundTrips()).toBe(1)

  await leaseMail({ db: connect(database), now }, mailId)
  for (const { sql, values } of database.queries) expect(await scansOf(sql, values), sql).toEqual([])
})
