import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { actOf, NO_CAPS, viewerNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { AT_ONCE, TRIES, together, tryOften } from '../../../test/race'
import { changes } from '../../db/connect'
import { readEnv } from '../../env'
import { runJobs } from '../../jobs/run'
import { STEPS } from '../../jobs/steps'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { jobOf } from '../jobs/job'
import { leaseJobs } from '../jobs/lease'
import { STEP_PEOPLE } from '../jobs/people'
import { beginUndo, undoJobOf } from '../undo/many'
import { pruneUndos, undoOf } from '../undo/undo'
import { beginChange, continueChange } from './begin'
import type { ChangeName } from './change'

const PEOPLE = 2_500
const filter = { q: '', status: 'active', role: 'user', cursor: '' } as const
let ada: MemberAct
let eve: MemberAct

beforeEach(async () => {
  const viewer = await viewerNamed('ada')
  ada = actOf(viewer)
  eve = actOf({ ...viewer, memberId: 'eve', userId: 'user-eve', name: 'Eve', email: 'eve@acme.test' })
  await run(
    "INSERT INTO users (id, email, email_key, name, created_at) VALUES ('user-eve', 'eve@acme.test', 'eve@acme.test', 'Eve', 1)",
  )
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    VALUES ('eve', 'acme', 'user-eve', 'eve@acme.test', 'eve@acme.test', 'admin', 'active', 'all', 1, 1)`)
})

/** As many active people in Acme as make 2,500 with Bob. */
async function crowd() {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${PEOPLE}), p AS (SELECT substr('000' || i, -4) AS k FROM n)`
  await run(
    `INSERT INTO users (id, email, email_key, name, created_at) ${numbers} SELECT 'u-' || k, k || '@acme.test', k || '@acme.test', 'P' || k, 1 FROM p`,
  )
  await run(`INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
    ${numbers} SELECT 'm-' || k, 'acme', 'u-' || k, k || '@acme.test', k || '@acme.test', 'user', 'active', 'all', 1, 1 FROM p`)
}

const change = (act: MemberAct, what: ChangeName, id = 'job-1') =>
  beginChange(act, { id, spec: { change: what, list: '' }, chosen: { filter, shown: PEOPLE } }, NO_CAPS)

const states = () => all("SELECT status, count(*) AS n FROM members WHERE tenant_id = 'acme' AND role = 'user' GROUP BY status")
const entries = (kind: string) =>
  one(`SELECT count(*) AS n, count(DISTINCT member_id) AS people FROM activity WHERE kind = '${kind}'`)
const lost = () => run('UPDATE jobs SET leased_until = 0')
const finish = async (id = 'job-1') => {
  await lost()
  await runJobs(readEnv(env), STEPS, [id])
}

/** So many steps of the change, by a runner that dies then; the first one remembers everybody. */
async function steps(count: number) {
  let [at] = await leaseJobs(ada.db, ['job-1'], Date.now())
  for (let taken = 0; at && taken < count; taken++) {
    const { moved } = await continueChange(at.act, at.job, NO_CAPS)
    at = moved && { ...at, job: { ...at.job, ...moved } }
  }
}

async function undone(act: MemberAct, id = 'job-1') {
  const [found] = await undoOf({ ...act, secretHash: '' }, id)
  const [job] = await jobOf(act, id)
  return found && job && beginUndo(act, { ...found, of: job })
}

describe(`${PEOPLE} people`, () => {
  beforeEach(crowd)

  it('are changed in steps of a thousand, and so is the undo', async () => {
    expect((await change(ada, 'disable')).job).toMatchObject({ state: 'queued', total: PEOPLE, done: 0 })
    expect(await one('SELECT count(*) AS n FROM job_people')).toEqual({ n: 0 })
    // The Queue's message comes at once.
    await runJobs(readEnv(env), STEPS, ['job-1'])
    expect(await states()).toEqual([
      { status: 'disabled', n: PEOPLE + 1 },
      { status: 'pending', n: 1 },
    ])
    expect(await entries('disabled')).toEqual({ n: PEOPLE, people: PEOPLE })

    expect(await undone({ ...ada, now: Date.now() })).toMatchObject({ state: 'queued', total: PEOPLE, done: 0 })
    for (const prune of pruneUndos(ada.db, Date.now() + DAY_MS, 10)) expect(await changes(ada.db, prune)).toBe(0)
    await runJobs(readEnv(env), STEPS, [undoJobOf('job-1')])
    expect(await states()).toEqual([
      { status: 'active', n: PEOPLE },
      { status: 'disabled', n: 1 },
      { status: 'pending', n: 1 },
    ])
    expect(await entries('enabled')).toEqual({ n: PEOPLE, people: PEOPLE })
  })

  it('are left as they are where another number of them matched than its admin was told', async () => {
    await run("UPDATE members SET status = 'disabled' WHERE id = 'm-2400'")
    await change(ada, 'disable')
    await finish()
    expect(await one("SELECT state, total, done FROM jobs WHERE id = 'job-1'")).toEqual({
      state: 'outdated',
      total: PEOPLE,
      done: 0,
    })
    expect([await entries('disabled'), await all('SELECT id FROM undos')]).toEqual([{ n: 0, people: 0 }, []])
  })

  it('who came or were changed since they were gathered are not touched, and are named', async () => {
    await change(ada, 'disable')
    await steps(1)
    await run("UPDATE members SET status = 'active' WHERE id = 'dov'")
    await run("UPDATE members SET status = 'disabled' WHERE id = 'm-2400'")
    await run("DELETE FROM members WHERE id = 'm-2401'")
    await finish()
    expect(await one("SELECT status FROM members WHERE id = 'dov'")).toEqual({ status: 'active' })
    expect(await all('SELECT member_id, left_for FROM job_people WHERE left_for IS NOT NULL')).toEqual([
      { member_id: 'm-2400', left_for: 'changed' },
      { member_id: 'm-2401', left_for: 'gone' },
    ])
    expect(await one("SELECT state, done, left_out FROM jobs WHERE id = 'job-1'")).toEqual({
      state: 'done',
      done: PEOPLE,
      left_out: 2,
    })
  })

  it('are each changed once, wherever runners die and however many there are', async () => {
    await change(ada, 'disable')
    for (let i = 0; i < 4; i++) {
      await lost()
      let batches = i
      const dying = Object.assign(Object.create(env.DB) as D1Database, {
        prepare: env.DB.prepare.bind(env.DB),
        batch: async (statements: D1PreparedStatement[]) => {
          if (batches-- <= 0) throw new Error('killed')
          return env.DB.batch(statements)
        },
      })
      await Promise.all([
        runJobs(readEnv({ ...env, DB: dying }), STEPS, ['job-1']).catch(() => undefined),
        runJobs(readEnv({ ...env, DB: dying }), STEPS, ['job-1']).catch(() => undefined),
      ])
    }
    await finish()
    expect(await entries('disabled')).toEqual({ n: PEOPLE, people: PEOPLE })
    expect(await one("SELECT state, done, left_out FROM jobs WHERE id = 'job-1'")).toEqual({
      state: 'done',
      done: PEOPLE,
      left_out: 0,
    })
  })

  it('are changed no further once the admin is none any more', async () => {
    await change(ada, 'disable')
    await steps(2)
    await run("UPDATE members SET role = 'user' WHERE id = 'ada'")
    await finish()
    expect(await one("SELECT state, done FROM jobs WHERE id = 'job-1'")).toEqual({ state: 'stopped', done: STEP_PEOPLE })
    expect(await entries('disabled')).toEqual({ n: STEP_PEOPLE, people: STEP_PEOPLE })
  })
})

const ADMINS = ['ada', 'eve']
const activeAdmins = () => all("SELECT id FROM members WHERE tenant_id = 'acme' AND role = 'admin' AND status = 'active'")
const both = { named: ADMINS.map((id) => ({ id })) }

describe('at the same moment', () => {
  it.each<ChangeName>(['make_user', 'disable', 'delete'])(
    `two admins who %s both of them leave one, in ${TRIES} tries of ${AT_ONCE}`,
    async (what) => {
      const REVIVED = `INSERT OR IGNORE INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
        SELECT substr(id, 6), 'acme', id, email, email_key, 'admin', 'active', 'all', 1, 1 FROM users WHERE id IN ('user-ada', 'user-eve')`
      await tryOften(async (i) => {
        await env.DB.batch([
          env.DB.prepare(REVIVED),
          env.DB.prepare("UPDATE members SET role = 'admin', status = 'active' WHERE id IN ('ada', 'eve')"),
        ])
        await together((n) =>
          beginChange(
            [ada, eve][n % 2] ?? ada,
            { id: `${what}-${i}-${n}`, spec: { change: what, list: '' }, chosen: both },
            NO_CAPS,
          ),
        )
        expect(await activeAdmins(), `try ${i}`).toHaveLength(1)
      })
    },
  )

  it(`the same form posted ${AT_ONCE} times changes once, in ${TRIES} tries`, async () => {
    await tryOften(async (i) => {
      await run("UPDATE members SET status = 'active' WHERE id = 'bob'")
      await run('DELETE FROM undos')
      const before = await one<{ n: number }>('SELECT count(*) AS n FROM activity')
      const begun = await together(() =>
        beginChange(ada, { id: `post-${i}`, spec: { change: 'disable', list: '' }, chosen: { named: [{ id: 'bob' }] } }, NO_CAPS),
      )
      expect(new Set(begun.map(({ job }) => job?.state))).toEqual(new Set(['done']))
      expect(await one('SELECT count(*) AS n FROM activity')).toEqual({ n: (before?.n ?? 0) + 1 })
    })
  })
})

it('as many are enabled as there are seats, and the others are left for want of one', async () => {
  await run("UPDATE members SET status = 'disabled' WHERE id IN ('bob', 'eve')")
  await run("UPDATE tenants SET seats = 3 WHERE id = 'acme'")
  const named = ['bob', 'dov', 'eve'].map((id) => ({ id }))
  await beginChange(ada, { id: 'seats', spec: { change: 'enable', list: '' }, chosen: { named } }, NO_CAPS)
  expect(await all('SELECT member_id, left_for FROM job_people ORDER BY 1')).toEqual([
    { member_id: 'bob', left_for: null },
    { member_id: 'dov', left_for: 'no_seat' },
    { member_id: 'eve', left_for: 'no_seat' },
  ])
  expect(await one("SELECT count(*) AS n FROM members WHERE tenant_id = 'acme' AND status = 'active'")).toEqual({ n: 2 })
})

it('as many emails go out as the day allows, each with a link of its own', async () => {
  await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    SELECT 'n-' || value, 'acme', value || '@n.test', value || '@n.test', 'user', 'pending', 'all', 1 FROM json_each('["a","b","c"]')`)
  await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
    SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 9999999999999 FROM members WHERE id GLOB 'n-*'`)
  const named = ['n-a', 'n-b', 'n-c', 'bob'].map((id) => ({ id }))
  const sent =
    (await one<{ sent: number }>("SELECT coalesce(max(sent), 0) AS sent FROM mail_days WHERE tenant_id = 'acme'"))?.sent ?? 0
  const caps = { ...NO_CAPS, mailsADay: sent + 2 }
  const { mailIds } = await beginChange(ada, { id: 'mails', spec: { change: 'resend', list: '' }, chosen: { named } }, caps)
  expect(mailIds).toHaveLength(2)
  expect(await all('SELECT member_id, left_for FROM job_people ORDER BY 1')).toEqual([
    { member_id: 'bob', left_for: 'not_pending' },
    { member_id: 'n-a', left_for: null },
    { member_id: 'n-b', left_for: null },
    { member_id: 'n-c', left_for: 'too_many_mails' },
  ])
  expect(await one("SELECT count(DISTINCT jti) AS links FROM invitations WHERE kind = 'resend'")).toEqual({ links: 2 })
})
