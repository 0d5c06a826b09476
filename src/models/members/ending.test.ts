import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { metered } from '../../../test/people'
import { insertSession } from '../../../test/session'
import { connect } from '../../db/connect'
import { COUNTED, DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { newSession } from '../identity/session'
import { countsOf, storedCounts, troubleCounts } from './counts'
import { endMemberships } from './ending'
import { type Filter, memberOf, membersPage, toMember } from './member'
import { disable, enable, remove, signOutHere } from './membership'
import { seatsOf } from './seats'
import { standingOf } from './standing'
import { lastWorkspaceOf, membershipsOf, toViewer, viewerOf } from './viewer'

const db = connect(env.DB)
const NOW = Date.now()
const ENDS = NOW + DAY_MS
let ada: MemberAct
let bobs: Awaited<ReturnType<typeof newSession>>

const at = (now: number) => ({ db, secretHash: bobs.secretHash, tenantId: 'acme', now })
const cron = (now: number) => endMemberships({ ...ada, now })
const listed = async (now: number, filter: Partial<Filter>) =>
  (await membersPage(at(now), { q: '', status: undefined, role: undefined, cursor: '', ...filter })).map(({ id }) => id)

beforeEach(async () => {
  ada = await actNamed('ada', NOW)
  bobs = await newSession()
  await insertSession(bobs, 'user-bob', NOW + DAY_MS - 1000)
  await run("UPDATE members SET ends_at = ? WHERE id = 'bob'", ENDS)
})

async function entering(now: number) {
  const [row] = await viewerOf(at(now))
  const found = toViewer(row)
  return 'reason' in found ? found.reason : 'let in'
}

it('an admin has no end', async () => {
  await expect(run("UPDATE members SET ends_at = 1 WHERE id = 'ada'")).rejects.toThrow(/CHECK/)
  await expect(run("UPDATE members SET role = 'admin' WHERE id = 'bob'")).rejects.toThrow(/CHECK/)
})

it('lets somebody in until the very millisecond, whatever the Cron does', async () => {
  expect([await entering(ENDS - 1), await entering(ENDS)]).toEqual(['let in', 'past_end'])
  await cron(ENDS)
  expect([await one("SELECT status FROM members WHERE id = 'bob'"), await entering(ENDS)]).toEqual([
    { status: 'ended' },
    'past_end',
  ])
})

/** What is read of Bob, of which nothing may depend on whether the Cron came by. */
async function everything(now: number) {
  const [row] = await memberOf(at(now), 'bob')
  const [standing] = await standingOf(at(now), 'bob')
  const [membership] = await membershipsOf(at(now))
  const [last] = await viewerOf({ ...at(now), tenantId: lastWorkspaceOf(at(now)) })
  return {
    state: row && toMember(row, now).state,
    status: [row?.status, standing?.status, membership?.status],
    entering: await entering(now),
    leads: last?.tenantId,
    filters: [await listed(now, { status: 'ended' }), await listed(now, { status: 'active' })],
    found: [await listed(now, { status: 'ended', q: 'bob' }), await listed(now, { status: 'active', q: 'bob' })],
    asUser: await listed(now, { status: 'ended', role: 'user' }),
    backwards: await listed(now, { status: 'ended', before: 'zoe' }),
    counts: countsOf(await storedCounts(at(now)), await troubleCounts(at(now))),
  }
}

it('is the same to every reader before and after the Cron has moved it', async () => {
  const before = await everything(ENDS)
  expect(await cron(ENDS)).toBe(1)
  expect(await everything(ENDS)).toEqual(before)
  expect(before).toMatchObject({
    state: 'ended',
    status: ['ended', 'ended', 'ended'],
    entering: 'past_end',
    leads: null,
    filters: [['bob'], ['ada']],
    found: [['bob'], []],
    asUser: ['bob'],
    backwards: ['bob'],
    counts: { active: 1, ended: 1 },
  })
})

describe('the Cron', () => {
  it('moves nobody before their end, and nobody twice', async () => {
    expect([await cron(ENDS - 1), await cron(ENDS), await cron(ENDS)]).toEqual([0, 1, 0])
    expect(await all("SELECT kind, actor_name FROM activity WHERE kind = 'ended'")).toEqual([
      { kind: 'ended', actor_name: 'Latchkey' },
    ])
  })

  it('has whoever was signed in before the end sign in again, as disabling does', async () => {
    await cron(ENDS + DAY_MS)
    expect(await one("SELECT valid_from FROM members WHERE id = 'bob'")).toEqual({ valid_from: ENDS })
  })

  it('moves five hundred at a time, and reads no more where more are due', async () => {
    await past(550)
    const { db, bill } = metered()
    expect(await endMemberships({ ...ada, db, now: NOW })).toBe(500)
    const { read } = bill
    await past(900, 550)
    expect(await endMemberships({ ...ada, db, now: NOW })).toBe(500)
    expect(bill.read).toBeLessThanOrEqual(2 * read)
  })
})

describe('somebody whose membership has ended', () => {
  it.each([
    ['is not disabled', () => disable({ ...ada, now: ENDS }, { id: 'bob' })],
    ['is not enabled without a new end', () => enable({ ...ada, now: ENDS }, { id: 'bob' })],
  ])('%s', async (_, change) => {
    expect(await change()).toMatchObject({ reason: 'stale', member: { status: 'ended' } })
  })

  it('is deleted, and signed out', async () => {
    expect(await signOutHere({ ...ada, now: ENDS }, { id: 'bob', state: 'ended' })).not.toHaveProperty('reason')
    expect(await remove({ ...ada, now: ENDS }, { id: 'bob', state: 'ended' })).not.toHaveProperty('reason')
  })

  it('is not what a page showed that took them for active', async () => {
    expect(await disable({ ...ada, now: ENDS }, { id: 'bob', state: 'active' })).toMatchObject({ reason: 'stale' })
  })
})

it('more than a thousand whom the Cron has yet to move are counted no further on a page, and hold no seat', async () => {
  await past(COUNTED + 1)
  const counts = countsOf(await storedCounts(at(NOW)), await troubleCounts(at(NOW)))
  expect([counts.ended, counts.active]).toEqual(['many', undefined])
  await run("UPDATE tenants SET seats = 10 WHERE id = 'acme'")
  expect(await seatsOf(at(NOW))).toEqual([{ seats: 10, active: 2, pending: 1 }])
})

/** People who joined, and whom the Cron has yet to move. */
async function past(count: number, from = 0) {
  const ids = JSON.stringify(Array.from({ length: count }, (_, i) => `past-${from + i}`))
  await run('INSERT INTO users (id, email, email_key, created_at) SELECT value, value, value, 1 FROM json_each(?)', ids)
  await run(
    `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, ends_at)
     SELECT value, 'acme', value, value, value, 'user', 'active', 'all', 1, 1, 2 FROM json_each(?)`,
    ids,
  )
}
