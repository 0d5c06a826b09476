import { env } from 'cloudflare:workers'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { IP, invitee, viewerNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { PASS_PHRASE } from '../../dev/seed'
import * as password from './password'
import { signIn } from './sign-in'

const db = connect(env.DB)
/** "plum teapot" under N=16: quick, and stale. */
const QUICK = '$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$jNSMNjpvVDHnZ9cDsRmy2Br/RSHxOhX4/S0RLZ7+eWY'
const QUICK_PASSWORD = 'plum teapot'

type Attempt = { password?: string; ip?: string; jti?: string; now?: number }
const signInAs = (email: string, { password = QUICK_PASSWORD, ip = IP, jti, now = Date.now() }: Attempt = {}) =>
  signIn(db, { email, password }, { ip, userAgent: 'Test' }, jti, now)

const verify = vi.spyOn(password, 'verifyPassword')
const hash = vi.spyOn(password, 'hashPassword')
const WRONG = { ok: false, stale: false }

afterAll(() => vi.restoreAllMocks())

beforeEach(async () => {
  verify.mockReset()
  hash.mockReset()
  await run('UPDATE users SET password_hash = ?', QUICK)
})

const fails = { reason: 'wrong' }

describe('signing in', () => {
  it('starts a session in the workspace', async () => {
    const result = await signInAs(' BOB@Acme.test ')

    expect(result).toMatchObject({ viewer: { memberId: 'bob', tenantId: 'acme' } })
    expect(await all('SELECT user_id, tenant_id FROM sessions')).toEqual([{ user_id: 'user-bob', tenant_id: 'acme' }])
  })

  it('leads to the workspace that was used last', async () => {
    const columns = 'user_id, email, email_key, role, status, agent_mode, created_at, joined_at'
    await run(
      `INSERT INTO members (id, tenant_id, ${columns}, last_active_at) SELECT 'bob-2', 'globex', ${columns}, ? FROM members WHERE id = 'bob'`,
      Date.now(),
    )

    expect(await signInAs('bob@acme.test')).toMatchObject({ viewer: { tenantId: 'globex' } })
    await run("UPDATE members SET last_active_at = ? WHERE id = 'bob'", Date.now() + 1)
    expect(await signInAs('bob@acme.test')).toMatchObject({ viewer: { tenantId: 'acme' } })
  })

  it('renews a hash of other parameters, once, and leaves a current one alone', async () => {
    await signInAs('bob@acme.test')
    const renewed = await one<{ password_hash: string }>("SELECT password_hash FROM users WHERE id = 'user-bob'")
    expect(renewed?.password_hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/)

    expect(await signInAs('bob@acme.test')).toHaveProperty('session')
    expect(await one("SELECT password_hash FROM users WHERE id = 'user-bob'")).toEqual(renewed)
    expect(hash).toHaveBeenCalledTimes(1)
  })

  it('does not renew a hash for a wrong password', async () => {
    expect(await signInAs('bob@acme.test', { password: PASS_PHRASE })).toEqual(fails)
    expect(await one("SELECT password_hash FROM users WHERE id = 'user-bob'")).toEqual({ password_hash: QUICK })
  })

  it('is told apart by nothing: unknown, pending, disabled and known cost one check of a password and write alike', async () => {
    for (const email of ['nobody@acme.test', 'pia@acme.test', 'dov@acme.test', 'bob@acme.test', 'no address']) {
      verify.mockClear()
      expect(await signInAs(email, { password: 'wrong' })).toEqual(fails)
      expect(verify).toHaveBeenCalledTimes(1)
    }
    const tries = await all('SELECT hits FROM throttles WHERE key GLOB ?', 'sign-in:account:*')
    expect(tries).toEqual(Array.from({ length: 5 }, () => ({ hits: 1 })))
  })

  it('fails for somebody disabled, with the right password', async () => {
    expect(await signInAs('dov@acme.test')).toEqual(fails)
    expect(await all('SELECT id FROM sessions')).toEqual([])
  })

  it('that fails is noted in the log of an active member, and of nobody else', async () => {
    for (const email of ['bob@acme.test', 'dov@acme.test', 'pia@acme.test', 'nobody@acme.test'])
      await signInAs(email, { password: 'wrong' })

    expect(await all("SELECT tenant_id, member_id, ip FROM activity WHERE kind = 'sign_in_failed'")).toEqual([
      { tenant_id: 'acme', member_id: 'bob', ip: IP },
    ])
  })
})

describe('while a password is being checked', () => {
  const NEW = '$scrypt$of-the-owner'
  const meanwhile = (change: () => Promise<unknown>) =>
    verify.mockImplementation(async () => {
      await change()
      return { ok: true, stale: true }
    })

  it('a reset shuts the old password out, and is not undone by a renewed hash', async () => {
    meanwhile(() => run("UPDATE users SET password_hash = ? WHERE id = 'user-bob'", NEW))

    expect(await signInAs('bob@acme.test')).toEqual(fails)
    expect(await all('SELECT id FROM sessions')).toEqual([])
    expect(await one("SELECT password_hash FROM users WHERE id = 'user-bob'")).toEqual({ password_hash: NEW })
    expect(await all("SELECT id FROM activity WHERE kind = 'signed_in'")).toEqual([])
    expect(await one("SELECT hits FROM throttles WHERE key = 'sign-in:account:bob@acme.test'")).toEqual({ hits: 1 })
  })

  it('disabling the person leaves no session behind', async () => {
    meanwhile(() => run("UPDATE members SET status = 'disabled' WHERE id = 'bob'"))

    expect(await signInAs('bob@acme.test')).toEqual(fails)
    expect(await all('SELECT id FROM sessions')).toEqual([])
  })
})

describe('somebody with an account and no workspace', () => {
  const invited = async (email: string) => invitee(await viewerNamed('cat'), email)

  beforeEach(() => run('DELETE FROM sessions'))

  it('gets in while holding an open invitation of their own, into no workspace', async () => {
    const { jti } = await invited('dov@acme.test')
    await run('DELETE FROM sessions')

    expect(await signInAs('dov@acme.test', { jti })).toMatchObject({ viewer: undefined })
    expect(await all('SELECT user_id, tenant_id FROM sessions')).toEqual([{ user_id: 'user-dov', tenant_id: null }])
  })

  it.each<[string, () => Promise<string | undefined>]>([
    ['without one', async () => undefined],
    ['with an unknown one', async () => 'x'.repeat(43)],
    ['with that of somebody else', async () => (await invited('nell@acme.test')).jti],
    [
      'with one that is over',
      async () => {
        const { jti, memberId } = await invited('dov@acme.test')
        await run("UPDATE invitations SET state = 'superseded', closed_at = 1, claim = 'c' WHERE member_id = ?", memberId)
        return jti
      },
    ],
    [
      'with one that has lapsed',
      async () => {
        const { jti, memberId } = await invited('dov@acme.test')
        await run(
          'UPDATE invitations SET expires_at = created_at + 1, created_at = created_at - 1000 WHERE member_id = ?',
          memberId,
        )
        await run('UPDATE invitations SET expires_at = created_at + 1 WHERE member_id = ?', memberId)
        return jti
      },
    ],
  ])('does not get in %s', async (_, jtiOf) => {
    const jti = await jtiOf()
    await run('DELETE FROM sessions')

    expect(await signInAs('dov@acme.test', { ...(jti ? { jti } : {}) })).toEqual(fails)
    expect(await all('SELECT id FROM sessions')).toEqual([])
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
