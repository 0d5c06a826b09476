import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, invitee } from '../../../test/cast'
import { grow } from '../../../test/company'
import { all, one, run } from '../../../test/database'
import { named, rowsReadBy } from '../../../test/people'
import { AT_ONCE as TIMES, TRIES, together, tryOften } from '../../../test/race'
import { DAY_MS } from '../../limits'
import { forgetAddresses } from '../activity/forget'
import type { MemberAct } from '../core/act'
import { leaseJobs } from '../jobs/lease'
import { STEP_PEOPLE } from '../jobs/people'
import { enable, remove } from '../members/membership'
import { decide } from './decide'
import { finishReview } from './finish'
import { lastRemoval, reviewedPeople, reviewOf, toReview } from './review'
import { startReview } from './start'
import { reviewOn } from './steps'

let ada: MemberAct
beforeEach(async () => {
  ada = await actNamed('ada')
})

const ID = 'review-1'
const start = (people = 4, more = {}) => startReview(ada, { id: ID, people, ...more })
const review = async () => {
  const [row] = await reviewOf(ada, ID)
  if (!row) throw new Error('no review')
  return toReview(row)
}
const people = (rows = 100) => reviewedPeople(ada, ID, {}, rows)
const placeOf = async (id: string) => (await people()).find(({ memberId }) => memberId === id)?.place ?? 0
const mark = async (verdict: 'keep' | 'remove', ...ids: string[]) =>
  decide(ada, ID, { verdict, places: await Promise.all(ids.map(placeOf)) })
const verdicts = async () =>
  Object.fromEntries((await people()).map(({ memberId, verdict, leftFor }) => [memberId, leftFor ?? verdict]))
const here = async () => (await all("SELECT id FROM members WHERE tenant_id = 'acme' ORDER BY id")).map(({ id }) => id)
const markedAt = async (id: string) => (await lastRemoval(ada, id))[0]?.at ?? null
const finishAs = async (act: MemberAct, id: string, removes: number) =>
  finishReview(act, { id, removes, lastRemoval: await markedAt(id) })
const finish = async () => finishAs(ada, ID, (await review()).counts.remove)

async function runJobs(most = 300) {
  for (let steps = 0; steps < most; steps++) {
    const job = await one<{ id: string }>("SELECT id FROM jobs WHERE state = 'queued'")
    if (!job) return
    await run('UPDATE jobs SET leased_until = 0')
    for (const { act, job: leased } of await leaseJobs(ada.db, [job.id], Date.now())) await reviewOn(act, leased)
  }
}

describe('a review', () => {
  it('shows everybody as they are, with what they can see, in the order of addresses', async () => {
    await run("INSERT OR REPLACE INTO section_defaults VALUES ('acme', 'logs', 'off')")
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')")
    await run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")
    await run("INSERT INTO member_agents (tenant_id, member_id, agent_id) VALUES ('acme', 'bob', 'agent-support-triage')")
    await start()

    const [first, second, third, fourth] = await people()
    expect([first, second, third, fourth].map((each) => [each?.memberId, each?.status])).toEqual([
      ['ada', 'active'],
      ['bob', 'active'],
      ['dov', 'disabled'],
      ['pia', 'pending'],
    ])
    expect([first?.shown.sections, first?.agents]).toEqual([null, null])
    expect(second).toMatchObject({ name: 'Bob Okafor', agents: ['Support Triage'], place: 2 })
    expect(second?.shown).toMatchObject({
      sections: ['agents', 'eval', 'session', 'prompts', 'mcp-debug'],
      agents: ['agent-support-triage'],
    })
    expect(await review()).toMatchObject({ state: 'open', people: 4, startedBy: 'Ada Admin', counts: { undecided: 4 } })
  })

  it('can be of a role or a status alone', async () => {
    await start(1, { status: 'pending' })
    expect((await people()).map(({ memberId }) => memberId)).toEqual(['pia'])
  })

  it('is started once, however often its form is posted', async () => {
    await start()
    await remove(ada, { id: 'dov' })
    await start()
    expect(await people()).toHaveLength(4)
    expect(await all("SELECT after FROM activity WHERE kind = 'review_started'")).toEqual([{ after: '{"people":4}' }])
  })

  it('is nothing in another workspace', async () => {
    await start()
    const cat = await actNamed('cat')
    expect(await reviewOf(cat, ID)).toEqual([])
    expect(await decide(cat, ID, { verdict: 'remove', places: [2] })).toBe(0)
    expect(await finishAs(cat, ID, 0)).toEqual({ reason: 'stale' })
  })
})

describe('a decision', () => {
  it('is the last that was given, with who gave it, and is counted', async () => {
    await start()
    expect(await mark('remove', 'bob', 'pia')).toBe(2)
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const bob = await actNamed('bob')
    await decide(bob, ID, { verdict: 'keep', places: [await placeOf('pia')] })

    expect(await verdicts()).toEqual({ ada: 'undecided', bob: 'remove', dov: 'undecided', pia: 'keep' })
    expect((await people())[3]).toMatchObject({ decidedBy: 'Bob Okafor' })
    expect((await review()).counts).toEqual({ keep: 1, remove: 1, removed: 0, left: 0, undecided: 2 })
  })

  it('about the rest of a page is about those of whom nobody has decided', async () => {
    await start()
    await mark('remove', 'bob')
    expect(await decide(ada, ID, { verdict: 'keep', from: 1, until: 3 })).toBe(2)
    expect(await verdicts()).toEqual({ ada: 'keep', bob: 'remove', dov: 'keep', pia: 'undecided' })
  })

  it('comes too late once the review is finished', async () => {
    await start()
    await finish()
    expect(await mark('remove', 'bob')).toBe(0)
  })
})

describe('finishing', () => {
  it('removes those to remove, whatever their status, and keeps the record', async () => {
    await start()
    await mark('remove', 'bob', 'dov', 'pia')
    await mark('keep', 'ada')
    expect(await finish()).toEqual({ job: undefined })

    expect(await here()).toEqual(['ada'])
    expect(await verdicts()).toEqual({ ada: 'keep', bob: 'removed', dov: 'removed', pia: 'removed' })
    expect(await review()).toMatchObject({ state: 'finished', finishedBy: 'Ada Admin', counts: { keep: 1, removed: 3, remove: 0 } })
    expect(await one("SELECT state FROM invitations WHERE id = 'invitation-pia'")).toEqual({ state: 'cancelled' })
    expect(await one("SELECT 1 AS n FROM sessions WHERE user_id = 'user-bob'")).toBeUndefined()
    const entries = await all(
      "SELECT kind, member_id, after FROM activity WHERE kind IN ('deleted', 'cancelled', 'review_finished') ORDER BY kind, member_id",
    )
    expect(entries).toEqual([
      { kind: 'cancelled', member_id: 'pia', after: null },
      { kind: 'deleted', member_id: 'bob', after: null },
      { kind: 'deleted', member_id: 'dov', after: null },
      { kind: 'review_finished', member_id: null, after: '{"keep":1,"removed":3}' },
    ])
  })

  const CHANGES: [string, () => Promise<unknown>][] = [
    ['role', () => run("UPDATE members SET role = 'admin' WHERE id = 'bob'")],
    ['status', () => run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")],
    ['end', () => run('UPDATE members SET ends_at = ? WHERE id = ?', ada.now - 1, 'bob')],
    [
      'own sections',
      () => run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'traces', 'off')"),
    ],
    ['default', () => run("INSERT OR REPLACE INTO section_defaults VALUES ('acme', 'traces', 'off')")],
    ['agents', () => run("UPDATE members SET agent_mode = 'list' WHERE id = 'bob'")],
    ['address', () => run("UPDATE members SET email_key = 'bobby@acme.test' WHERE id = 'bob'")],
  ]

  it.each(CHANGES)('leaves somebody whose %s has changed since, and lists them', async (_, change) => {
    await start()
    await mark('remove', 'bob')
    await change()
    await finish()
    expect([await here(), (await verdicts()).bob]).toEqual([['ada', 'bob', 'dov', 'pia'], 'changed'])
    expect((await review()).counts).toMatchObject({ left: 1, removed: 0 })
  })

  it('removes somebody who is again what the review shows', async () => {
    await start()
    await mark('remove', 'dov')
    await enable(ada, { id: 'dov' })
    await run("UPDATE members SET status = 'disabled' WHERE id = 'dov'")
    await finish()
    expect((await verdicts()).dov).toBe('removed')
  })

  it('leaves whoever finishes it, and those who are gone', async () => {
    await start()
    await mark('remove', 'ada', 'bob')
    await remove(ada, { id: 'bob' })
    await finish()
    expect(await verdicts()).toMatchObject({ ada: 'self', bob: 'gone' })
  })

  it('does nothing where other people are to be removed than was said, or who asks is an admin no more', async () => {
    await start()
    await mark('remove', 'bob')
    expect(await finishAs(ada, ID, 2)).toEqual({ reason: 'stale' })
    expect(await finishAs(ada, ID, 0)).toEqual({ reason: 'stale' })
    expect(await finishReview(ada, { id: ID, removes: 1, lastRemoval: null })).toEqual({ reason: 'stale' })
    await run("UPDATE members SET role = 'user' WHERE id = 'ada'")
    expect(await finishAs(ada, ID, 1)).toEqual({ reason: 'stale' })
    expect([await here(), (await review()).state]).toEqual([['ada', 'bob', 'dov', 'pia'], 'open'])
  })

  it(`happens once, ${TRIES} times ${TIMES} at once, and an admin remains though two finish against each other`, async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const bob = await actNamed('bob')
    await tryOften(async (n) => {
      const id = `race-${n}`
      await named([{ id, email: `${id}@acme.test`, name: 'Rae Race' }])
      await startReview(ada, { id, people: 5 })
      await decide(ada, id, { verdict: 'remove', places: [5] })
      const shown = { id, removes: 1, lastRemoval: await markedAt(id) }
      const ends = await together((i) => finishReview(i % 2 ? ada : bob, shown))
      expect(ends.filter((end) => 'job' in end)).toHaveLength(1)
      expect(await all('SELECT 1 FROM activity WHERE member_id = ?', id)).toHaveLength(1)
    })
    await startReview(ada, { id: 'both', people: 4 })
    await decide(ada, 'both', { verdict: 'remove', places: [1, 2] })
    const shown = { id: 'both', removes: 2, lastRemoval: await markedAt('both') }
    await together((i) => finishReview(i % 2 ? ada : bob, shown))
    expect(await all("SELECT 1 AS n FROM members WHERE tenant_id = 'acme' AND role = 'admin' AND status = 'active'")).toHaveLength(
      1,
    )
  })
})

describe('a review of many people', () => {
  const MANY = 12_000

  it('is written down by a job, everybody once, and removes by a job whom it can', async () => {
    await grow(0, MANY)
    expect(await start(MANY + 4)).toBe(`review-${ID}`)
    expect(await review()).toMatchObject({ state: 'preparing', people: 0, stopped: false })
    await runJobs()
    expect(await review()).toMatchObject({ state: 'open', people: MANY + 4 })
    const rows = await people(MANY + 10)
    expect(rows.map(({ place }) => place)).toEqual(rows.map((_, i) => i + 1))
    expect(new Set(rows.map(({ memberId }) => memberId)).size).toBe(MANY + 4)

    for (const filter of [{}, { after: 6000 }, { before: 9000 }, { verdict: 'undecided', after: 6000 } as const])
      expect(await rowsReadBy(reviewedPeople(ada, ID, filter)), JSON.stringify(filter)).toBeLessThan(160)

    const removes = STEP_PEOPLE * 2 + 5
    await decide(ada, ID, { verdict: 'keep', from: 1, until: 100 })
    await decide(ada, ID, { verdict: 'remove', places: rows.slice(200, 200 + removes).map(({ place }) => place) })
    await run('UPDATE members SET agent_mode = ? WHERE id = ?', 'all', rows[300]?.memberId)
    expect(await finish()).toMatchObject({ job: expect.stringContaining('review-') })
    expect(await finishAs(ada, ID, removes)).toEqual({ reason: 'stale' })
    expect(await decide(ada, ID, { verdict: 'keep', places: [250] })).toBe(0)
    await runJobs()
    expect(await review()).toMatchObject({ state: 'finished', counts: { keep: 100, removed: removes - 1, left: 1, remove: 0 } })
    expect(await here()).toHaveLength(MANY + 4 - removes + 1)
  })

  it('can be finished anew where its job has stopped, from the person it was at', async () => {
    await grow(0, STEP_PEOPLE * 2)
    await start(STEP_PEOPLE * 2 + 4)
    await runJobs()
    await decide(ada, ID, { verdict: 'remove', places: Array.from({ length: STEP_PEOPLE * 2 + 1 }, (_, i) => i + 3) })
    await finish()
    await runJobs(1)
    await run("UPDATE jobs SET state = 'stopped', finished_at = 1 WHERE state = 'queued'")
    expect(await review()).toMatchObject({ state: 'finishing', stopped: true })
    await finish()
    await runJobs()
    expect(await review()).toMatchObject({ state: 'finished', counts: { removed: STEP_PEOPLE * 2 + 1 } })
    const jobs = await all("SELECT done, total FROM jobs WHERE json_extract(spec, '$.does') = 'remove' ORDER BY finished_at")
    expect(jobs).toEqual([
      { done: STEP_PEOPLE, total: STEP_PEOPLE * 2 + 1 },
      { done: STEP_PEOPLE + 1, total: STEP_PEOPLE + 1 },
    ])
  })
})

describe('a record', () => {
  it('forgets the address of somebody who never joined when the log does', async () => {
    const { memberId } = await invitee(ada, 'zoe@corp.test', 'Zoe Marsh')
    await start(5)
    await mark('remove', memberId)
    await finish()
    expect((await people()).at(-1)).toMatchObject({ email: 'zoe@corp.test', name: 'Zoe Marsh' })
    await ada.db.batch(forgetAddresses(ada.db, Date.now() + 100 * DAY_MS))
    expect(await one('SELECT email, email_key, name, verdict FROM review_people WHERE member_id = ?', memberId)).toEqual({
      email: '',
      email_key: '',
      name: null,
      verdict: 'removed',
    })
  })

  it('names whoever decided also when they have left', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    await start()
    await decide(await actNamed('bob'), ID, { verdict: 'keep', places: [1] })
    await remove(ada, { id: 'bob' })
    expect((await people())[0]?.decidedBy).toBe('Bob Okafor')
  })
})
