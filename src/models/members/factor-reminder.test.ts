import { beforeEach, describe, expect, it } from 'vitest'
import { actNamed, somebody } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { alsoInGlobex, asksForFactor } from '../../../test/factors'
import { leaseMail } from '../../../test/outbox'
import { metered, named } from '../../../test/people'
import { scansOf } from '../../../test/plan'
import { together } from '../../../test/race'
import { DAY_MS, MINUTE_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { saveSettings, settingsOf, toSettings } from '../workspace/settings'
import { remindOfFactors } from './factor-reminder'

let ada: MemberAct
const later = (ms: number) => ({ ...ada, now: ada.now + ms })
const mailed = async () =>
  (await all<{ to_key: string }>("SELECT to_key FROM mails WHERE kind = 'factor_reminder' ORDER BY created_at, to_key")).map(
    ({ to_key }) => to_key,
  )

type Wanted = { factorPolicy?: 'optional' | 'admins' | 'everybody'; factorGraceDays?: number }
async function save(wanted: Wanted, act = ada) {
  const current = toSettings(await settingsOf(act))
  expect(await saveSettings(act, current, { ...current, ...wanted })).toBe(true)
}

const [ADA, BOB] = ['ada@acme.test', 'bob@acme.test']

beforeEach(async () => {
  ada = await actNamed('ada')
})

describe('whoever a workspace asks for a second factor, and has none,', () => {
  it('is emailed once when it begins to ask, and once a week before they need it', async () => {
    await save({ factorPolicy: 'everybody', factorGraceDays: 30 })
    const ids = await remindOfFactors(later(1))
    expect(await mailed()).toEqual([ADA, BOB])
    const letter = { kind: 'factor_reminder', workspace: { id: 'acme', name: 'Acme' }, dueAt: ada.now + 30 * DAY_MS }
    for (const id of ids) expect((await leaseMail(somebody(ada.now + MINUTE_MS), id))?.letter).toEqual(letter)
    for (const days of [0.1, 5, 22]) expect(await remindOfFactors(later(days * DAY_MS))).toEqual([])

    await run(
      "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('k', 'user-ada', 'passkey', 'k', 1, 1)",
    )
    expect(await remindOfFactors(later(23 * DAY_MS))).toHaveLength(1)
    expect(await remindOfFactors(later(24 * DAY_MS))).toEqual([])
    expect(await mailed()).toEqual([ADA, BOB, BOB])
  })

  it.each([
    [
      'has one by then',
      "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('k', 'user-bob', 'passkey', 'k', 1, 1)",
    ],
    ['must not be emailed', `INSERT INTO suppressions (email_key, tenant_id, reason, at) VALUES ('${BOB}', '', 'complained', 1)`],
    ['is disabled by then', "UPDATE members SET status = 'disabled' WHERE id = 'bob'"],
    ['is asked for none by then', "UPDATE tenants SET factor_policy = 'admins' WHERE id = 'acme'"],
  ])('is not emailed where somebody %s, neither with everybody nor alone', async (_, change) => {
    await save({ factorPolicy: 'everybody', factorGraceDays: 30 })
    await run("INSERT INTO factor_reminders (tenant_id, member_id, stage, due_at) VALUES ('acme', 'bob', 'ends', 1)")
    await run(change)
    await remindOfFactors(later(1))
    expect(await mailed()).toEqual([ADA])
  })

  it('is emailed all the same where it gives them other days before the Cron came', async () => {
    await save({ factorPolicy: 'everybody', factorGraceDays: 30 })
    await save({ factorGraceDays: 40 }, later(1))
    await remindOfFactors(later(2))
    expect(await mailed()).toEqual([ADA, BOB])
  })

  it('is not emailed by a workspace that is suspended', async () => {
    await save({ factorPolicy: 'everybody', factorGraceDays: 30 })
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    expect(await remindOfFactors(later(1))).toEqual([])
  })

  it('is emailed as an admin only where it asks admins, and as soon as they become one', async () => {
    await save({ factorPolicy: 'admins', factorGraceDays: 5 })
    await remindOfFactors(later(1))
    expect(await mailed()).toEqual([ADA])
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    await remindOfFactors(later(MINUTE_MS))
    expect(await mailed()).toEqual([ADA, BOB])
  })

  it('is emailed a week before their own days end where they joined later', async () => {
    await asksForFactor('acme', { graceDays: 14 })
    const joined = Date.now()
    await run("UPDATE members SET status = 'active', joined_at = ?, user_id = 'user-cat' WHERE id = 'pia'", joined)
    expect(await remindOfFactors({ ...ada, now: joined + 6 * DAY_MS })).toEqual([])
    expect(await remindOfFactors({ ...ada, now: joined + 7 * DAY_MS })).toHaveLength(1)
    expect(await mailed()).toEqual(['pia@acme.test'])
    expect(await all('SELECT 1 FROM factor_reminders')).toEqual([])
  })

  it('is not emailed twice a day, however often the rule changes', async () => {
    for (const factorPolicy of ['everybody', 'optional', 'everybody', 'optional', 'admins', 'everybody'] as const) {
      await save({ factorPolicy })
      await remindOfFactors(later(1))
    }
    expect(await mailed()).toEqual([ADA, BOB])
  })

  it('is emailed by each of their workspaces, and whatever else they were emailed', async () => {
    await alsoInGlobex()
    await run(
      `INSERT INTO mails (id, kind, tenant_id, member_id, to_email, to_key, created_at)
       VALUES ('a', 'factor_reminder', 'globex', 'bob-globex', ?1, ?1, ?2), ('b', 'ending', 'acme', 'bob', ?1, ?1, ?2)`,
      BOB,
      ada.now,
    )
    await save({ factorPolicy: 'everybody' })
    expect(await remindOfFactors(later(1))).toHaveLength(2)
    expect(await mailed()).toEqual([BOB, ADA, BOB])
  })

  it.each([
    ['has one by now', "UPDATE members SET has_factor = 1 WHERE id = 'bob'"],
    ['is asked for none any more', "UPDATE tenants SET factor_policy = 'admins' WHERE id = 'acme'"],
    ['was disabled', "UPDATE members SET status = 'disabled' WHERE id = 'bob'"],
    [
      'may not be emailed',
      `INSERT INTO suppressions (tenant_id, email_key, reason, at) VALUES ('acme', 'bob@acme.test', 'wish', 1)`,
    ],
    ['belongs to a workspace that was suspended', "UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'"],
  ])('is sent nothing once they are somebody who %s', async (_, change) => {
    await save({ factorPolicy: 'everybody' })
    const ids = await remindOfFactors(later(1))
    await run(change)
    const letters = await Promise.all(ids.map((id) => leaseMail(somebody(ada.now + MINUTE_MS), id)))
    expect(letters.find((mail) => mail?.to === BOB)?.letter).toBeUndefined()
  })
})

describe('a workspace of many', () => {
  beforeEach(async () => {
    const people = Array.from({ length: 1200 }, (_, i) => ({ id: `p-${i}`, email: `p${i}@acme.test`, name: `P ${i}` }))
    for (const from of [0, 600]) await named(people.slice(from, from + 600))
  })

  it('is emailed in portions, each person once, whoever runs beside', async () => {
    await save({ factorPolicy: 'everybody' })
    const portions: number[] = []
    for (let i = 1; i < 5; i++) portions.push((await remindOfFactors(later(i * MINUTE_MS))).length)
    expect(portions).toEqual([500, 500, 202, 0])
    expect(new Set(await mailed()).size).toBe(1202)
    expect(await one('SELECT 1 FROM factor_reminders')).toBeUndefined()
  })

  it('is emailed once by several runs at once', async () => {
    await save({ factorPolicy: 'everybody' })
    await together(() => remindOfFactors(later(1)), 4)
    const to = await mailed()
    expect(to).toHaveLength(new Set(to).size)
  })

  it('costs a run nothing where nobody is due, and only the admins where only they are', async () => {
    const { db, bill } = metered()
    await remindOfFactors({ ...ada, db })
    expect(bill.read).toBeLessThan(25)
    await save({ factorPolicy: 'admins' })
    await remindOfFactors({ ...ada, db })
    expect(bill.read).toBeLessThan(100)
  })
})

it('a run walks through no table', async () => {
  const queries: { sql: string; params: unknown[] }[] = []
  const db = new Proxy(ada.db, {
    get: (of, name) =>
      name === 'batch'
        ? (statements: { toSQL?: () => { sql: string; params: unknown[] } }[]) => {
            queries.push(...statements.flatMap((each) => each.toSQL?.() ?? []))
            return of.batch(statements as never)
          }
        : Reflect.get(of, name),
  })
  await remindOfFactors({ ...ada, db })
  for (const { sql, params } of queries) expect(await scansOf(sql, params), sql).toEqual([])
})
