import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { actNamed, NO_CAPS } from '../../../test/cast'
import { counted } from '../../../test/counted'
import { all, one, run } from '../../../test/database'
import { providerIs, taken } from '../../../test/outbox'
import type { Mood } from '../../../test/provider-moods'
import { AT_ONCE, together } from '../../../test/race'
import { chance, seedOfRun } from '../../../test/random'
import { readEnv } from '../../env'
import { runJobs } from '../../jobs/run'
import { STEPS } from '../../jobs/steps'
import { DAY_MS } from '../../limits'
import { deliver } from '../../mail/deliver'
import { mailchannels } from '../../mail/mailchannels'
import type { MemberAct } from '../core/act'
import { cancel } from '../invitations/cancel'
import type { Caps } from '../invitations/sending-limit'
import { leaseJobs } from '../jobs/lease'
import { cancelWaiting } from './cancel-waiting'
import { changeRow, createDraft, draftOf, pruneDrafts, toDraft } from './draft'
import { leaveOutProblems } from './leave-out'
import { pastedRows } from './pasted-list'
import { retryFailed } from './retry'
import { rowsOf, toRow } from './review'
import { namesOf, readRow, type Settings } from './row'
import { beginSending } from './send'

const PEOPLE = 600
const SETTINGS: Settings = {
  role: 'user',
  sections: ['agents', 'logs'],
  mode: 'list',
  agents: ['agent-support-triage'],
  preset: null,
  endsAt: null,
  note: 'Hello',
}

let ada: MemberAct
beforeEach(async () => {
  ada = await actNamed('ada')
})

const listed = (text: string, by = ada) =>
  createDraft(
    by,
    SETTINGS,
    pastedRows(text).rows.map((cells) => readRow(cells, { agents: namesOf([]), presets: namesOf([]) })),
  )
const many = (count = PEOPLE) => listed(Array.from({ length: count }, (_, i) => `Person ${i} <p${i}@corp.test>`).join('\n'))
const begin = (id: string, later = false, by = ada) => beginSending(by, id, { version: undefined, later })
const expired = () => run("UPDATE jobs SET leased_until = 0 WHERE state = 'queued'")
const runs = (id: string, caps: Caps = NO_CAPS, DB = env.DB) => runJobs({ ...readEnv({ ...env, DB }), CAPS: caps }, STEPS, [id])
const outcomes = async (id: string) =>
  (await all<{ outcome: string | null }>('SELECT outcome FROM invite_rows WHERE draft_id = ? ORDER BY n', id)).map(
    ({ outcome }) => outcome,
  )

/** What there is of the people of a list; each of them once. */
async function made() {
  const counts = await one(
    `SELECT (SELECT count(*) FROM members WHERE email_key GLOB 'p*@corp.test') AS members,
      (SELECT count(DISTINCT member_id) FROM invitations WHERE member_id IN (SELECT id FROM members WHERE email_key GLOB 'p*@corp.test')) AS invited,
      (SELECT count(*) FROM invitations WHERE member_id IN (SELECT id FROM members WHERE email_key GLOB 'p*@corp.test')) AS invitations,
      (SELECT count(*) FROM mails WHERE to_key GLOB 'p*@corp.test') AS mails,
      (SELECT count(*) FROM activity WHERE kind = 'invited' AND member_email GLOB 'p*@corp.test') AS entries,
      (SELECT sent FROM mail_days WHERE tenant_id = 'acme' AND newest_mail_id IN (SELECT id FROM mails WHERE to_key GLOB 'p*@corp.test')) AS counted`,
  )
  return counts
}
const onceEach = async (people = PEOPLE, before = 0) =>
  expect(await made()).toEqual({
    members: people,
    invited: people,
    invitations: people,
    mails: people,
    entries: people,
    counted: before + people,
  })
const mailsBefore = async () =>
  (await one<{ sent: number }>("SELECT sent FROM mail_days WHERE tenant_id = 'acme' AND resets_at > ?", ada.now))?.sent ?? 0

const found = async (id: string, by = ada) => toDraft(await draftOf(by, id), by)

describe('a list that is sent', () => {
  it('gives each person what a single invitation gives', async () => {
    const id = await listed('Zoe Park <zoe@corp.test>')
    await begin(id)
    await runs(id)

    expect(
      await one("SELECT invited_name, role, status, agent_mode, agents_by_id FROM members WHERE email_key = 'zoe@corp.test'"),
    ).toEqual({
      invited_name: 'Zoe Park',
      role: 'user',
      status: 'pending',
      agent_mode: 'list',
      agents_by_id: 'ada',
    })
    const theirs = "member_id = (SELECT id FROM members WHERE email_key = 'zoe@corp.test')"
    expect(await all(`SELECT section, access, by_id FROM member_sections WHERE ${theirs} ORDER BY section`)).toEqual(
      ['eval', 'mcp-debug', 'prompts', 'session', 'traces'].map((section) => ({ section, access: 'off', by_id: 'ada' })),
    )
    expect(await all(`SELECT agent_id FROM member_agents WHERE ${theirs}`)).toEqual([{ agent_id: 'agent-support-triage' }])
    expect(await one(`SELECT note, inviter_name, state FROM invitations WHERE ${theirs}`)).toEqual({
      note: 'Hello',
      inviter_name: 'Ada Admin',
      state: 'open',
    })
    expect(await one(`SELECT after FROM activity WHERE kind = 'invited' AND ${theirs}`)).toEqual({
      after: '{"role":"user","mode":"list","agents":1,"sections":["agents","logs"]}',
    })
  })

  it('is sent in few round trips, and once however often and from how many tabs it is posted', async () => {
    const before = await mailsBefore()
    const id = await many(1000)
    const begun = await together(() => begin(id))
    expect(begun.filter(Boolean)).toHaveLength(1)
    const DB = counted(env.DB)
    await runs(id, NO_CAPS, DB)
    await together(() => runs(id), 3)

    expect(DB.roundTrips(), 'with those of the form, its review and the post').toBeLessThanOrEqual(12 - 5)
    await onceEach(1000, before)
    expect(await one('SELECT state, done, total, left_out FROM jobs WHERE id = ?', id)).toEqual({
      state: 'done',
      done: 1000,
      total: 1000,
      left_out: 0,
    })
  })

  it(`is sent once by ${AT_ONCE} runners whose leases end under them`, async () => {
    const before = await mailsBefore()
    const id = await many()
    await begin(id)
    await together(async (i) => {
      if (i % 3 === 0) await expired()
      await runs(id)
    })
    await expired()
    await runs(id)
    await onceEach(PEOPLE, before)
  })

  it('is sent once, wherever D1 fails or its answer is lost', async () => {
    const [seed, before] = [seedOfRun(), await mailsBefore()]
    const id = await many()
    await begin(id)
    for (let round = 0; round < 12; round++) {
      const after = chance(seed, `after ${round}`) < 0.5
      const failing = counted(
        env.DB,
        1 + Math.floor(chance(seed, `trip ${round}`) * 4),
        () => new Error('D1_ERROR: Network connection lost.'),
        {
          times: 20,
          after,
        },
      )
      await runs(id, NO_CAPS, failing).catch(() => undefined)
      await expired()
    }
    await runs(id)
    expect(await outcomes(id), `seed ${seed}`).toEqual(Array(PEOPLE).fill('sent'))
    await onceEach(PEOPLE, before)
  })

  it.each([2, 3, 4])('goes on at once where the answer to trip %i was lost, and the batch is sent once more', async (trip) => {
    const before = await mailsBefore()
    const id = await many()
    await begin(id)
    const deaf = counted(env.DB, trip, () => new Error('D1_ERROR: Network connection lost.'), { after: true })
    expect(await runs(id, NO_CAPS, deaf)).toEqual(new Map())
    expect(await one('SELECT state, done FROM jobs WHERE id = ?', id)).toEqual({ state: 'done', done: PEOPLE })
    await onceEach(PEOPLE, before)
  })

  it('stops where its admin is one no more, and what is left can be retried by another', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const id = await many()
    await begin(id)
    const { act, job } = (await leaseJobs(ada.db, [id], Date.now()))[0] ?? {}
    if (!act || !job) throw new Error('nothing was leased')
    await STEPS.invite?.({ ...act, now: Date.now() }, job, { ...readEnv(env), CAPS: NO_CAPS })
    await run("UPDATE members SET role = 'user' WHERE id = 'ada'")
    await expired()
    await runs(id)
    expect(await one('SELECT state, done FROM jobs WHERE id = ?', id)).toEqual({ state: 'stopped', done: 250 })

    const bob = await actNamed('bob')
    const [next, ...others] = await together(() => retryFailed(bob, id), 5)
    expect([new Set(others), (await outcomes(next ?? '')).length]).toEqual([new Set([next]), PEOPLE - 250])
    const tomorrow = { ...bob, now: Date.now() + DAY_MS + 1000 }
    expect([await retryFailed(tomorrow, id), (await found(next ?? '', tomorrow))?.version]).toEqual([next, 1])
    expect(await retryFailed({ ...bob, tenantId: 'globex' }, id)).toBeUndefined()
    await begin(next ?? '', false, bob)
    await runs(next ?? '')
    expect(await made()).toMatchObject({ members: PEOPLE, invitations: PEOPLE, mails: PEOPLE, entries: PEOPLE })
  })

  it('says of whoever was invited or disabled in between what is so then', async () => {
    const id = await listed('a@corp.test\nb@corp.test\nc@corp.test')
    expect((await rowsOf({ ...ada, secretHash: '' }, id, NO_CAPS)).map(({ reason }) => reason)).toEqual([null, null, null])
    const other = await listed('b@corp.test')
    await begin(other)
    await runs(other)
    await begin(id)
    await runs(id)
    expect(await outcomes(id)).toEqual(['sent', 'already_pending', 'sent'])
  })

  it('says of whoever it was sent to what they have done since, and whose email came back', async () => {
    const id = await listed('a@corp.test\nb@corp.test\nc@corp.test\nd@corp.test\ne@corp.test\nbob@acme.test')
    await begin(id)
    await runs(id)
    const idOf = async (email: string) => (await one<{ id: string }>('SELECT id FROM members WHERE email_key = ?', email))?.id ?? ''
    await run("UPDATE members SET status = 'active', user_id = 'user-cat', joined_at = 1 WHERE email_key = 'a@corp.test'")
    await cancel(ada, await idOf('b@corp.test'))
    await run("UPDATE mails SET state = 'bounced', reason = 'no_mailbox' WHERE to_key IN ('c@corp.test', 'a@corp.test')")
    await run('UPDATE invitations SET opened_at = 1 WHERE member_id = ?', await idOf('d@corp.test'))
    const pending = { status: 'pending', opened: 0, refused: null }
    expect((await rowsOf({ ...ada, secretHash: '' }, id, NO_CAPS)).map(toRow).map(({ since }) => since)).toEqual([
      { ...pending, status: 'active' },
      { ...pending, status: null },
      { ...pending, refused: { reason: 'no_mailbox', detail: null } },
      { ...pending, opened: 1 },
      pending,
      null,
    ])
  })

  it('resends to several people who are pending, and one who was cancelled meanwhile is invited anew', async () => {
    const first = await listed('a@corp.test\nb@corp.test\nc@corp.test')
    await begin(first)
    await runs(first)
    await run('UPDATE mails SET created_at = created_at - 3600000')
    const id = await listed('a@corp.test\nb@corp.test\nc@corp.test')
    for (const n of [1, 2, 3]) await changeRow(ada, { id, n, version: undefined }, 'resend')
    const gone = await one<{ id: string }>("SELECT id FROM members WHERE email_key = 'c@corp.test'")
    await cancel(ada, gone?.id ?? '')
    await begin(id)
    await runs(id)

    expect(await outcomes(id)).toEqual(['resent', 'resent', 'sent'])
    expect(
      await all(
        "SELECT state, count(*) AS n FROM invitations WHERE member_id IN (SELECT id FROM members WHERE email_key GLOB '[ab]@corp.test') GROUP BY 1",
      ),
    ).toEqual([
      { state: 'open', n: 2 },
      { state: 'superseded', n: 2 },
    ])
  })
})

describe('what is over the limit of a day', () => {
  const FEW = { ...NO_CAPS, mailsADay: 2 }

  beforeEach(() => run('DELETE FROM mail_days'))

  it('is refused, and with the choice to wait goes out when the day is over', async () => {
    const refused = await listed('x1@corp.test\nx2@corp.test\nx3@corp.test')
    await begin(refused)
    await runs(refused, FEW)
    expect(await outcomes(refused)).toEqual(['sent', 'sent', 'too_many_mails'])

    await run('DELETE FROM mail_days')
    const id = await listed('p1@corp.test\np2@corp.test\np3@corp.test\np4@corp.test\np5@corp.test')
    await begin(id, true)
    await runs(id, FEW)
    expect(await outcomes(id)).toEqual(['sent', 'sent', 'waiting', 'waiting', 'waiting'])
    const job = await one<{ state: string; leased_until: number }>('SELECT state, leased_until FROM jobs WHERE id = ?', id)
    expect(job).toMatchObject({ state: 'queued' })
    expect(job?.leased_until).toBeGreaterThan(Date.now() + DAY_MS - 60_000)
    await runs(id, FEW)
    expect(await outcomes(id), 'nobody takes it before').toEqual(['sent', 'sent', 'waiting', 'waiting', 'waiting'])

    for (const after of [['waiting'], []]) {
      await run('DELETE FROM mail_days')
      await expired()
      await runs(id, FEW)
      expect((await outcomes(id)).filter((outcome) => outcome === 'waiting')).toEqual(after)
    }
    expect(await made()).toMatchObject({ members: 5, invitations: 5, mails: 5, entries: 5 })
    expect(await one('SELECT state, done, left_out FROM jobs WHERE id = ?', id)).toEqual({ state: 'done', done: 5, left_out: 0 })
  })

  it('can be called off', async () => {
    const id = await listed('p1@corp.test\np2@corp.test\np3@corp.test')
    await begin(id, true)
    await runs(id, FEW)
    expect(await cancelWaiting(ada, id)).toBe(1)
    expect(await cancelWaiting(ada, id)).toBe(0)
    expect(await one('SELECT state, done, left_out FROM jobs WHERE id = ?', id)).toEqual({ state: 'done', done: 3, left_out: 1 })
    await run('DELETE FROM mail_days')
    await expired()
    await runs(id, FEW)
    expect(await outcomes(id)).toEqual(['sent', 'sent', 'cancelled'])
  })
})

describe('a list before it is sent', () => {
  it('leaves nothing but itself', async () => {
    const id = await many(3)
    expect(await made()).toMatchObject({ members: 0, mails: 0, entries: 0 })
    expect(await found(id)).toMatchObject({ version: 1, sentAt: null })
  })

  it('is known to its admin alone, for a day', async () => {
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    const [id, bob] = [await many(3), await actNamed('bob')]
    expect(await found(id, bob)).toBeUndefined()
    expect(await begin(id, false, bob)).toBe(false)
    expect(await changeRow(bob, { id, n: 1, version: undefined }, 'leave')).toBe(false)
    expect(await found(id, { ...ada, now: ada.now + DAY_MS + 1000 })).toBeUndefined()
    expect(await begin(id, false, { ...ada, now: ada.now + DAY_MS + 1000 })).toBe(false)
    await pruneDrafts(ada, 10).run()
    expect(await found(id)).toBeDefined()
    await pruneDrafts({ ...ada, now: ada.now + DAY_MS + 1000 }, 10).run()
    expect(await all('SELECT n FROM invite_rows')).toEqual([])
  })

  it('changes row by row, and refuses what another tab has changed since', async () => {
    const id = await many(3)
    expect(await changeRow(ada, { id, n: 1, version: 1 }, 'leave')).toBe(true)
    expect(await changeRow(ada, { id, n: 2, version: 1 }, 'leave'), 'another row').toBe(true)
    expect(await changeRow(ada, { id, n: 1, version: 1 }, 'send'), 'the same row').toBe(false)
    expect(await beginSending(ada, id, { version: 2, later: false })).toBe(false)
    expect(await leaveOutProblems(ada, id, 2, NO_CAPS)).toBe(false)
    expect(await beginSending(ada, id, { version: 3, later: false })).toBe(true)
    expect(await changeRow(ada, { id, n: 3, version: 3 }, 'leave'), 'once it is sent').toBe(false)
    await runs(id)
    expect(await outcomes(id)).toEqual([null, null, 'sent'])
  })

  it('leaves out all with problems, and sends the rest', async () => {
    const id = await listed('p1@corp.test\nnobody\nbob@acme.test\np1@corp.test\np2@corp.test')
    expect(await leaveOutProblems(ada, id, 1, NO_CAPS)).toBe(true)
    await begin(id)
    await runs(id)
    expect(await outcomes(id)).toEqual(['sent', null, null, null, 'sent'])
  })
})

describe('a preset', () => {
  beforeEach(async () => {
    await run(
      "INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('night', 'acme', 'Night shift', ' night shift', 'all', 1)",
    )
    await run(
      "INSERT INTO preset_sections SELECT 'acme', 'night', value, iif(value = 'traces', 'on', 'off') FROM json_each('[\"agents\",\"traces\",\"logs\"]')",
    )
  })
  const known = { agents: namesOf([]), presets: namesOf([{ id: 'night', name: 'Night shift' }]) }
  const rows = [
    { email: 'p1@corp.test' },
    { email: 'p2@corp.test', preset: 'night SHIFT' },
    { email: 'p3@corp.test', preset: 'Day shift' },
    { email: 'p4@corp.test', preset: 'Night shift', sections: 'logs' },
    { email: 'p5@corp.test', role: 'admin', preset: 'Night shift' },
  ]

  it('that a row names gives its access, and is remembered', async () => {
    const id = await createDraft(
      ada,
      { ...SETTINGS, endsAt: null },
      rows.map((cells) => readRow(cells, known)),
    )
    await begin(id)
    await runs(id)
    expect(await outcomes(id)).toEqual(['sent', 'sent', 'no_such_preset', 'preset_and_access', 'sent'])
    expect(
      await all("SELECT email_key, preset_id, agent_mode FROM members WHERE email_key GLOB 'p*@corp.test' ORDER BY 1"),
    ).toEqual([
      { email_key: 'p1@corp.test', preset_id: null, agent_mode: 'list' },
      { email_key: 'p2@corp.test', preset_id: 'night', agent_mode: 'all' },
      { email_key: 'p5@corp.test', preset_id: null, agent_mode: 'list' },
    ])
    expect(
      await all(
        "SELECT section, access FROM member_sections s JOIN members m ON m.id = s.member_id WHERE m.email_key = 'p2@corp.test' ORDER BY 1",
      ),
    ).toEqual([
      { section: 'agents', access: 'off' },
      { section: 'logs', access: 'off' },
      { section: 'traces', access: 'on' },
    ])
  })

  it('that was deleted or is over by then is told of, and nobody gets it', async () => {
    const id = await createDraft(ada, { ...SETTINGS, preset: 'night' }, [readRow({ email: 'p1@corp.test' }, known)])
    await run("UPDATE presets SET ends_at = 5 WHERE id = 'night'")
    expect((await rowsOf({ ...ada, secretHash: '' }, id, NO_CAPS)).map(({ reason }) => reason)).toEqual(['preset_over'])
    await run("DELETE FROM presets WHERE id = 'night'")
    await begin(id)
    await runs(id)
    expect(await outcomes(id)).toEqual(['no_preset'])
  })
})

it('a list that is sent while the provider is down, and in its other moods, reaches each person once', async () => {
  const domain = `${crypto.randomUUID()}.test`
  const moods: Mood[] = ['down', 'busy', 'resetting', 'well']
  const addresses = Array.from({ length: 20 }, (_, i) => `p${i}@${domain}`)
  for (const [i, address] of addresses.entries()) await providerIs(moods[i % moods.length] ?? 'down', address)
  const id = await listed(addresses.join('\n'))
  await begin(id)
  await runs(id)
  const mailIds = (await all<{ id: string }>("SELECT id FROM mails WHERE to_key GLOB '*@' || ?", domain)).map(({ id }) => id)

  await delivered(mailIds)
  expect(await statesOf(domain)).toEqual({ queued: 15, sent: 5 })
  for (const address of addresses) await providerIs('well', address)
  await run('UPDATE mails SET leased_until = 0')
  await delivered(mailIds)
  await delivered(mailIds)
  expect(await statesOf(domain)).toEqual({ queued: 0, sent: 20 })
  for (const address of addresses) expect(await taken(address), address).toHaveLength(1)
  expect(await outcomes(id)).toEqual(Array(20).fill('sent'))
})

const delivered = (mailIds: string[]) =>
  deliver(
    { ...readEnv(env), MAIL_PROVIDER: 'mailchannels', MAILCHANNELS_API_KEY: 'key', MAILCHANNELS_BASE_URL: inject('providerUrl') },
    { mailchannels: (settings) => mailchannels(settings, 400) },
    mailIds,
    Date.now(),
  )

const statesOf = (domain: string) =>
  one(
    "SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'sent') AS sent FROM mails WHERE to_key GLOB '*@' || ?",
    domain,
  )
