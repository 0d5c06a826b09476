import { beforeEach, describe, expect, it } from 'vitest'
import { lacksTraces } from '../../../test/access-requests'
import { actNamed, actOf, viewerNamed } from '../../../test/cast'
import { all, dump, facts, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { connected } from '../../../test/tool'
import { startOver } from '../../../test/world'
import { ASK_AGAIN_MS, DAY_MS } from '../../limits'
import { setSections } from '../access/permission'
import type { MemberAct } from '../core/act'
import { gatherNotices } from '../invitations/notice-mail'
import { letterContextsOf } from '../mail/letter-context'
import { type Answered, decline, give } from './answer'
import { askForAccess } from './ask'
import { accessRequestCount, accessRequestsPage } from './page'

const TRIAGE = 'agent-support-triage'
let [ada, bob]: MemberAct[] = []

beforeEach(async () => {
  await startOver()
  ;[ada, bob] = [await actNamed('ada'), await actNamed('bob')]
  await connected()
  await connected({ id: 'triage', name: 'Triage', section: null, agent_id: TRIAGE })
  await lacksTraces('bob')
  await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
})

const acting = (act: MemberAct | undefined, now = Date.now()): MemberAct => {
  if (!act) throw new Error('nobody acts')
  return { ...act, now }
}
const place = () => ({ ...acting(ada), secretHash: '' })
const queue = async () => (await accessRequestsPage(place(), { cursor: '' })).map(({ memberId, appId }) => `${memberId} ${appId}`)
const askedAt = async (app = 'traces') =>
  (await one<{ at: number }>("SELECT asked_at AS at FROM access_requests WHERE member_id = 'bob' AND app_id = ?", app))?.at ?? 0
const shown = async (app = 'traces') => ({ memberId: 'bob', appId: app, askedAt: await askedAt(app), gets: ['section', 'agent'] })
const kinds = () =>
  all("SELECT kind, member_id, after FROM activity WHERE kind LIKE 'app_access%' OR kind LIKE '%_changed' ORDER BY at, id")
const mails = () => all("SELECT kind, to_key FROM mails WHERE kind LIKE 'access%' OR kind = 'notice' ORDER BY created_at, kind")
const reasonOf = (result: Answered) => ('reason' in result ? result.reason : undefined)

describe('asking', () => {
  it('waits for an admin, is in the log, and an admin is told of it', async () => {
    expect(await askForAccess(acting(bob), 'traces')).toBe(true)

    expect(await accessRequestsPage(place(), { cursor: '' })).toMatchObject([
      {
        memberId: 'bob',
        email: 'bob@acme.test',
        name: 'Bob Okafor',
        appId: 'traces',
        app: 'Traces',
        section: 'traces',
        agent: null,
      },
    ])
    expect(await accessRequestCount(place())).toEqual([{ count: 1 }])
    expect(await kinds()).toEqual([{ kind: 'app_access_asked', member_id: 'bob', after: '{"app":"Traces"}' }])
    const [mailId = ''] = await gatherNotices(acting(ada))
    const [context] = await letterContextsOf(acting(ada).db, [mailId])
    expect(context?.to).toBe('ada@acme.test')
    expect(context?.notices).toMatchObject([{ kind: 'access_asked', email: 'bob@acme.test', app: 'Traces' }])
  })

  it('is for an agent as well, by its name', async () => {
    await askForAccess(acting(bob), 'triage')
    expect(await accessRequestsPage(place(), { cursor: '' })).toMatchObject([
      { appId: 'triage', section: null, agent: 'Support Triage' },
    ])
  })

  it('counts once a day for each app, however it was answered', async () => {
    const now = Date.now()
    await tryOften(async () => {
      await run('DELETE FROM access_requests')
      const done = await together(() => askForAccess(acting(bob, now), 'traces'))
      expect(done.filter(Boolean)).toHaveLength(1)
    }, 5)
    expect(await askForAccess(acting(bob, now), 'triage')).toBe(true)
    await decline(acting(ada, now), await shown())
    const before = await dump()
    expect(await askForAccess(acting(bob, now + ASK_AGAIN_MS - 1), 'traces')).toBe(false)
    expect(await dump()).toEqual(before)

    expect(await askForAccess(acting(bob, now + ASK_AGAIN_MS), 'traces')).toBe(true)
    expect(await queue()).toContain('bob traces')
  })

  it.each([
    ['who can see it', "UPDATE member_sections SET access = 'on' WHERE member_id = 'bob'"],
    ['who is an admin', "UPDATE members SET role = 'admin' WHERE id = 'bob'"],
    ['who is disabled', "UPDATE members SET status = 'disabled' WHERE id = 'bob'"],
    ['whose membership has ended', "UPDATE members SET ends_at = 1 WHERE id = 'bob'"],
    ['whose workspace is suspended', "UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'"],
    ['for an app of the whole workspace', "UPDATE apps SET section = NULL WHERE id = 'traces'"],
    ['for a section of admins', "UPDATE apps SET section = 'billing', for_admins = 1 WHERE id = 'traces'"],
    ['for an app of another workspace', "UPDATE apps SET tenant_id = 'globex' WHERE id = 'traces'"],
    ['for an app that is gone', "DELETE FROM apps WHERE id = 'traces'"],
  ])('does nothing for somebody %s', async (_, change) => {
    await run(change)
    const before = await facts()
    expect(await askForAccess(acting(bob), 'traces')).toBe(false)
    expect(await facts()).toEqual(before)
  })
})

describe('approving', () => {
  it('turns the section on, as a setting of their own, and emails them', async () => {
    await askForAccess(acting(bob), 'traces')
    const result = await give(acting(ada), await shown())

    expect(result).toMatchObject({ app: 'Traces', member: { id: 'bob' } })
    expect(await all("SELECT section, access, by_id FROM member_sections WHERE member_id = 'bob'")).toEqual([
      { section: 'traces', access: 'on', by_id: 'ada' },
    ])
    expect(await kinds()).toEqual([
      { kind: 'app_access_asked', member_id: 'bob', after: '{"app":"Traces"}' },
      { kind: 'app_access_given', member_id: 'bob', after: '{"app":"Traces"}' },
      { kind: 'section_changed', member_id: 'bob', after: '{"traces":"on"}' },
    ])
    expect(await mails()).toEqual([{ kind: 'access_given', to_key: 'bob@acme.test' }])
    expect(await queue()).toEqual([])
  })

  it('adds the agent to their list, and leaves the rest of it', async () => {
    await run("INSERT INTO member_agents (tenant_id, member_id, agent_id) VALUES ('acme', 'bob', 'agent-release-notes')")
    await askForAccess(acting(bob), 'triage')
    await give(acting(ada), await shown('triage'))

    expect(await all("SELECT agent_id FROM member_agents WHERE member_id = 'bob' ORDER BY agent_id")).toEqual([
      { agent_id: 'agent-release-notes' },
      { agent_id: TRIAGE },
    ])
    expect(await one("SELECT agent_mode, agents_by_id FROM members WHERE id = 'bob'")).toEqual({
      agent_mode: 'list',
      agents_by_id: 'ada',
    })
    expect((await kinds()).at(-1)).toEqual({ kind: 'agent_access_changed', member_id: 'bob', after: '{"Support Triage":"on"}' })
  })

  it('turns on the section of the agents besides, which an agent is seen in', async () => {
    await run("INSERT INTO section_defaults (tenant_id, section, access) VALUES ('acme', 'agents', 'off')")
    await askForAccess(acting(bob), 'triage')
    expect(await accessRequestsPage(place(), { cursor: '' })).toMatchObject([{ section: 'agents', agent: 'Support Triage' }])
    await give(acting(ada), await shown('triage'))
    expect(await one("SELECT access FROM member_sections WHERE member_id = 'bob' AND section = 'agents'")).toEqual({ access: 'on' })
    expect(await all("SELECT agent_id FROM member_agents WHERE member_id = 'bob'")).toEqual([{ agent_id: TRIAGE }])
    expect(await all('SELECT 1 FROM undos')).toEqual([])
  })

  it('is done by one of two admins who answer at once, and by none twice', async () => {
    await run(
      "INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at) SELECT 'cat-acme', 'acme', id, email, email_key, 'admin', 'active', 'all', 1, 1 FROM users WHERE id = 'user-cat'",
    )
    const cat = actOf(await viewerNamed('cat', 'acme'))
    await tryOften(async () => {
      await run('DELETE FROM access_requests')
      await run("DELETE FROM mails WHERE kind LIKE 'access%'")
      await lacksTraces('bob')
      await askForAccess(acting(bob), 'traces')
      const it = await shown()
      const done = await together((i) => (i % 2 ? give(acting(ada), it) : decline(acting(cat), it)))

      expect(done.filter((each) => 'mailId' in each)).toHaveLength(1)
      expect(await mails()).toHaveLength(1)
      const [mail] = await mails()
      const access = await one("SELECT access FROM member_sections WHERE member_id = 'bob'")
      expect([mail?.kind, access?.access]).toBeOneOf([
        ['access_given', 'on'],
        ['access_declined', 'off'],
      ])
    }, 10)
  })
})

it('declining changes nothing of what they can see, and emails them', async () => {
  await askForAccess(acting(bob), 'traces')
  expect(await decline(acting(ada), await shown())).toMatchObject({ app: 'Traces' })
  expect(await all("SELECT section, access FROM member_sections WHERE member_id = 'bob'")).toEqual([
    { section: 'traces', access: 'off' },
  ])
  expect(await mails()).toEqual([{ kind: 'access_declined', to_key: 'bob@acme.test' }])
  expect((await kinds()).at(-1)).toMatchObject({ kind: 'app_access_declined', member_id: 'bob' })
  expect(await queue()).toEqual([])
})

describe('a request waits for nothing any more', () => {
  const SINCE: [string, string | (() => Promise<unknown>), string][] = [
    [
      'once an admin has given it elsewhere',
      () => setSections(acting(ada), [{ member: 'bob', section: 'traces', access: 'on' }]),
      'sees',
    ],
    ['once everybody can see it', "DELETE FROM member_sections WHERE member_id = 'bob'", 'sees'],
    ['of an admin', "UPDATE members SET role = 'admin' WHERE id = 'bob'", 'sees'],
    ['of somebody who was disabled', "UPDATE members SET status = 'disabled' WHERE id = 'bob'", 'not_active'],
    ['of somebody whose membership has ended', "UPDATE members SET ends_at = 1 WHERE id = 'bob'", 'not_active'],
    ['for an app that is gone', "DELETE FROM apps WHERE id = 'traces'", 'disconnected'],
    ['that was answered', async () => decline(acting(ada), await shown()), 'answered'],
    ['that was answered and is forgotten', 'DELETE FROM access_requests', 'answered'],
    ['that was asked anew', 'UPDATE access_requests SET asked_at = asked_at + 1', 'again'],
  ]

  it.each(SINCE)('%s, and whoever answers it is told', async (_, happens, reason) => {
    await askForAccess(acting(bob), 'traces')
    const it = await shown()
    await (typeof happens === 'string' ? run(happens) : happens())
    expect(await queue()).toEqual(reason === 'again' ? ['bob traces'] : [])
    const before = await dump()

    expect([reasonOf(await give(acting(ada), it)), reasonOf(await decline(acting(ada), it))]).toEqual([reason, reason])
    expect(await dump()).toEqual(before)
  })

  it('of somebody who left, whom the log knows, and not of somebody who never was here', async () => {
    await askForAccess(acting(bob), 'traces')
    const it = await shown()
    const cat = await actNamed('cat')
    expect(reasonOf(await give(cat, it))).toBe('unknown')
    await run(
      "INSERT INTO activity (id, tenant_id, at, kind, actor_id, member_id, member_email) VALUES ('x', 'acme', ?, 'left', 'bob', 'bob', 'bob@acme.test')",
      Date.now(),
    )
    await run("DELETE FROM members WHERE id = 'bob'")
    expect(reasonOf(await give(acting(ada), it))).toBe('gone')
    expect(await all('SELECT 1 FROM access_requests')).toEqual([])
  })
})

it('a page has those who wait longest, and leads on to the others', async () => {
  const now = Date.now()
  await askForAccess(acting(bob, now - DAY_MS), 'traces')
  await askForAccess(acting(bob, now), 'triage')
  const [first, second] = await accessRequestsPage(place(), { cursor: '' })
  expect([first?.appId, second?.appId]).toEqual(['traces', 'triage'])
  const cursor = `${first?.askedAt}.bob.traces`
  expect((await accessRequestsPage(place(), { cursor })).map(({ appId }) => appId)).toEqual(['triage'])
  expect(
    (await accessRequestsPage(place(), { cursor: '', before: `${second?.askedAt}.bob.triage` })).map(({ appId }) => appId),
  ).toEqual(['traces'])
})
