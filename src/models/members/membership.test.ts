import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actOf, IP, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { TRIES, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { UNDO_MS } from '../../limits'
import { setAgents } from '../access/agent-access'
import { setSections } from '../access/permission'
import type { MemberAct } from '../core/act'
import { newSession } from '../identity/session'
import { type Changed, changeRole, disable, enable, type MemberStatus, remove, type Subject, signOutHere } from './membership'
import type { Refused } from './standing'
import { toViewer, type Viewer, viewerOf } from './viewer'

let viewer: Viewer
let ada: MemberAct

beforeEach(async () => {
  viewer = await viewerNamed('ada')
  ada = actOf(viewer)
})

const entries = (kind: string) => all('SELECT actor_id, member_id, before, after FROM activity WHERE kind = ?', kind)
/** That it was done, or why not. */
const outcome = async (change: Promise<Changed | Refused>) => {
  const result = await change
  return 'reason' in result ? result.reason : true
}
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
  await setSections(ada, [{ member, section: 'traces', access: 'off' }])
  await setAgents(ada, { member, mode: 'list', agents: ['agent-contract-reader'] })
}

async function signIn(userId: string, at = Date.now()) {
  const session = await newSession()
  await insertSession(session, userId, at, IP)
  return session
}

/** Whether a session lets its person into a workspace, or why not. */
async function entering({ secretHash }: { secretHash: string }, tenantId: string, now = Date.now()) {
  const [row] = await viewerOf({ db: ada.db, secretHash, tenantId, now })
  const found = toViewer(row)
  return 'reason' in found ? found.reason : true
}

/** Bob in the other workspace as well. */
const joinGlobex = () =>
  run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('bob-globex', 'globex', 'user-bob', 'bob@acme.test', 'bob@acme.test', 'admin', 'active', 'all', 1, 1)`)

const ACTIONS = {
  demotes: (act: MemberAct, other: string) => outcome(changeRole(act, { id: other, role: 'user' })),
  disables: (act: MemberAct, other: string) => outcome(disable(act, { id: other })),
  deletes: (act: MemberAct, other: string) => outcome(remove(act, { id: other })),
  leaves: (act: MemberAct) => outcome(remove(act, { id: act.memberId })),
}
type Action = keyof typeof ACTIONS
const NAMES = Object.keys(ACTIONS) as Action[]
const PAIRS = NAMES.flatMap((one, i) => NAMES.slice(i).map((other) => [one, other] as const))

describe('two admins at the same moment', () => {
  let eve: MemberAct
  const REVIVED = `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    SELECT substr(id, 6), 'acme', id, email, email_key, 'admin', 'active', 'all', 1, 1 FROM users WHERE id IN ('user-ada', 'user-eve')`
  const revive = () => env.DB.batch([env.DB.prepare("DELETE FROM members WHERE id IN ('ada', 'eve')"), env.DB.prepare(REVIVED)])

  beforeEach(async () => {
    await run(
      "INSERT INTO users (id, email, email_key, name, created_at) VALUES ('user-eve', 'eve@acme.test', 'eve@acme.test', 'Eve', 1)",
    )
    await revive()
    eve = actOf({ ...viewer, memberId: 'eve', userId: 'user-eve', name: 'Eve', email: 'eve@acme.test' })
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
      expect((after?.n ?? 0) - (before?.n ?? 0)).toBe(done.filter((each) => each === true).length)
    })
  })

  it('and eighteen more, each against the next, leave one', async () => {
    const ids = ['ada', 'eve']
    for (let i = 0; i < 18; i++) {
      ids.push(`admin-${i}`)
      await run(
        `INSERT INTO users (id, email, email_key, created_at) VALUES ('user-admin-${i}', 'a${i}@acme.test', 'a${i}@acme.test', 1)`,
      )
      await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
        VALUES ('admin-${i}', 'acme', 'user-admin-${i}', 'a${i}@acme.test', 'a${i}@acme.test', 'admin', 'active', 'all', 1, 1)`)
    }
    const acts = ids.map(
      (id, i) => () => ACTIONS[NAMES[i % 3] ?? 'leaves']({ ...ada, memberId: id }, ids[(i + 1) % ids.length] ?? ''),
    )
    const done = await Promise.all(acts.map((act) => act()))
    expect(await activeAdmins()).toHaveLength(1)
    expect(done.filter((each) => each !== true)).toHaveLength(1)
  })
})

describe('the last active admin', () => {
  it.each(NAMES)('stays though one %s, when the other admins are pending, disabled or of another workspace', async (action) => {
    await run("UPDATE members SET role = 'admin' WHERE id IN ('pia', 'dov')")
    const before = await dump()
    expect(await ACTIONS[action](ada, 'ada')).toBe('last_admin')
    expect(await dump()).toEqual(before)
  })

  it('goes as soon as there is another', async () => {
    expect(await outcome(changeRole(ada, { id: 'bob', role: 'admin' }))).toBe(true)
    expect(await outcome(changeRole(ada, { id: 'ada', role: 'user' }))).toBe(true)
    expect(await activeAdmins()).toEqual([{ id: 'bob' }])
  })

  it('may demote, disable or delete admins who are not active', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id IN ('pia', 'dov')")
    expect(await outcome(changeRole(ada, { id: 'pia', role: 'user' }))).toBe(true)
    expect(await outcome(remove(ada, { id: 'dov' }))).toBe(true)
  })
})

describe('a role', () => {
  it.each(['bob', 'pia', 'dov'])('of %s changes and changes back, with an entry each, and the access stays', async (id) => {
    await restrict(id)
    const before = await accessOf(id)
    expect(await outcome(changeRole(ada, { id, role: 'admin' }))).toBe(true)
    expect(await accessOf(id)).toEqual({ ...before, member: { ...before.member, role: 'admin' } })
    expect(await outcome(changeRole(ada, { id, role: 'user' }))).toBe(true)
    expect(await accessOf(id)).toEqual(before)
    expect(await entries('role_changed')).toEqual([
      { actor_id: 'ada', member_id: id, before: '{"role":"user"}', after: '{"role":"admin"}' },
      { actor_id: 'ada', member_id: id, before: '{"role":"admin"}', after: '{"role":"user"}' },
    ])
  })

  it('that somebody has already changes nothing', async () => {
    const before = await dump()
    expect(await outcome(changeRole(ada, { id: 'bob', role: 'user' }))).toBe('already')
    expect(await dump()).toEqual(before)
  })
})

describe('disabling', () => {
  it('shuts this workspace to every session, and no other workspace and nobody else notices', async () => {
    await joinGlobex()
    const [first, second, adas] = [await signIn('user-bob'), await signIn('user-bob'), await signIn('user-ada')]
    expect(await outcome(disable(ada, { id: 'bob' }))).toBe(true)
    for (const session of [first, second]) {
      expect(await entering(session, 'acme')).toBe('no_member')
      expect(await entering(session, 'globex')).toBe(true)
    }
    expect(await entering(adas, 'acme')).toBe(true)
  })

  it('and enabling let nobody back in with a session from before', async () => {
    await joinGlobex()
    const before = await signIn('user-bob', ada.now)
    await disable(ada, { id: 'bob' })
    await enable({ ...ada, now: ada.now + 1 }, { id: 'bob' })
    expect(await entering(before, 'acme')).toBe('again')
    expect(await entering(before, 'globex')).toBe(true)
    expect(await entering(await signIn('user-bob', ada.now + 1), 'acme')).toBe(true)
  })

  it.each(['user', 'admin'] as const)('and enabling a Tenant %s bring back role and access', async (role) => {
    await restrict('bob')
    await changeRole(ada, { id: 'bob', role })
    const before = await accessOf('bob')
    expect(await outcome(disable(ada, { id: 'bob' }))).toBe(true)
    expect((await accessOf('bob')).member).toEqual({ ...before.member, status: 'disabled' })
    expect(await outcome(enable(ada, { id: 'bob' }))).toBe(true)
    expect(await accessOf('bob')).toEqual(before)
    expect([...(await entries('disabled')), ...(await entries('enabled'))]).toHaveLength(2)
  })

  it('twice, or enabling what is active or pending, changes nothing', async () => {
    const before = await dump()
    expect(await outcome(disable(ada, { id: 'dov' }))).toBe('already')
    expect(await outcome(disable(ada, { id: 'pia' }))).toBe('stale')
    expect(await outcome(enable(ada, { id: 'bob' }))).toBe('already')
    expect(await outcome(enable(ada, { id: 'pia' }))).toBe('stale')
    expect(await dump()).toEqual(before)
  })
})

describe('deleting', () => {
  it('takes membership and access here, remembers when, and leaves the person and the workspace elsewhere', async () => {
    await joinGlobex()
    await restrict('bob')
    const session = await signIn('user-bob')
    expect(await outcome(remove(ada, { id: 'bob' }))).toBe(true)
    expect(await accessOf('bob')).toEqual({ member: undefined, sections: [], agents: [] })
    expect([await entering(session, 'acme'), await entering(session, 'globex')]).toEqual(['no_member', true])
    expect(await all('SELECT user_id, tenant_id, at FROM departures')).toEqual([
      { user_id: 'user-bob', tenant_id: 'acme', at: ada.now },
    ])
    expect(await accessOf('bob-globex')).toMatchObject({ member: { role: 'admin', status: 'active' } })
    expect(await one("SELECT email FROM users WHERE id = 'user-bob'")).toEqual({ email: 'bob@acme.test' })
    const before = '{"role":"user","status":"active"}'
    expect(await entries('deleted')).toEqual([{ actor_id: 'ada', member_id: 'bob', before, after: null }])
  })

  it('oneself is leaving', async () => {
    await changeRole(ada, { id: 'bob', role: 'admin' })
    expect(await outcome(remove(ada, { id: 'ada' }))).toBe(true)
    expect(await entries('left')).toMatchObject([{ actor_id: 'ada', member_id: 'ada' }])
    expect(await entries('deleted')).toEqual([])
  })

  it('is not for somebody pending', async () => {
    const before = await dump()
    expect(await outcome(remove(ada, { id: 'pia' }))).toBe('stale')
    expect(await dump()).toEqual(before)
  })
})

describe('signing somebody out of this workspace', () => {
  it('asks every session from before to sign in again here, and in no other workspace', async () => {
    await joinGlobex()
    const [session, adas] = [await signIn('user-bob', ada.now), await signIn('user-ada', ada.now)]
    expect(await outcome(signOutHere(ada, { id: 'bob' }))).toBe(true)
    expect([await entering(session, 'acme'), await entering(session, 'globex')]).toEqual(['again', true])
    expect(await entering(await signIn('user-bob', ada.now + 1), 'acme')).toBe(true)
    expect(await entering(adas, 'acme')).toBe(true)
    expect(await entries('signed_out_here')).toMatchObject([{ actor_id: 'ada', member_id: 'bob' }])
  })

  it('is not for somebody pending or of another workspace', async () => {
    const before = await dump()
    expect(await outcome(signOutHere(ada, { id: 'pia' }))).toBe('stale')
    expect(await outcome(signOutHere(ada, { id: 'cat' }))).toBe('unknown')
    expect(await dump()).toEqual(before)
  })
})

describe('a form that shows somebody as they are no more', () => {
  const CHANGES = {
    'changes no role': (subject: Subject) => changeRole(ada, { ...subject, role: 'admin' }),
    'disables nobody': (subject: Subject) => disable(ada, subject),
    'enables nobody': (subject: Subject) => enable(ada, subject),
    'deletes nobody': (subject: Subject) => remove(ada, subject),
    'signs nobody out': (subject: Subject) => signOutHere(ada, subject),
  }
  const SHOWN: [id: string, state: MemberStatus][] = [
    ['bob', 'pending'],
    ['bob', 'disabled'],
    ['dov', 'active'],
    ['pia', 'active'],
  ]
  const CASES = Object.entries(CHANGES).flatMap(([name, change]) => SHOWN.map(([id, state]) => ({ name, id, state, change })))

  it.each(CASES)('$name: $id shown as $state', async ({ id, state, change }) => {
    const before = await dump()
    expect(await change({ id, state })).toMatchObject({ reason: 'stale', member: { id } })
    expect(await dump()).toEqual(before)
  })

  it.each(Object.entries(CHANGES))('%s who was deleted, and tells by whom', async (_, change) => {
    await remove(ada, { id: 'bob' })
    const before = await dump()
    expect(await change({ id: 'bob', state: 'active' })).toMatchObject({
      reason: 'gone',
      turn: { kind: 'deleted', actorId: 'ada', actorName: 'Ada Admin', memberEmail: 'bob@acme.test' },
    })
    expect(await dump()).toEqual(before)
  })

  it('does what it says when it shows them as they are', async () => {
    expect(await outcome(disable(ada, { id: 'bob', state: 'active' }))).toBe(true)
    expect(await outcome(enable(ada, { id: 'bob', state: 'disabled' }))).toBe(true)
    expect(await outcome(changeRole(ada, { id: 'pia', state: 'pending', role: 'admin' }))).toBe(true)
  })
})

it('no admin changes a member of another workspace', async () => {
  await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    VALUES ('per', 'globex', 'per@globex.test', 'per@globex.test', 'admin', 'pending', 'all', 1)`)
  const before = await dump()
  expect(await outcome(changeRole(ada, { id: 'per', role: 'user' }))).toBe('unknown')
  expect(await outcome(disable(ada, { id: 'cat' }))).toBe('unknown')
  expect(await outcome(remove(ada, { id: 'cat' }))).toBe('unknown')
  expect(await dump()).toEqual(before)
})

describe('an undo', () => {
  it('is kept of a role, of disabling and of enabling, with what was and what became of it', async () => {
    const kept = [
      await changeRole(ada, { id: 'bob', role: 'admin' }),
      await disable(ada, { id: 'bob' }),
      await enable(ada, { id: 'dov' }),
    ].map((result) => ('undo' in result ? result.undo : result.reason))
    expect(await all('SELECT undo_id, subject, field, was, became FROM undo_values ORDER BY field, was')).toEqual([
      { undo_id: kept[0], subject: 'bob', field: 'role', was: 'user', became: 'admin' },
      { undo_id: kept[1], subject: 'bob', field: 'status', was: 'active', became: 'disabled' },
      { undo_id: kept[2], subject: 'dov', field: 'status', was: 'disabled', became: 'active' },
    ])
    const [row] = await all("SELECT tenant_id, admin_id, expires_at - created_at AS lasts FROM undos WHERE kind = 'role'")
    expect(row).toEqual({ tenant_id: 'acme', admin_id: 'ada', lasts: UNDO_MS })
  })

  it('is not kept of deleting, of signing out, of what changes nothing, or of what one does to oneself', async () => {
    await changeRole(ada, { id: 'pia', role: 'user' })
    await signOutHere(ada, { id: 'bob' })
    await remove(ada, { id: 'dov' })
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    expect(await changeRole(ada, { id: 'ada', role: 'user' })).toMatchObject({ undo: undefined })
    expect(await all('SELECT * FROM undos')).toEqual([])
  })
})
