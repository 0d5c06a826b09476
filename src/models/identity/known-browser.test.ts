import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { IP, personActOf, somebody, viewerNamed } from '../../../test/cast'
import { all, dump, one, run } from '../../../test/database'
import { connect } from '../../db/connect'
import { DAY_MS, KNOWN_BROWSER_MS, KNOWN_BROWSERS, MINUTE_MS, USER_AGENT_CHARACTERS } from '../../limits'
import { changePassword } from './account'
import { forgetBrowser, knownBrowsersOf, newBrowser, pruneBrowsers } from './known-browser'
import { resetPassword } from './password-reset'
import { signOutEverywhere } from './session'
import { finishSignIn } from './sign-in-finish'
import type { Proofs } from './verified'

const db = connect(env.DB)
const NOW = Date.now()
const ELSEWHERE = 'e'.repeat(64)
const NOTHING = { account: undefined, network: undefined }

/** Somebody signs in with their password, in the browser whose secret has this hash. */
async function signsIn(
  name: string,
  { browser, now = NOW, userAgent = 'Test', ip = IP }: { browser?: string; now?: number; userAgent?: string; ip?: string } = {},
) {
  const row = await one<{ secret: string }>(
    "SELECT secret FROM credentials WHERE user_id = ? AND kind = 'password'",
    `user-${name}`,
  )
  const proven = { kind: 'password', userId: `user-${name}`, secret: row?.secret ?? '' } as const
  const arrival = { from: { ip, userAgent }, former: undefined, browser }
  const done = await finishSignIn(somebody(now), [proven], arrival, { counted: NOTHING })
  if (!done) throw new Error('not signed in')
  return { ...done, hash: done.browser.hash }
}

const known = () =>
  all<{ user_id: string; browser_hash: string; id: string }>(
    'SELECT user_id, browser_hash, id FROM known_browsers ORDER BY user_id',
  )
const told = async () => (await all("SELECT id FROM mails WHERE kind = 'new_browser'")).length

describe('a browser that somebody signed in with', () => {
  it('is known to that account from then on, and has another secret after every sign-in', async () => {
    const first = await signsIn('bob')
    const second = await signsIn('bob', { browser: first.hash, userAgent: 'Newer', ip: '203.0.113.8', now: NOW + 1 })

    expect(second.hash).not.toBe(first.hash)
    expect(await known()).toEqual([{ user_id: 'user-bob', browser_hash: second.hash, id: expect.any(String) }])
    expect(await all('SELECT user_agent, ip, last_used_at FROM known_browsers')).toEqual([
      { user_agent: 'Newer', ip: '203.0.113.8', last_used_at: NOW + 1 },
    ])
    expect(await one("SELECT browsers_since AS since FROM users WHERE id = 'user-bob'")).toEqual({ since: NOW })
  })

  it('is known to every account of it under the new secret: a planted one knows none', async () => {
    const planted = await newBrowser()
    const ada = await signsIn('ada', { browser: planted.hash })
    const bob = await signsIn('bob', { browser: ada.hash })

    expect((await known()).map(({ user_id, browser_hash }) => [user_id, browser_hash])).toEqual([
      ['user-ada', bob.hash],
      ['user-bob', bob.hash],
    ])
  })

  it('takes along what its person began in another tab, and nobody else’s', async () => {
    const { hash } = await newBrowser()
    for (const name of ['ada', 'bob']) await run('INSERT INTO sign_ins VALUES (?1, ?2, ?3, 0, 1, 2)', name, `user-${name}`, hash)
    await run("INSERT INTO sign_ins VALUES ('elsewhere', 'user-bob', ?, 0, 1, 2)", ELSEWHERE)
    const bob = await signsIn('bob', { browser: hash })

    expect(await all("SELECT id, browser_hash FROM sign_ins WHERE id <> 'elsewhere' ORDER BY id")).toEqual([
      { id: 'ada', browser_hash: hash },
      { id: 'bob', browser_hash: bob.hash },
    ])
    expect(await all("SELECT browser_hash FROM sign_ins WHERE id = 'elsewhere'")).toEqual([{ browser_hash: ELSEWHERE }])
  })

  it(`is one of ${KNOWN_BROWSERS} at most: the one used longest ago is forgotten`, async () => {
    const first = await signsIn('bob', { now: NOW - DAY_MS })
    await signsIn('ada', { now: NOW - DAY_MS })
    for (let i = 0; i < KNOWN_BROWSERS; i++) await signsIn('bob', { now: NOW + i })

    expect((await known()).filter(({ user_id }) => user_id === 'user-bob')).toHaveLength(KNOWN_BROWSERS)
    expect((await known()).map(({ browser_hash }) => browser_hash)).not.toContain(first.hash)
    await signsIn('ada', { now: NOW })
    expect((await known()).filter(({ user_id }) => user_id === 'user-ada')).toHaveLength(2)
  })

  it('is forgotten after ninety days without a sign-in', async () => {
    const old = await signsIn('bob', { now: NOW - KNOWN_BROWSER_MS })
    await signsIn('ada', { now: NOW - KNOWN_BROWSER_MS + 1 })
    const before = await told()
    expect(await knownBrowsersOf({ db, secretHash: old.session.secretHash, now: NOW })).toEqual([])
    await signsIn('bob', { browser: old.hash, now: NOW })
    expect(await told()).toBe(before + 1)

    await run('UPDATE known_browsers SET last_used_at = ? WHERE user_id = ?', NOW - KNOWN_BROWSER_MS, 'user-bob')
    await db.batch([pruneBrowsers(db, NOW)])
    expect((await known()).map(({ user_id }) => user_id)).toEqual(['user-ada'])
  })

  it('is shown before those that were used longer ago', async () => {
    for (const [userAgent, now] of [
      ['Second', NOW],
      ['Third', NOW - 1],
      ['First', NOW + 1],
    ] as const)
      await signsIn('bob', { userAgent, now })
    const { session } = await signsIn('bob', { userAgent: 'Now', now: NOW + 2 })

    const shown = await knownBrowsersOf({ db, secretHash: session.secretHash, now: NOW + 2 })
    expect(shown.map(({ userAgent }) => userAgent)).toEqual(['Now', 'First', 'Second', 'Third'])
  })

  it('is shown to its person alone, and can be forgotten by them alone', async () => {
    const bob = await signsIn('bob', { userAgent: 'Firefox' })
    await signsIn('ada')
    const at = { db, secretHash: bob.session.secretHash, now: NOW }
    const shown = await knownBrowsersOf(at)
    expect(shown).toEqual([
      { id: expect.any(String), userAgent: 'Firefox', ip: IP, createdAt: NOW, lastUsedAt: NOW, browserHash: bob.hash },
    ])

    const act = personActOf(await viewerNamed('ada'))
    expect(await forgetBrowser(act, shown[0]?.id ?? '')).toBe(false)
    expect(await known()).toHaveLength(2)
    expect(await forgetBrowser(personActOf(await viewerNamed('bob')), shown[0]?.id ?? '')).toBe(true)
    expect(await knownBrowsersOf(at)).toEqual([])
  })

  it.each<[string, () => Promise<unknown>]>([
    [
      'a change of the password',
      async () =>
        changePassword(personActOf(await viewerNamed('bob')), { passwordHash: 'new', mailId: 'm', secretHash: 'a'.repeat(64) }),
    ],
    [
      'a reset',
      async () => {
        await run(
          "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at) VALUES ('r', 'user-bob', ?, 'open', 1, ?)",
          'j'.repeat(43),
          NOW * 2,
        )
        return resetPassword(somebody(NOW), 'j'.repeat(43), { passwordHash: 'new', mailId: 'm' })
      },
    ],
    ['signing out everywhere', async () => signOutEverywhere(personActOf(await viewerNamed('bob')))],
  ])('is forgotten by %s, and only for that person', async (_, end) => {
    const bob = await signsIn('bob')
    await signsIn('ada', { browser: bob.hash })
    await end()

    expect((await known()).map(({ user_id }) => user_id)).toEqual(['user-ada'])
  })
})

describe('a sign-in from a browser that is not known', () => {
  it('is emailed, and no other is: not the first of all, and not the next with the same browser', async () => {
    const first = await signsIn('bob')
    const next = await signsIn('bob', { browser: first.hash })
    expect(await told()).toBe(0)

    const other = await signsIn('bob', { userAgent: 'Elsewhere' })
    expect(await all("SELECT id, to_key, about FROM mails WHERE kind = 'new_browser'")).toEqual([
      { id: other.mailIds[0], to_key: 'bob@acme.test', about: JSON.stringify({ userAgent: 'Elsewhere', ip: IP }) },
    ])
    expect([first.mailIds, next.mailIds, other.mailIds.length]).toEqual([[], [], 1])
  })

  it('is emailed where another account of the same browser is known', async () => {
    await signsIn('bob')
    const ada = await signsIn('ada')
    await signsIn('bob', { browser: ada.hash, userAgent: 'Elsewhere' })
    expect(await told()).toBe(1)
  })

  it('is emailed once where its form was sent twice, and a minute later again', async () => {
    const first = await signsIn('bob', { now: NOW - 1 })
    await signsIn('bob', { browser: first.hash, now: NOW })
    await signsIn('bob', { browser: first.hash, now: NOW })
    expect(await told()).toBe(0)
    await signsIn('bob', { browser: first.hash, now: NOW + MINUTE_MS })
    expect(await told()).toBe(1)
  })

  it('is emailed where it only looks like another: of somebody else, or in another network', async () => {
    await signsIn('bob', { now: NOW - DAY_MS })
    await signsIn('ada', { userAgent: 'Same' })
    await signsIn('bob', { userAgent: 'Same' })
    expect(await told()).toBe(1)
    await signsIn('bob', { userAgent: 'Same', ip: '203.0.113.8' })
    expect(await told()).toBe(2)
  })

  it.each([
    ['somebody else made', 'user-ada', 'used'],
    ['came to nothing', 'user-bob', 'superseded'],
  ])('is emailed after a reset that %s', async (_, userId, state) => {
    await signsIn('bob')
    await run(
      "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce) VALUES ('r', ?, ?, ?, 1, 2, ?, 'n')",
      userId,
      'j'.repeat(43),
      state,
      NOW,
    )
    await signsIn('bob', { userAgent: 'Elsewhere' })
    expect(await told()).toBe(1)
  })

  it('is named by no more than the beginning of what it says of itself', async () => {
    await signsIn('bob')
    await signsIn('bob', { userAgent: 'x'.repeat(USER_AGENT_CHARACTERS + 1) })
    expect(await all("SELECT length(about ->> 'userAgent') AS n FROM mails WHERE kind = 'new_browser'")).toEqual([
      { n: USER_AGENT_CHARACTERS },
    ])
    expect(await one('SELECT max(length(user_agent)) AS n FROM known_browsers')).toEqual({ n: USER_AGENT_CHARACTERS })
  })

  it('is emailed after signing out everywhere, and not within a quarter of an hour after a reset', async () => {
    await signsIn('bob')
    await run(
      "INSERT INTO password_resets (id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce) VALUES ('r', 'user-bob', ?, 'used', 1, 2, ?, 'n')",
      'j'.repeat(43),
      NOW,
    )
    await signsIn('bob', { now: NOW + 15 * MINUTE_MS - 1 })
    expect(await told()).toBe(0)

    await signOutEverywhere(personActOf(await viewerNamed('bob')))
    await signsIn('bob', { now: NOW + 15 * MINUTE_MS })
    expect(await told()).toBe(1)
  })
})

it.each<[string, number | null, Proofs]>([
  ['the first one', null, [{ kind: 'password', userId: 'user-bob', secret: 'an old one' }]],
  ['a later one', 1, [{ kind: 'password', userId: 'user-bob', secret: 'an old one' }]],
  [
    'one by a recovery code, which is not used up',
    1,
    [
      { kind: 'sign_in', userId: 'user-bob', id: 'over' },
      { kind: 'recovery', userId: 'user-bob', id: 'code', left: 0 },
    ],
  ],
])('nothing of it is left where the sign-in was none: %s', async (_, since, proofs) => {
  await run("UPDATE users SET browsers_since = ? WHERE id = 'user-bob'", since)
  await run(
    "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES ('code', 'user-bob', 'recovery', 'x', 1, 1)",
  )
  await run(
    "INSERT INTO known_browsers SELECT 'user-bob', value, printf('%064d', value), 'Test', '203.0.113.7', 1, 1 FROM json_each(?)",
    JSON.stringify(Array.from({ length: KNOWN_BROWSERS + 1 }, (_, i) => i)),
  )
  const browser = '0'.repeat(64)
  await run("INSERT INTO sign_ins VALUES ('in another tab', 'user-bob', ?, 0, 1, 2)", browser)
  const arrival = { from: { ip: IP, userAgent: 'Test' }, former: undefined, browser }
  const before = await dump()

  expect(await finishSignIn(somebody(NOW), proofs, arrival, { counted: NOTHING })).toBeUndefined()
  expect(await dump()).toEqual(before)
})
