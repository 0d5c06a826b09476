import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { IP, somebody } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { insertSession } from '../../../test/session'
import { PASS_PHRASE } from '../../dev/seed'
import * as password from './password'
import { newSession } from './session'
import { signIn } from './sign-in'

/** "plum teapot" under N=16: quick, and stale. */
const QUICK = '$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$jNSMNjpvVDHnZ9cDsRmy2Br/RSHxOhX4/S0RLZ7+eWY'
const QUICK_PASSWORD = 'plum teapot'

type Attempt = { password?: string; ip?: string; former?: string; browser?: string; now?: number }
const signInAs = (email: string, { password = QUICK_PASSWORD, ip = IP, former, browser, now = Date.now() }: Attempt = {}) =>
  signIn(somebody(now), { email, password }, { from: { ip, userAgent: 'Test' }, former, browser }, async () => KEPT)

/** The hash of a browser's secret. */
const KEPT = 'b'.repeat(64)

const verify = vi.spyOn(password, 'verifyPassword')
const hash = vi.spyOn(password, 'hashPassword')
const WRONG = { ok: false, stale: false }
const fails = { reason: 'wrong' }

const alsoInGlobex = () => {
  const columns = 'user_id, email, email_key, role, status, agent_mode, created_at, joined_at'
  return run(`INSERT INTO members (id, tenant_id, ${columns}) SELECT 'bob-2', 'globex', ${columns} FROM members WHERE id = 'bob'`)
}
const secretOfBob = () => one<{ secret: string }>("SELECT secret FROM credentials WHERE user_id = 'user-bob'")

afterAll(() => vi.restoreAllMocks())

beforeEach(async () => {
  verify.mockReset()
  hash.mockReset()
  await run('UPDATE credentials SET secret = ?', QUICK)
})

describe('signing in', () => {
  it('starts a session of the person, and finds the workspace that they used last', async () => {
    expect(await signInAs(' BOB@Acme.test ')).toMatchObject({ userId: 'user-bob', viewer: { memberId: 'bob', tenantId: 'acme' } })
    expect(await all('SELECT user_id, factor, factor_at FROM sessions')).toEqual([
      { user_id: 'user-bob', factor: null, factor_at: 0 },
    ])
  })

  it('finds the workspace that was really used last, while it is open', async () => {
    await alsoInGlobex()
    await run("UPDATE members SET last_active_at = ? WHERE id = 'bob'", Date.now())
    await run("UPDATE users SET last_tenant_id = 'globex' WHERE id = 'user-bob'")

    expect(await signInAs('bob@acme.test')).toMatchObject({ viewer: { tenantId: 'globex' } })
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob-2'")
    expect(await signInAs('bob@acme.test')).toMatchObject({ viewer: { tenantId: 'acme' } })
    await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
    expect(await signInAs('bob@acme.test')).toMatchObject({ viewer: undefined })
  })

  it.each([
    ['somebody disabled', 'dov@acme.test', undefined],
    ['somebody whose last membership is gone', 'bob@acme.test', "DELETE FROM members WHERE id = 'bob'"],
  ])('is for %s too: an account is an identity', async (_, email, change) => {
    if (change) await run(change)

    expect(await signInAs(email)).toMatchObject({ session: { id: expect.any(String) }, viewer: undefined })
    expect(await all("SELECT id FROM activity WHERE kind = 'signed_in'")).toEqual([])
  })

  it('is an entry in every workspace where the person is active', async () => {
    await alsoInGlobex()
    await signInAs('bob@acme.test')

    expect(await all("SELECT tenant_id, member_id, ip FROM activity WHERE kind = 'signed_in' ORDER BY tenant_id")).toEqual([
      { tenant_id: 'acme', member_id: 'bob', ip: IP },
      { tenant_id: 'globex', member_id: 'bob-2', ip: IP },
    ])
  })

  it('keeps nothing of a password that was typed in the place of the address, and counts it like one', async () => {
    verify.mockResolvedValue(WRONG)
    const now = Date.now()
    for (let i = 0; i < 5; i++) expect(await signInAs(PASS_PHRASE, { now })).toEqual(fails)

    expect(await signInAs(PASS_PHRASE, { now })).toMatchObject({ reason: 'too_many_tries' })
    expect(await signInAs('another pass phrase')).toEqual(fails)
    expect(JSON.stringify(await dump())).not.toContain('pass phrase')
  })

  it('ends the former session of the browser', async () => {
    const former = await newSession()
    await insertSession(former, 'user-ada')
    await signInAs('bob@acme.test', { former: former.secretHash })

    expect(await all('SELECT user_id FROM sessions')).toEqual([{ user_id: 'user-bob' }])
  })

  it('that fails leaves the former session of the browser', async () => {
    const former = await newSession()
    await insertSession(former, 'user-ada')
    await signInAs('bob@acme.test', { password: 'wrong', former: former.secretHash })

    expect(await all('SELECT user_id FROM sessions')).toEqual([{ user_id: 'user-ada' }])
  })

  it('renews a hash of other parameters, once, and leaves a current one alone', async () => {
    await signInAs('bob@acme.test')
    const renewed = await secretOfBob()
    expect(renewed?.secret).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/)

    expect(await signInAs('bob@acme.test')).toHaveProperty('session')
    expect(await secretOfBob()).toEqual(renewed)
    expect(hash).toHaveBeenCalledTimes(1)
  })

  it('does not renew a hash for a wrong password', async () => {
    expect(await signInAs('bob@acme.test', { password: PASS_PHRASE })).toEqual(fails)
    expect(await secretOfBob()).toEqual({ secret: QUICK })
  })

  it('is told apart by nothing: unknown, pending, disabled, known and without a password cost one check and count alike', async () => {
    await run("DELETE FROM credentials WHERE user_id = 'user-cat'")
    const emails = ['nobody@acme.test', 'pia@acme.test', 'dov@acme.test', 'bob@acme.test', 'cat@globex.test', 'no address']
    for (const email of emails) {
      verify.mockClear()
      expect(await signInAs(email, { password: 'wrong' })).toEqual(fails)
      expect(verify).toHaveBeenCalledTimes(1)
    }
    const tries = await all('SELECT hits FROM throttles WHERE key GLOB ?', 'sign-in:account:*')
    expect(tries).toEqual(emails.map(() => ({ hits: 1 })))
  })

  it('that fails is noted where the person is active, and for nobody else', async () => {
    await alsoInGlobex()
    for (const email of ['bob@acme.test', 'dov@acme.test', 'pia@acme.test', 'nobody@acme.test'])
      await signInAs(email, { password: 'wrong' })

    expect(await all("SELECT tenant_id, member_id, ip FROM activity WHERE kind = 'sign_in_failed' ORDER BY tenant_id")).toEqual([
      { tenant_id: 'acme', member_id: 'bob', ip: IP },
      { tenant_id: 'globex', member_id: 'bob-2', ip: IP },
    ])
  })
})

describe('while a password is being checked', () => {
  const NEW = '$scrypt$of-the-owner'

  it('a reset shuts the old password out, and is not undone by a renewed hash', async () => {
    verify.mockImplementation(async () => {
      await run("UPDATE credentials SET secret = ? WHERE user_id = 'user-bob'", NEW)
      return { ok: true, stale: true }
    })

    expect(await signInAs('bob@acme.test')).toEqual(fails)
    expect(await all('SELECT id FROM sessions')).toEqual([])
    expect(await secretOfBob()).toEqual({ secret: NEW })
    expect(await all("SELECT kind FROM activity WHERE kind GLOB 'sign*'")).toEqual([{ kind: 'sign_in_failed' }])
    expect(await all('SELECT hits FROM throttles')).toEqual([{ hits: 1 }, { hits: 1 }])
  })

  it('disabling the person leaves them a session that opens nothing', async () => {
    verify.mockImplementation(async () => {
      await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")
      return { ok: true, stale: false }
    })

    expect(await signInAs('bob@acme.test')).toMatchObject({ viewer: undefined })
  })
})

describe('guesses', () => {
  const ipOf = (i: number) => `2001:db8:0:${i.toString(16)}::1`

  it('at one account are checked five times, however many come at once and from wherever', async () => {
    await tryOften(async (n) => {
      verify.mockReset().mockResolvedValue(WRONG)
      const now = Date.now()
      const email = n % 2 ? `nobody${n}@acme.test` : 'bob@acme.test'
      const answers = await together((i) => signInAs(email, { ip: ipOf(n * 20 + i), now: now + n * 86_400_000 }))

      expect(verify).toHaveBeenCalledTimes(5)
      expect(answers.filter((answer) => 'reason' in answer && answer.reason === 'too_many_tries')).toHaveLength(15)
    })
  })

  it('from one network are checked twenty times, whatever the accounts', async () => {
    verify.mockResolvedValue(WRONG)
    const answers = await together((i) => signInAs(`nobody${i}@acme.test`, { ip: `2001:db8:1:2::${i}` }), 30)

    expect(verify).toHaveBeenCalledTimes(20)
    expect(answers.filter((answer) => 'reason' in answer && answer.reason === 'too_many_tries')).toHaveLength(10)
  })

  it('that the network is refused count against no account: nobody is locked out by a stranger who is', async () => {
    verify.mockResolvedValue(WRONG)
    const from = (i: number) => `2001:db8:1:2::${i}`
    for (let i = 0; i < 20; i++) await signInAs(`nobody${i}@acme.test`, { ip: from(i) })
    for (let i = 0; i < 7; i++) expect(await signInAs('bob@acme.test', { ip: from(i) })).toMatchObject({ reason: 'too_many_tries' })
    verify.mockReset()

    expect(await all("SELECT hits FROM throttles WHERE key = 'sign-in:account:bob@acme.test'")).toEqual([])
    expect(await signInAs('bob@acme.test')).toHaveProperty('session')
  })

  it('are forgotten by a success, which does not count against the network', async () => {
    for (let i = 0; i < 4; i++) await signInAs('bob@acme.test', { password: 'wrong' })
    await signInAs('bob@acme.test')

    expect(await all('SELECT key, hits FROM throttles')).toEqual([{ key: `sign-in:ip:${IP}`, hits: 4 }])
  })

  it('that were refused tell until when, the same for unknown and known', async () => {
    const now = Date.now()
    for (const email of ['bob@acme.test', 'nobody@acme.test']) {
      for (let i = 0; i < 5; i++) await signInAs(email, { password: 'wrong', ip: ipOf(1), now })
      expect(await signInAs(email, { ip: ipOf(1), now })).toEqual({ reason: 'too_many_tries', retryAt: now + 1000 })
    }
  })
})
