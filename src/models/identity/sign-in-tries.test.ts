import { env } from 'cloudflare:workers'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codeAt, hasAuthenticatorApp } from '../../../test/authenticator-apps'
import { IP, personActOf, somebody, viewerNamed } from '../../../test/cast'
import { all, one, run } from '../../../test/database'
import { alsoInGlobex } from '../../../test/factors'
import { hasRecoveryCode, RECOVERY_CODE } from '../../../test/half-sign-in'
import { together, tryOften } from '../../../test/race'
import { connect } from '../../db/connect'
import { readEnv } from '../../env'
import { DAY_MS, KNOWN_BROWSER_MS, MINUTE_MS, SESSION_FAILURES } from '../../limits'
import * as codes from './codes'
import { newBrowser } from './known-browser'
import * as password from './password'
import { giveCode } from './second-step'
import { failInSession, sessionTry } from './session-tries'
import { signIn } from './sign-in'
import type { Arrival } from './sign-in-finish'

const db = connect(env.DB)
const { TOTP_KEYS: keys } = readEnv(env)
const BROWSER = 'b'.repeat(64)
const verify = vi.spyOn(password, 'verifyPassword')
const looked = vi.spyOn(codes, 'verifyCode')
afterAll(() => vi.restoreAllMocks())
afterEach(() => vi.useRealTimers())
beforeEach(() => {
  // The first wait is a second, which a busy machine needs for less.
  vi.setSystemTime(Date.now())
  looked.mockClear()
  verify.mockReset().mockImplementation(async (_, typed) => ({ ok: typed === 'right', stale: false }))
})

type Where = { ip?: string; browser?: string; now?: number }
const from = ({ ip = IP, browser }: Where): Arrival => ({ from: { ip, userAgent: 'Test' }, former: undefined, browser })
const tries = (email: string, typed: string, where: Where = {}) =>
  signIn(somebody(where.now), { email, password: typed }, from(where), async () => where.browser ?? BROWSER)
const outcome = (answer: object) => ('reason' in answer ? answer.reason : 'half' in answer ? 'half' : 'in')
const BOB = 'bob@acme.test'
const fails = async (times: number, email = BOB, where: Where = {}) => {
  for (let i = 0; i < times; i++) await tries(email, 'wrong', where)
}

const secretOfBob = async () =>
  (await one<{ secret: string }>("SELECT secret FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'"))?.secret

/** The hash of a browser that Bob has signed in with. */
async function browserOfBob() {
  const done = await tries(BOB, 'right')
  if (!('browser' in done)) throw new Error('not signed in')
  return done.browser.hash
}

const network = (n: number) => `2001:db8:0:${n.toString(16)}::1`

describe('three counters', () => {
  it('whoever fails elsewhere locks nobody out of a browser that signed in before', async () => {
    const browser = await browserOfBob()
    for (let i = 0; i < 9; i++) await fails(1, BOB, { ip: network(i) })

    expect(outcome(await tries(BOB, 'right', { ip: network(10) }))).toBe('too_many_tries')
    expect(outcome(await tries(BOB, 'right', { browser }))).toBe('in')
  })

  it('a browser of theirs is limited as strangers are, by itself, and they are not by it', async () => {
    const browser = await browserOfBob()
    await fails(5, BOB, { browser })

    expect(outcome(await tries(BOB, 'right', { browser }))).toBe('too_many_tries')
    expect(outcome(await tries(BOB, 'right'))).toBe('in')
  })

  it('a browser that is known to another account is a stranger to this one', async () => {
    const browser = await browserOfBob()
    await fails(5, 'ada@acme.test', { ip: network(1) })
    expect(outcome(await tries('ada@acme.test', 'right', { browser, ip: network(2) }))).toBe('too_many_tries')
  })

  it('a success clears its own counter and no other', async () => {
    const browser = await browserOfBob()
    await fails(4)
    await fails(4, BOB, { browser })
    await tries(BOB, 'right', { browser })

    expect(await all("SELECT key, hits FROM throttles WHERE key NOT GLOB 'sign-in:ip:*'")).toEqual([
      { key: `sign-in:account:${BOB}`, hits: 4 },
    ])
  })

  it('passwords and codes count together: the sixth proof waits, of whatever kind it is', async () => {
    await hasAuthenticatorApp('bob')
    const half = await tries(BOB, 'right')
    const id = 'half' in half ? half.half.id : ''
    await fails(3)
    for (let i = 0; i < 2; i++) await giveCode(somebody(), id, { code: '000000', keys }, from({ browser: BROWSER }))

    expect(outcome(await tries(BOB, 'right'))).toBe('too_many_tries')
    expect(outcome(await giveCode(somebody(), id, { code: codeAt(), keys }, from({ browser: BROWSER })))).toBe('too_many_tries')
  })

  it('a right password that is not all takes back its own try, and clears nothing', async () => {
    await hasAuthenticatorApp('bob')
    await fails(4)
    for (let i = 0; i < 9; i++) expect(outcome(await tries(BOB, 'right'))).toBe('half')
    expect(await all('SELECT key, hits, blocked_until FROM throttles ORDER BY key')).toEqual([
      { key: `sign-in:account:${BOB}`, hits: 4, blocked_until: 0 },
      { key: `sign-in:ip:${IP}`, hits: 4, blocked_until: 0 },
    ])
  })

  it('a finished sign-in clears what its password left', async () => {
    await hasAuthenticatorApp('bob')
    await fails(3)
    const half = await tries(BOB, 'right')
    const done = await giveCode(
      somebody(),
      'half' in half ? half.half.id : '',
      { code: codeAt(), keys },
      from({ browser: BROWSER }),
    )

    expect(outcome(done)).toBe('in')
    expect(await all('SELECT key, hits FROM throttles')).toEqual([{ key: `sign-in:ip:${IP}`, hits: 3 }])
  })
})

describe('a network that failed too often', () => {
  const exhaust = async (now = Date.now()) => {
    for (let i = 0; i < 20; i++) await tries(`nobody${i}@acme.test`, 'wrong', { now })
  }

  it('still lets in a browser that signed in to this account before, and no other account from it', async () => {
    const browser = await browserOfBob()
    await exhaust()

    expect(outcome(await tries('ada@acme.test', 'right', { browser }))).toBe('too_many_tries')
    expect(outcome(await tries(BOB, 'right', { browser }))).toBe('in')
    expect(await one('SELECT hits FROM throttles WHERE key = ?', `sign-in:ip:${IP}`)).toEqual({ hits: 20 })
  })

  it('counts what such a browser tries for the account, which waits by itself, and not for the network', async () => {
    const browser = await browserOfBob()
    await fails(1, BOB, { browser })
    expect(await one('SELECT hits FROM throttles WHERE key = ?', `sign-in:ip:${IP}`)).toEqual({ hits: 0 })
    await exhaust()
    await fails(4, BOB, { browser })

    expect(outcome(await tries(BOB, 'right', { browser }))).toBe('too_many_tries')
  })

  it.each<[string, (at: number) => Promise<unknown>]>([
    ['joined', (at) => run("UPDATE members SET joined_at = ? WHERE id = 'bob'", at)],
    [
      'reset their password',
      (at) =>
        run(
          "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce) VALUES ('r', 'user-bob', ?, 'used', 1, 2, ?, 'n')",
          'j'.repeat(43),
          at,
        ),
    ],
    [
      'set up a second factor by a link',
      (at) =>
        run(
          "INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at, closed_at) VALUES ('f', 'user-bob', 'lost', ?, 'used', 1, 2, ?)",
          'j'.repeat(43),
          at,
        ),
    ],
  ])('still lets in whoever has just %s, for a quarter of an hour, and nobody else', async (_, used) => {
    const now = Date.now()
    await run('UPDATE members SET joined_at = 1 WHERE joined_at IS NOT NULL')
    await exhaust(now)
    await used(now - 15 * MINUTE_MS)
    expect(outcome(await tries(BOB, 'right', { now }))).toBe('too_many_tries')

    await run('DELETE FROM password_resets')
    await run('DELETE FROM factor_links')
    await used(now - 15 * MINUTE_MS + 1)
    expect(outcome(await tries('ada@acme.test', 'right', { now }))).toBe('too_many_tries')
    expect(outcome(await tries(BOB, 'right', { now }))).toBe('in')
  })

  it('lets in nobody who has just joined by a link that they were handed', async () => {
    const now = Date.now()
    await exhaust(now)
    await run("UPDATE members SET joined_at = ? WHERE id = 'bob'", now)
    await run("UPDATE users SET proved_at = NULL WHERE id = 'user-bob'")
    expect(outcome(await tries(BOB, 'right', { now }))).toBe('too_many_tries')
  })

  it.each([
    [
      'password_resets',
      "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce) VALUES ('r', 'user-bob', ?1, 'superseded', 1, 2, ?2, 'n')",
    ],
    [
      'factor_links',
      "INSERT INTO factor_links (id, user_id, purpose, jti, state, created_at, expires_at, closed_at) VALUES ('f', 'user-bob', 'lost', ?1, 'superseded', 1, 2, ?2)",
    ],
  ])('lets in nobody whose link was only asked for anew, by the rows of %s', async (_, superseded) => {
    const now = Date.now()
    await run('UPDATE members SET joined_at = 1 WHERE joined_at IS NOT NULL')
    await exhaust(now)
    await run(superseded, 'j'.repeat(43), now)
    expect(outcome(await tries(BOB, 'right', { now }))).toBe('too_many_tries')
  })

  it('lets in no browser that signed in to this account ninety days ago', async () => {
    const [browser, now] = [await browserOfBob(), Date.now()]
    await run('UPDATE members SET joined_at = 1 WHERE joined_at IS NOT NULL')
    await exhaust(now)
    await run('UPDATE known_browsers SET last_used_at = ?', now - KNOWN_BROWSER_MS)
    expect(outcome(await tries(BOB, 'right', { browser, now }))).toBe('too_many_tries')
    await run('UPDATE known_browsers SET last_used_at = last_used_at + 1')
    expect(outcome(await tries(BOB, 'right', { browser, now }))).toBe('in')
  })

  it('is charged with no success', async () => {
    await run('UPDATE members SET joined_at = 1 WHERE joined_at IS NOT NULL')
    for (let i = 0; i < 30; i++) expect(outcome(await tries(BOB, 'right'))).toBe('in')
    expect(await one('SELECT hits FROM throttles WHERE key = ?', `sign-in:ip:${IP}`)).toEqual({ hits: 0 })
  })

  it('does not begin to wait by a success', async () => {
    for (let i = 0; i < 19; i++) await tries(`nobody${i}@acme.test`, 'wrong')
    expect([outcome(await tries(BOB, 'right')), outcome(await tries('ada@acme.test', 'right'))]).toEqual(['in', 'in'])
  })
})

describe('a code', () => {
  const networkFails = async () => {
    for (let i = 0; i < 20; i++) await tries(`nobody${i}@acme.test`, 'wrong')
  }
  const halfIn = async (browser: string) => {
    const half = await tries(BOB, 'right', { browser, ip: network(1) })
    return 'half' in half ? half.half.id : ''
  }
  const give = (id: string, browser: string, code = codeAt()) => giveCode(somebody(), id, { code, keys }, from({ browser }))

  it('is not counted for its sign-in while its network has to wait, and a browser of theirs need not', async () => {
    const browser = await browserOfBob()
    await run('UPDATE members SET joined_at = 1 WHERE joined_at IS NOT NULL')
    await hasAuthenticatorApp('bob')
    const [theirs, elsewhere] = [await halfIn(browser), await halfIn(BROWSER)]
    await networkFails()

    expect(await give(elsewhere, BROWSER)).toMatchObject({ reason: 'too_many_tries', retryAt: Date.now() + 5 * MINUTE_MS })
    expect(await all('SELECT tries FROM sign_ins')).toEqual([{ tries: 0 }, { tries: 0 }])
    expect(outcome(await give(theirs, browser))).toBe('in')
  })

  it('that was used while it was looked at is wrong, and noted like one, where its person is active', async () => {
    await hasAuthenticatorApp('bob')
    await alsoInGlobex()
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob-globex'")
    const id = await halfIn(BROWSER)
    looked.mockImplementationOnce(async (_, [app]) => {
      await run("UPDATE credentials SET counter = 9 WHERE kind = 'totp'")
      return { kind: 'totp', userId: app?.userId ?? '', id: app?.id ?? '', counter: 9 }
    })

    expect(outcome(await give(id, BROWSER))).toBe('wrong')
    expect(await all("SELECT tenant_id FROM activity WHERE kind = 'sign_in_failed'")).toEqual([{ tenant_id: 'acme' }])
  })
})

describe('codes that come at once', () => {
  const half = async (now: number) => {
    await run(
      "INSERT OR REPLACE INTO sign_ins (id, user_id, browser_hash, created_at, expires_at) VALUES ('one', 'user-bob', ?, ?, ?)",
      BROWSER,
      now,
      now + 5 * MINUTE_MS,
    )
  }
  const give = (code: string, now: number, ip = IP) =>
    giveCode(somebody(now), 'one', { code, keys }, from({ ip, browser: BROWSER }))

  it('finish one sign-in by one of them, and begin one session', async () => {
    await hasAuthenticatorApp('bob')
    await tryOften(async (n) => {
      const now = Date.now() + n * DAY_MS
      await half(now)
      await run('DELETE FROM sessions')
      const answers = await together(() => give(codeAt(now), now))

      expect(answers.filter((answer) => outcome(answer) === 'in')).toHaveLength(1)
      expect(await all('SELECT factor FROM sessions')).toEqual([{ factor: 'totp' }])
    })
  })

  it('are looked at five times, however many come, and never more', async () => {
    await hasAuthenticatorApp('bob')
    await tryOften(async (n) => {
      const now = Date.now() + n * DAY_MS
      looked.mockClear()
      await half(now)
      await together((i) => give('000000', now, network(n * 20 + i)))

      expect(looked).toHaveBeenCalledTimes(5)
    })
  })

  it('use up one recovery code once, in two sign-ins at once, too', async () => {
    await hasAuthenticatorApp('bob')
    await tryOften(async (n) => {
      const now = Date.now() + n * DAY_MS
      await hasRecoveryCode('bob')
      await run('DELETE FROM sessions')
      for (const id of ['one', 'two'])
        await run(
          'INSERT OR REPLACE INTO sign_ins (id, user_id, browser_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?)',
          id,
          'user-bob',
          BROWSER,
          now,
          now + 5 * MINUTE_MS,
        )
      const giveIn = (id: string) =>
        giveCode(somebody(now), id, { code: RECOVERY_CODE, keys }, from({ ip: network(n), browser: BROWSER }))
      const answers = await together((i) => giveIn(i % 2 ? 'one' : 'two'), 4)

      expect(answers.filter((answer) => outcome(answer) === 'in')).toHaveLength(1)
    }, 10)
  })
})

it('a second factor that is set up while a password is verified is asked for', async () => {
  verify.mockImplementation(async () => {
    await hasAuthenticatorApp('bob')
    return { ok: true, stale: false }
  })
  expect(outcome(await tries(BOB, 'right'))).toBe('wrong')
  expect(await all('SELECT id FROM sessions')).toEqual([])
})

it('a password that is changed while it is verified begins no second step, stays counted and is noted', async () => {
  await hasAuthenticatorApp('bob')
  verify.mockImplementation(async () => {
    await run("UPDATE credentials SET secret = 'new' WHERE user_id = 'user-bob' AND kind = 'password'")
    return { ok: true, stale: true }
  })
  expect(outcome(await tries(BOB, 'right'))).toBe('wrong')
  expect(await all('SELECT hits FROM throttles')).toEqual([{ hits: 1 }, { hits: 1 }])
  expect(await all("SELECT member_id FROM activity WHERE kind = 'sign_in_failed'")).toEqual([{ member_id: 'bob' }])
  expect(await secretOfBob()).toBe('new')
})

it('a hash that is out of date is renewed before the second factor is given', async () => {
  await hasAuthenticatorApp('bob')
  const before = await secretOfBob()
  verify.mockResolvedValue({ ok: true, stale: true })
  expect(outcome(await tries(BOB, 'right'))).toBe('half')
  expect(await secretOfBob()).not.toBe(before)
})

it('the second step of a browser goes on when the same person finishes another sign-in in it', async () => {
  await hasAuthenticatorApp('bob')
  await hasRecoveryCode('bob')
  const { hash } = await newBrowser()
  const [one, two] = [await tries(BOB, 'right', { browser: hash }), await tries(BOB, 'right', { browser: hash })]
  const ids = [one, two].map((each) => ('half' in each ? each.half.id : ''))
  const done = await giveCode(somebody(), ids[0] ?? '', { code: codeAt(), keys }, from({ browser: hash }))
  const browser = 'browser' in done ? done.browser.hash : ''

  expect(outcome(await giveCode(somebody(), ids[1] ?? '', { code: RECOVERY_CODE, keys }, from({ browser })))).toBe('in')
})

describe('failures in a session', () => {
  it(`end it at the ${SESSION_FAILURES}th, and no other`, async () => {
    const bob = await viewerNamed('bob')
    await viewerNamed('bob')
    const act = personActOf(bob)
    const hash = (await one<{ it: string }>('SELECT secret_hash AS it FROM sessions WHERE id = ?', bob.sessionId))?.it ?? ''
    const ended: boolean[] = []
    for (let i = 0, now = Date.now(); i < SESSION_FAILURES; i++, now += MINUTE_MS) {
      const { allowed, blocked } = sessionTry({ db, secretHash: hash, now })
      const [passed] = await db.batch([allowed, blocked])
      expect(passed).toHaveLength(1)
      ended.push(await failInSession(act))
    }

    expect(ended).toEqual([...Array(SESSION_FAILURES - 1).fill(false), true])
    expect(await all('SELECT id FROM sessions WHERE id = ?', bob.sessionId)).toEqual([])
    expect(await all("SELECT id FROM sessions WHERE user_id = 'user-bob'")).toHaveLength(1)
    expect(await all("SELECT member_id FROM activity WHERE kind = 'session_ended'")).toEqual([{ member_id: 'bob' }])
  })
})
