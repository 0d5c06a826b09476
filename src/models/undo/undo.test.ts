import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, actOf, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { AT_ONCE, TRIES, together, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { UNDO_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { newSession } from '../identity/session'
import { changeRole, disable, enable, remove } from '../members/membership'
import { toViewer, viewerOf } from '../members/viewer'
import { pruneUndos, undo, undoOf } from './undo'

let ada: MemberAct
let eve: MemberAct

/** Moments apart, as people click. */
const later = (act: MemberAct, ms = 1000): MemberAct => ({ ...act, now: ada.now + ms })

beforeEach(async () => {
  ada = await actNamed('ada')
  await run(
    "INSERT INTO users (id, email, email_key, name, created_at) VALUES ('user-eve', 'eve@acme.test', 'eve@acme.test', 'Eve', 1)",
  )
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('eve', 'acme', 'user-eve', 'eve@acme.test', 'eve@acme.test', 'admin', 'active', 'all', 1, 1)`)
  eve = actOf({ ...(await viewerNamed('ada')), memberId: 'eve', userId: 'user-eve', name: 'Eve', email: 'eve@acme.test' })
})

const place = ({ db, tenantId, now }: MemberAct) => ({ db, tenantId, now, secretHash: '' })

type Outcome = { undo?: string | undefined } | { reason: string }

const idIn = (change: Outcome) => ('undo' in change ? (change.undo ?? '') : '')

async function pressed(act: MemberAct, change: Outcome) {
  const [found] = await undoOf(place(act), idIn(change))
  return found ? undo(act, found) : undefined
}

const bob = () => one('SELECT role, status FROM members WHERE id = ?', 'bob')
const entries = () =>
  all("SELECT kind, actor_id, member_id, before, after FROM activity WHERE member_id IN ('bob', 'dov') ORDER BY at, id")

const DONE = { restored: 1, left: 0 }

describe('what still is as the change left it', () => {
  it('of a role goes back, with an entry like any other', async () => {
    const change = await changeRole(ada, { id: 'bob', role: 'admin' })
    expect(await pressed(later(ada), change)).toMatchObject(DONE)
    expect(await bob()).toEqual({ role: 'user', status: 'active' })
    expect(await entries()).toEqual([
      { kind: 'role_changed', actor_id: 'ada', member_id: 'bob', before: '{"role":"user"}', after: '{"role":"admin"}' },
      { kind: 'role_changed', actor_id: 'ada', member_id: 'bob', before: '{"role":"admin"}', after: '{"role":"user"}' },
    ])
  })

  it('of disabling is enabled, and a session from before signs in again', async () => {
    const session = await newSession()
    await insertSession(session, 'user-bob', ada.now)
    const change = await disable(ada, { id: 'bob' })
    expect(await pressed(later(ada), change)).toMatchObject(DONE)
    expect(await bob()).toEqual({ role: 'user', status: 'active' })
    expect((await entries()).map(({ kind }) => kind)).toEqual(['disabled', 'enabled'])
    const [row] = await viewerOf({ db: ada.db, secretHash: session.secretHash, tenantId: 'acme', now: ada.now })
    expect(toViewer(row)).toMatchObject({ reason: 'ended' })
  })

  it('of enabling is disabled, which shuts out whoever came in since', async () => {
    const change = await enable(ada, { id: 'dov' })
    expect(await pressed(later(ada), change)).toMatchObject(DONE)
    expect(await one("SELECT status, valid_from FROM members WHERE id = 'dov'")).toEqual({
      status: 'disabled',
      valid_from: later(ada).now + 1,
    })
    expect((await entries()).map(({ kind }) => kind)).toEqual(['enabled', 'disabled'])
  })

  it('goes back also when it was changed and changed back since', async () => {
    const change = await changeRole(ada, { id: 'bob', role: 'admin' })
    await changeRole(later(eve), { id: 'bob', role: 'user' })
    await changeRole(later(eve), { id: 'bob', role: 'admin' })
    expect(await pressed(later(ada, 2000), change)).toMatchObject(DONE)
  })
})

describe('what somebody changed since', () => {
  it('stays, and it says who did', async () => {
    const change = await changeRole(ada, { id: 'bob', role: 'admin' })
    await changeRole(later(eve), { id: 'bob', role: 'user' })
    const { undos: _, ...before } = await dump()
    expect(await pressed(later(ada, 2000), change)).toMatchObject({
      restored: 0,
      left: 1,
      since: { actorId: 'eve', actorName: 'Eve' },
    })
    const { undos: __, ...after } = await dump()
    expect(after).toEqual(before)
  })

  it('stays when they are gone, and it says who deleted them', async () => {
    const change = await disable(ada, { id: 'bob' })
    await remove(later(eve), { id: 'bob' })
    expect(await pressed(later(ada, 2000), change)).toMatchObject({ restored: 0, left: 1, since: { actorName: 'Eve' } })
    expect(await bob()).toBeUndefined()
  })

  it('does not come back by an undo that was pressed before', async () => {
    const first = await changeRole(ada, { id: 'bob', role: 'admin' })
    await pressed(later(ada), first)
    await changeRole(later(ada, 2000), { id: 'bob', role: 'admin' })
    expect(await pressed(later(ada, 3000), first)).toEqual({ reason: 'over' })
    expect(await bob()).toMatchObject({ role: 'admin' })
  })
})

describe('an undo that nobody may press', () => {
  const nothing = async (act: MemberAct, change: Outcome) => {
    const before = await dump()
    const result = await pressed(act, change)
    expect(await dump()).toEqual(before)
    return result
  }

  it('is that of another admin', async () => {
    expect(await nothing(later(eve), await disable(ada, { id: 'bob' }))).toEqual({ reason: 'over' })
  })

  it('is one of ten minutes ago', async () => {
    const change = await disable(ada, { id: 'bob' })
    expect(await nothing(later(ada, UNDO_MS), change)).toEqual({ reason: 'over' })
    expect(await pressed(later(ada, UNDO_MS - 1), change)).toMatchObject(DONE)
  })

  it('is one of somebody who is an admin no more', async () => {
    const change = await disable(eve, { id: 'bob' })
    await changeRole(ada, { id: 'eve', role: 'user' })
    await pressed(later(eve), change)
    expect(await bob()).toMatchObject({ status: 'disabled' })
  })

  it('is unknown in another workspace', async () => {
    const change = await disable(ada, { id: 'bob' })
    expect(await nothing({ ...later(ada), tenantId: 'globex' }, change)).toBeUndefined()
  })

  it('is not kept, and goes with its values', async () => {
    await disable(ada, { id: 'bob' })
    const prune = async (now: number, rows = 10) => {
      for (const statement of pruneUndos(ada.db, now, rows)) await statement
      return one('SELECT (SELECT count(*) FROM undos) AS undos, (SELECT count(*) FROM undo_values) AS "values"')
    }
    await run("INSERT INTO undo_values (undo_id, subject, field, was, became) SELECT id, 'x', 'status', '', '' FROM undos")
    expect(await prune(ada.now + UNDO_MS - 1)).toEqual({ undos: 1, values: 2 })
    expect(await prune(ada.now + UNDO_MS, 1)).toEqual({ undos: 1, values: 1 })
    await prune(ada.now + UNDO_MS)
    expect([await all('SELECT * FROM undos'), await all('SELECT * FROM undo_values')]).toEqual([[], []])
  })
})

it(`${AT_ONCE} presses at once take it back once, in ${TRIES} tries`, async () => {
  await tryOften(async (i) => {
    const at = later(ada, i * 10)
    const change = await disable(at, { id: 'bob' })
    const results = await together(() => pressed(at, change))
    expect(results.filter((result) => result && 'restored' in result)).toHaveLength(1)
    expect(await bob()).toMatchObject({ status: 'active' })
    expect((await entries()).filter(({ kind }) => kind === 'enabled')).toHaveLength(i + 1)
  })
})

it(`an undo and the demotion of its admin at the same moment leave an active admin, in ${TRIES} tries`, async () => {
  await run("DELETE FROM members WHERE id = 'eve'")
  const bobs: MemberAct = { ...ada, memberId: 'bob', by: { ...ada.by, memberId: 'bob' } }
  await tryOften(async (i) => {
    await run("UPDATE members SET role = iif(id = 'ada', 'admin', 'user') WHERE id IN ('ada', 'bob')")
    const [found] = await undoOf(place(ada), idIn(await changeRole(ada, { id: 'bob', role: 'admin' })))
    const acts = [() => found && undo(later(ada), found), () => changeRole(later(bobs), { id: 'ada', role: 'user' })]
    await Promise.all((i % 2 ? acts : acts.toReversed()).map((act) => act()))
    const admins = await all("SELECT id FROM members WHERE tenant_id = 'acme' AND role = 'admin' AND status = 'active'")
    expect(admins, `try ${i}`).toHaveLength(1)
  })
})
