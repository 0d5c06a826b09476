import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actorFor, IP, invitee, NO_CAPS, typed, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { TRIES, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { connect } from '../../db/connect'
import { setAgents } from '../access/agent-access'
import { setSections } from '../access/permission'
import { newSession } from '../identity/session'
import { accept } from '../invitations/acceptance'
import { changeAddress } from '../invitations/resend'
import { changeRole, disable, enable, remove, signOutEverywhere } from './membership'
import type { Viewer } from './viewer'

const db = connect(env.DB)
let ada: Viewer

beforeEach(async () => {
  ada = await viewerNamed('ada')
})

const by = () => [db, ada, actorFor(ada)] as const
const entries = (kind: string) => all('SELECT actor_id, member_id, before, after FROM activity WHERE kind = ?', kind)
const activeAdmins = () =>
  all<{ id: string }>("SELECT id FROM members WHERE tenant_id = 'acme' AND role = 'admin' AND status = 'active'")

/** What decides what somebody is and sees. */
const accessOf = async (id: string) => ({
  member: await one('SELECT role, status, user_id, agent_mode, joined_at FROM members WHERE id = ?', id),
  sections: await all('SELECT section, access FROM member_sections WHERE member_id = ? ORDER BY section', id),
  agents: await all('SELECT agent_id FROM member_agents WHERE member_id = ? ORDER BY agent_id', id),
})

/** Sections and agents that are not the tenant's defaults. */
async function restrict(member: string) {
  await setSections(...by(), [{ member, section: 'traces', access: 'off' }], Date.now())
  await setAgents(...by(), member, { mode: 'list', agents: ['agent-contract-reader'] }, Date.now())
}

async function signIn(userId: string, tenant: string) {
  const session = await newSession()
  await insertSession(session, userId, tenant, Date.now(), IP)
  return session.id
}

const sessionsOf = async (userId: string) =>
  (await all<{ id: string }>('SELECT id FROM sessions WHERE user_id = ? ORDER BY id', userId)).map(({ id }) => id)

/** Bob in the other workspace as well. */
const joinGlobex = () =>
  run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('bob-globex', 'globex', 'user-bob', 'bob@acme.test', 'bob@acme.test', 'admin', 'active', 'all', 1, 1)`)

const ACTIONS = {
  demotes: (viewer: Viewer, other: string) => changeRole(db, viewer, actorFor(viewer), other, 'user', Date.now()),
  disables: (viewer: Viewer, other: string) => disable(db, viewer, actorFor(viewer), other, Date.now()),
  deletes: (viewer: Viewer, other: string) => remove(db, viewer, actorFor(viewer), other, Date.now()),
  leaves: (viewer: Viewer) => remove(db, viewer, actorFor(viewer), viewer.memberId, Date.now()),
}
type Action = keyof typeof ACTIONS
const NAMES = Object.keys(ACTIONS) as Action[]
const PAIRS = NAMES.flatMap((one, i) => NAMES.slice(i).map((other) => [one, other] as const))

describe('two admins at the same moment', () => {
  let eve: Viewer
  const REVIVED = `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    SELECT substr(id, 6), 'acme', id, email, email_key, 'admin', 'active', 'all', 1, 1 FROM users WHERE id IN ('user-ada', 'user-eve')`
  const revive = () => env.DB.batch([env.DB.prepare("DELETE FROM members WHERE id IN ('ada', 'eve')"), env.DB.prepare(REVIVED)])

  beforeEach(async () => {
    await run(
      `INSERT INTO users SELECT 'user-eve', 'eve@acme.test', 'eve@acme.test', 'Eve', password_hash, 1, 1 FROM users WHERE id = 'user-ada'`,
    )
    await revive()
    eve = { ...ada, memberId: 'eve', userId: 'user-eve', name: 'Eve', email: 'eve@acme.test' }
  })

  it.each(PAIRS)(`of whom one %s and one %s leave an active admin, in ${TRIES} tries`, async (first, second) => {
    await tryOften(async (i) => {
      await revive()
      const acts = [() => ACTIONS[first](ada, 'eve'), () => ACTIONS[second](eve, 'ada')]
      const before = await one<{ n: number }>('SELECT count(*) AS n FROM activity')
      const done = await Promise.all((i % 2 ? acts : acts.toReversed()).map((act) => act()))
      const after = await one<{ n: number }>('SELECT count(*) AS n FROM activity')
      expect((await activeAdmins()).length, `try ${i}: ${done}`).toBeGreaterThanOrEqual(1)
      expect(done).toContain(true)
      expect((after?.n ?? 0) - (before?.n ?? 0)).toBe(done.filter(Boolean).length)
    })
  })

  it('and eighteen more, each against the next, leave one', async () => {
    const ids = ['ada', 'eve']
    for (let i = 0; i < 18; i++) {
      ids.push(`admin-${i}`)
      await run(
        `INSERT INTO users SELECT 'user-admin-${i}', 'a${i}@acme.test', 'a${i}@acme.test', NULL, password_hash, 1, 1 FROM users WHERE id = 'user-ada'`,
      )
      await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
        VALUES ('admin-${i}', 'acme', 'user-admin-${i}', 'a${i}@acme.test', 'a${i}@acme.test', 'admin', 'active', 'all', 1, 1)`)
    }
    const acts = ids.map(
      (id, i) => () => ACTIONS[NAMES[i % 3] ?? 'leaves']({ ...ada, memberId: id }, ids[(i + 1) % ids.length] ?? ''),
    )
    const done = await Promise.all(acts.map((act) => act()))
    expect(await activeAdmins()).toHaveLength(1)
    expect(done.filter((each) => !each)).toHaveLength(1)
  })
})

describe('the last active admin', () => {
  it.each(NAMES)('stays though one %s, when the other admins are pending, disabled or of another workspace', async (action) => {
    await run("UPDATE members SET role = 'admin' WHERE id IN ('pia', 'dov')")
    const before = await dump()
    expect(await ACTIONS[action](ada, 'ada')).toBe(false)
    expect(await dump()).toEqual(before)
  })

  it('goes as soon as there is another', async () => {
    expect(await changeRole(...by(), 'bob', 'admin', Date.now())).toBe(true)
    expect(await changeRole(...by(), 'ada', 'user', Date.now())).toBe(true)
    expect(await activeAdmins()).toEqual([{ id: 'bob' }])
  })

  it('may demote, disable or delete admins who are not active', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id IN ('pia', 'dov')")
    expect(await changeRole(...by(), 'pia', 'user', Date.now())).toBe(true)
    expect(await remove(...by(), 'dov', Date.now())).toBe(true)
  })
})

describe('a role', () => {
  it.each(['bob', 'pia', 'dov'])('of %s changes and changes back, with an entry each, and the access stays', async (id) => {
    await restrict(id)
    const before = await accessOf(id)
    expect(await changeRole(...by(), id, 'admin', Date.now())).toBe(true)
    expect(await accessOf(id)).toEqual({ ...before, member: { ...before.member, role: 'admin' } })
    expect(await changeRole(...by(), id, 'user', Date.now())).toBe(true)
    expect(await accessOf(id)).toEqual(before)
    expect(await entries('role_changed')).toEqual([
      { actor_id: 'ada', member_id: id, before: '{"role":"user"}', after: '{"role":"admin"}' },
      { actor_id: 'ada', member_id: id, before: '{"role":"admin"}', after: '{"role":"user"}' },
    ])
  })

  it('that somebody has already changes nothing', async () => {
    const before = await dump()
    expect(await changeRole(...by(), 'bob', 'user', Date.now())).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('disabling', () => {
  it('ends the sessions in this workspace only', async () => {
    await joinGlobex()
    await signIn('user-bob', 'acme')
    await signIn('user-bob', 'acme')
    const elsewhere = await signIn('user-bob', 'globex')
    const adas = await sessionsOf('user-ada')
    expect(await disable(...by(), 'bob', Date.now())).toBe(true)
    expect(await sessionsOf('user-bob')).toEqual([elsewhere])
    expect(await sessionsOf('user-ada')).toEqual(adas)
    expect(await one("SELECT status FROM members WHERE id = 'bob-globex'")).toEqual({ status: 'active' })
  })

  it.each(['user', 'admin'] as const)('and enabling a Tenant %s bring back role and access', async (role) => {
    await restrict('bob')
    await changeRole(...by(), 'bob', role, Date.now())
    const before = await accessOf('bob')
    expect(await disable(...by(), 'bob', Date.now())).toBe(true)
    expect((await accessOf('bob')).member).toEqual({ ...before.member, status: 'disabled' })
    expect(await enable(...by(), 'bob', Date.now())).toBe(true)
    expect(await accessOf('bob')).toEqual(before)
    expect([...(await entries('disabled')), ...(await entries('enabled'))]).toHaveLength(2)
  })

  it('twice, or enabling what is active or pending, changes nothing', async () => {
    const before = await dump()
    expect(await disable(...by(), 'dov', Date.now())).toBe(false)
    expect(await disable(...by(), 'pia', Date.now())).toBe(false)
    expect(await enable(...by(), 'bob', Date.now())).toBe(false)
    expect(await enable(...by(), 'pia', Date.now())).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('deleting', () => {
  it('takes membership, access and sessions here, and leaves the person and the workspace elsewhere', async () => {
    await joinGlobex()
    await restrict('bob')
    await signIn('user-bob', 'acme')
    const elsewhere = await signIn('user-bob', 'globex')
    expect(await remove(...by(), 'bob', Date.now())).toBe(true)
    expect(await accessOf('bob')).toEqual({ member: undefined, sections: [], agents: [] })
    expect(await sessionsOf('user-bob')).toEqual([elsewhere])
    expect(await accessOf('bob-globex')).toMatchObject({ member: { role: 'admin', status: 'active' } })
    expect(await one("SELECT email FROM users WHERE id = 'user-bob'")).toEqual({ email: 'bob@acme.test' })
    const before = '{"role":"user","status":"active"}'
    expect(await entries('deleted')).toEqual([{ actor_id: 'ada', member_id: 'bob', before, after: null }])
  })

  it('oneself is leaving', async () => {
    await changeRole(...by(), 'bob', 'admin', Date.now())
    expect(await remove(...by(), 'ada', Date.now())).toBe(true)
    expect(await entries('left')).toMatchObject([{ actor_id: 'ada', member_id: 'ada' }])
    expect(await entries('deleted')).toEqual([])
  })

  it('is not for somebody pending', async () => {
    const before = await dump()
    expect(await remove(...by(), 'pia', Date.now())).toBe(false)
    expect(await dump()).toEqual(before)
  })
})

describe('signing out everywhere', () => {
  it('ends every session of the person, in every workspace, and nobody else', async () => {
    await joinGlobex()
    await signIn('user-bob', 'acme')
    await signIn('user-bob', 'globex')
    const adas = await sessionsOf('user-ada')
    await signOutEverywhere(...by(), 'bob', Date.now())
    expect(await sessionsOf('user-bob')).toEqual([])
    expect(await sessionsOf('user-ada')).toEqual(adas)
    expect(await entries('signed_out_everywhere')).toMatchObject([{ actor_id: 'ada', member_id: 'bob' }])
  })

  it('somebody pending or of another workspace changes nothing', async () => {
    await signIn('user-cat', 'globex')
    const before = await dump()
    await signOutEverywhere(...by(), 'pia', Date.now())
    await signOutEverywhere(...by(), 'cat', Date.now())
    expect(await dump()).toEqual(before)
  })
})

it('no admin changes a member of another workspace', async () => {
  await signIn('user-cat', 'globex')
  await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    VALUES ('per', 'globex', 'per@globex.test', 'per@globex.test', 'admin', 'pending', 'all', 1)`)
  const before = await dump()
  expect(await changeRole(...by(), 'per', 'user', Date.now())).toBe(false)
  expect(await disable(...by(), 'cat', Date.now())).toBe(false)
  expect(await remove(...by(), 'cat', Date.now())).toBe(false)
  expect(await dump()).toEqual(before)
})

describe('another address', () => {
  const join = (jti: string) => accept(db, jti, { passwordHash: env.TEST_PASSWORD_HASH, name: null }, IP, Date.now())
  const move = (member: string, to: string) => changeAddress(...by(), member, typed(to), NO_CAPS, Date.now())

  it('keeps role and access, and kills the older link', async () => {
    const nell = await invitee(ada, 'nell@acme.test')
    await changeRole(...by(), nell.memberId, 'admin', Date.now())
    await changeRole(...by(), nell.memberId, 'user', Date.now())
    await restrict(nell.memberId)
    const before = await accessOf(nell.memberId)
    expect(await move(nell.memberId, 'Nell.New@Acme.test')).toHaveProperty('mailId')
    expect(await accessOf(nell.memberId)).toEqual(before)
    expect(await join(nell.jti)).toBe(false)
    expect(await one('SELECT email, email_key, status FROM members WHERE id = ?', nell.memberId)).toEqual({
      email: 'Nell.New@Acme.test',
      email_key: 'nell.new@acme.test',
      status: 'pending',
    })
    expect(await entries('address_changed')).toEqual([
      {
        actor_id: 'ada',
        member_id: nell.memberId,
        before: '{"email":"nell@acme.test"}',
        after: '{"email":"Nell.New@Acme.test"}',
      },
    ])
  })

  it('opens one new link, mailed to the new address', async () => {
    const nell = await invitee(ada, 'nell@acme.test')
    await move(nell.memberId, 'nell.new@acme.test')
    const open = await all<{ id: string; jti: string }>(
      "SELECT id, jti FROM invitations WHERE member_id = ? AND state = 'open'",
      nell.memberId,
    )
    const mail = await one("SELECT to_key, invitation_id FROM mails WHERE to_key = 'nell.new@acme.test'")
    expect([open.length, mail]).toEqual([1, { to_key: 'nell.new@acme.test', invitation_id: open[0]?.id }])
    expect(await join(open[0]?.jti ?? '')).toBe(true)
  })

  it('that somebody here has is refused, whoever it is', async () => {
    await invitee(ada, 'nell@acme.test')
    for (const taken of ['ada', 'bob', 'dov']) {
      const before = await dump()
      expect(await move('pia', `${taken}@acme.test`)).toEqual({ reason: 'address_taken', takenBy: taken })
      expect(await dump()).toEqual(before)
    }
  })

  it('that somebody elsewhere has is free here', async () => {
    expect(await move('pia', 'cat@globex.test')).toHaveProperty('mailId')
  })

  it('of somebody who has joined, or of another workspace, stays', async () => {
    const before = await dump()
    expect(await move('bob', 'bob.new@acme.test')).toMatchObject({ reason: 'not_pending' })
    expect(await move('cat', 'cat.new@acme.test')).toMatchObject({ reason: 'not_pending' })
    expect(await dump()).toEqual(before)
  })

  it(`and acceptance at the same moment: one of them, never both, in ${TRIES} tries`, async () => {
    await tryOften(async (i) => {
      const { memberId, jti } = await invitee(ada, `old-${i}@acme.test`)
      const acts = [async () => 'mailId' in (await move(memberId, `new-${i}@acme.test`)), () => join(jti)]
      const [first, second] = await Promise.all((i % 2 ? acts : acts.toReversed()).map((act) => act()))
      expect(first).not.toBe(second)
      const joined = i % 2 ? second : first
      expect(await one('SELECT status, email_key FROM members WHERE id = ?', memberId)).toEqual(
        joined ? { status: 'active', email_key: `old-${i}@acme.test` } : { status: 'pending', email_key: `new-${i}@acme.test` },
      )
    })
  })
})
