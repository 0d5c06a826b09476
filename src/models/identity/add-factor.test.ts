import { beforeEach, describe, expect, it } from 'vitest'
import { personActOf, viewerNamed } from '../../../test/cast'
import { all, facts, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { FRESH_MS, PASSKEYS } from '../../limits'
import type { PersonAct } from '../core/act'
import { addFactor, type NewFactor } from './add-factor'
import { removeFactor } from './remove-factor'
import { newSession } from './session'

const FROM = { ip: '203.0.113.9', userAgent: 'Test browser' }
const app = (id = 'app', counter = 7): NewFactor => ({ kind: 'totp', id, secret: `sealed ${id}`, counter })
const passkey = (id = 'passkey'): NewFactor => ({ kind: 'passkey', id, secret: 'key', counter: 0, name: 'Phone', details: '{}' })

let bob: PersonAct

beforeEach(async () => {
  await run('DELETE FROM sessions')
  bob = personActOf(await viewerNamed('bob'))
})

const add = (factor: NewFactor, replaces?: string) => addFactor(bob, { factor, from: FROM, replaces })
const remove = (factor: NewFactor) => removeFactor(bob, { factor, from: FROM })

const otherSession = async () => insertSession(await newSession(), 'user-bob')
const sessionsLeft = () => all('SELECT id, factor, factor_at > 0 AS proven FROM sessions WHERE user_id = ?', 'user-bob')
const credentialsOf = (kind: string) =>
  all<{ id: string }>(
    `SELECT id, secret, counter, last_used_at FROM credentials WHERE user_id = 'user-bob' AND kind = ? ORDER BY id`,
    kind,
  )
const codesLeft = async () => (await credentialsOf('recovery')).length
const factorsOf = () => one(`SELECT factors FROM users WHERE id = 'user-bob'`)
const told = () =>
  all(
    `SELECT kind, about ->> 'factor' AS factor, about ->> 'name' AS name, about ->> 'ip' AS ip FROM mails WHERE about IS NOT NULL ORDER BY created_at, kind`,
  )
const recorded = () =>
  all(`SELECT tenant_id AS tenant, kind, before, after FROM activity WHERE kind LIKE 'factor%' ORDER BY at, id`)
const asks = (policy: string, tenant = 'acme', graceDays = 0) =>
  run(
    'UPDATE tenants SET factor_policy = ?, factor_policy_at = ?, factor_grace_days = ? WHERE id = ?',
    policy,
    1,
    graceDays,
    tenant,
  )

describe('the first second factor', () => {
  it('ends the other sessions, proves this one, brings ten codes, and is told', async () => {
    await otherSession()
    await insertSession(await newSession(), 'user-ada')
    await run(
      "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('of ada', 'user-ada', 'totp', 'x', 1, 1)",
    )
    const added = await add(app())

    expect(added).toMatchObject({ mailIds: [expect.any(String)], session: { secret: expect.any(String) } })
    expect('codes' in added && added.codes).toHaveLength(10)
    expect(await codesLeft()).toBe(10)
    expect(await credentialsOf('totp')).toEqual([{ id: 'app', secret: 'sealed app', counter: 7, last_used_at: null }])
    expect(await factorsOf()).toEqual({ factors: 1 })
    expect(await sessionsLeft()).toEqual([{ id: bob.sessionId, factor: 'totp', proven: 1 }])
    expect(await all('SELECT id FROM sessions WHERE secret_hash = ?', 'session' in added ? added.session.secretHash : '')).toEqual([
      { id: bob.sessionId },
    ])
    expect(await all(`SELECT id FROM sessions WHERE user_id = 'user-ada'`)).toHaveLength(1)
    expect(await told()).toEqual([{ kind: 'factor_added', factor: 'totp', name: null, ip: FROM.ip }])
    expect(await recorded()).toEqual([{ tenant: 'acme', kind: 'factor_added', before: null, after: '{"factor":"totp"}' }])
  })

  it('may be a passkey, whose name is in its email, and not in the log', async () => {
    expect(await add(passkey())).toMatchObject({ codes: { length: 10 } })
    expect(await told()).toEqual([{ kind: 'factor_added', factor: 'passkey', name: 'Phone', ip: FROM.ip }])
    expect(await recorded()).toMatchObject([{ after: '{"factor":"passkey"}' }])
    await add(app())
    expect(await remove(passkey())).toHaveProperty('mailIds')
    expect((await told()).at(-1)).toMatchObject({ kind: 'factor_removed', name: 'Phone' })
    expect((await recorded()).at(-1)).toMatchObject({ kind: 'factor_removed', before: '{"factor":"passkey"}' })
  })

  it('is one of twenty that are added at once', async () => {
    await tryOften(async () => {
      await run(`DELETE FROM credentials WHERE user_id = 'user-bob' AND kind <> 'password'`)
      const all = await together((i) => add(app(`app-${i}`)))
      expect(all.filter((each) => 'codes' in each && each.codes)).toHaveLength(1)
      expect(await codesLeft()).toBe(10)
      expect(await factorsOf()).toEqual({ factors: 1 })
    }, 10)
  })
})

describe('a further factor', () => {
  beforeEach(async () => {
    await add(app())
    await otherSession()
  })

  it('ends no session and brings no codes', async () => {
    const [first] = await credentialsOf('recovery')
    expect(await add(passkey())).toMatchObject({ codes: undefined })

    expect(await sessionsLeft()).toHaveLength(2)
    expect((await credentialsOf('recovery'))[0]).toEqual(first)
    expect(await factorsOf()).toEqual({ factors: 2 })
  })

  it('that is an app takes the place of the one that was shown, and ends the other sessions', async () => {
    await run("UPDATE credentials SET last_used_at = 1 WHERE kind = 'totp'")
    expect(await add(app('newer', 8), 'app')).toMatchObject({ codes: undefined })

    expect(await credentialsOf('totp')).toEqual([{ id: 'newer', secret: 'sealed newer', counter: 8, last_used_at: null }])
    expect(await factorsOf()).toEqual({ factors: 1 })
    expect(await sessionsLeft()).toHaveLength(1)
    expect(await codesLeft()).toBe(10)
  })

  it.each([undefined, 'another'])('that is an app is refused where %s was shown', async (shown) => {
    const before = await facts()
    expect(await add(app('newer'), shown)).toEqual({ reason: 'changed' })
    expect(await facts()).toEqual(before)
  })

  it('that is an app is refused as one that changed, too, where a workspace asks for a factor', async () => {
    await asks('everybody')
    expect(await add(app('newer'), 'another')).toEqual({ reason: 'changed' })
  })

  it('that is an app has room beside twenty passkeys', async () => {
    for (let i = 0; i < PASSKEYS; i++) await add(passkey(`passkey-${i}`))
    expect(await add(app('newer'), 'app')).toMatchObject({ mailIds: [expect.any(String)] })
  })

  it('that is a passkey which they have already is none: nothing is told, and the session has proven nothing', async () => {
    await add(passkey())
    await run("UPDATE credentials SET created_at = created_at - 1 WHERE kind = 'passkey'")
    const before = await facts()
    expect(await add(passkey())).toEqual({ reason: 'changed' })
    expect(await facts()).toEqual(before)
  })

  it('is refused beyond twenty passkeys, and where it is somebody’s already', async () => {
    for (let i = 0; i < PASSKEYS; i++) await add(passkey(`passkey-${i}`))
    const before = await facts()
    expect(await add(passkey('one more'))).toEqual({ reason: 'too_many' })
    await run(`UPDATE credentials SET user_id = 'user-ada' WHERE id = 'passkey-0'`)
    expect(await add(passkey('passkey-0'))).toEqual({ reason: 'changed' })
    expect((await facts()).mails).toEqual(before.mails)
  })
})

describe('a factor is added only', () => {
  it.each([
    ['live', `UPDATE sessions SET last_seen_at = 1`],
    ['fresh', `UPDATE sessions SET created_at = created_at - ${FRESH_MS}`],
    ['there', 'DELETE FROM sessions'],
  ])('behind a session that is %s', async (_, change) => {
    await run(change)
    const before = await facts()
    expect(await add(app())).toEqual({ reason: 'not_proven' })
    expect(await facts()).toEqual(before)
  })

  it('behind one that is, whatever other of theirs is fresh', async () => {
    await run('UPDATE sessions SET created_at = created_at - ?', FRESH_MS)
    await otherSession()
    expect(await add(app())).toEqual({ reason: 'not_proven' })
  })

  it('behind one that proved a factor a moment ago, where there is one', async () => {
    await add(app())
    await run('UPDATE sessions SET factor_at = factor_at - ?', FRESH_MS)
    expect(await add(passkey())).toEqual({ reason: 'not_proven' })
  })

  it.each([
    ['everybody', 'acme', 0, 'needs_link'],
    ['everybody', 'acme', 90, 'needs_link'],
    ['admins', 'acme', 0, undefined],
    ['everybody', 'globex', 0, undefined],
  ])(
    'by an emailed link where it is the first and %s of %s are asked for one, with %i days of grace',
    async (policy, tenant, grace, reason) => {
      await asks(policy, tenant, grace)
      expect(await add(app())).toMatchObject(reason ? { reason } : { mailIds: [expect.any(String)] })
    },
  )

  it.each([
    ['suspended', `UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'`],
    ['closed to them', `UPDATE members SET status = 'disabled' WHERE user_id = 'user-bob'`],
  ])('by hand where the workspace that asks is %s', async (_, change) => {
    await asks('everybody')
    await run(change)
    expect(await add(app())).toMatchObject({ codes: { length: 10 } })
  })
})

describe('removing a factor', () => {
  beforeEach(async () => {
    await add(app())
    await otherSession()
  })

  it('that is the last one takes the codes along, ends the other sessions, and is told', async () => {
    expect(await remove(app())).toEqual({ mailIds: [expect.any(String)] })

    expect([await credentialsOf('totp'), await codesLeft(), await factorsOf()]).toEqual([[], 0, { factors: 0 }])
    expect(await sessionsLeft()).toMatchObject([{ id: bob.sessionId }])
    expect((await told()).at(-1)).toEqual({ kind: 'factor_removed', factor: 'totp', name: null, ip: FROM.ip })
    expect((await recorded()).at(-1)).toEqual({ tenant: 'acme', kind: 'factor_removed', before: '{"factor":"totp"}', after: null })
  })

  it('that is one of two leaves the codes', async () => {
    await add(passkey())
    expect(await remove(app())).toHaveProperty('mailIds')
    expect([await codesLeft(), await factorsOf()]).toEqual([10, { factors: 1 }])
  })

  it.each([
    ['everybody', 0],
    ['everybody', 90],
  ])('that is the last one is refused while %s is asked for one, with %i days of grace', async (policy, grace) => {
    await asks(policy, 'acme', grace)
    const before = await facts()
    expect(await remove(app())).toEqual({ reason: 'asked_for', workspace: 'Acme' })
    expect(await facts()).toEqual(before)
    await add(passkey())
    expect(await remove(app())).toHaveProperty('mailIds')
  })

  it('that is the last passkey is refused without a password', async () => {
    await add(passkey())
    await run(`DELETE FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'`)
    expect(await remove(passkey())).toEqual({ reason: 'only_way_in' })
    await add(passkey('other'))
    expect(await remove(passkey())).toHaveProperty('mailIds')
  })

  it('is refused without a fresh proof, of somebody else’s, and of one that is gone', async () => {
    await run(
      `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('of-ada', 'user-ada', 'totp', 'sealed', 1, 1)`,
    )
    expect(await remove(app('of-ada'))).toEqual({ reason: 'gone' })
    await run('UPDATE sessions SET factor_at = factor_at - ?', FRESH_MS)
    const before = await facts()
    expect(await remove(app())).toEqual({ reason: 'not_proven' })
    expect(await facts()).toEqual(before)
  })

  it('leaves one of two that are removed at once, where one is asked for', async () => {
    await asks('everybody')
    await tryOften(async () => {
      await add(passkey())
      const removed = await together((i) => remove(i % 2 ? app() : passkey()))
      expect(removed.filter((each) => 'mailIds' in each)).toHaveLength(1)
      expect(await factorsOf()).toEqual({ factors: 1 })
      await run(`DELETE FROM credentials WHERE user_id = 'user-bob' AND kind = 'passkey'`)
      await add(app())
    })
  })
})
