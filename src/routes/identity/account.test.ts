import { afterEach, describe, expect, it, vi } from 'vitest'
import { signedIn } from '../../../test/client'
import { all, dump, facts, one, run } from '../../../test/database'
import { sha256 } from '../../models/core/random'
import * as password from '../../models/identity/password'

afterEach(() => vi.restoreAllMocks())

it('the account belongs to no workspace, and leads back to them', async () => {
  const bob = await signedIn('bob')
  const page = await (await bob.get('/account')).text()

  for (const words of [
    'href="/workspaces"',
    'You sign in with bob@acme.test.',
    'Sign out everywhere',
    'email about the invitations',
  ])
    expect(page).toContain(words)
  for (const words of ['/w/acme', 'Acme', 'Agents', 'name="notices"']) expect(page).not.toContain(words)
  expect(bob.roundTrips).toBe(1)
})

it('a new name is saved, and says so on the page it came from', async () => {
  const bob = await signedIn('bob')
  const page = await (await bob.submit('/account/name', { name: '  Robert\u202e ' })).text()

  expect(page).toContain('Your name is saved.')
  expect(page).toContain('value="Robert"')
  expect(await all("SELECT before, after FROM activity WHERE kind = 'renamed'")).toEqual([
    { before: '{"name":"Bob Okafor"}', after: '{"name":"Robert"}' },
  ])
})

it('a password made of the words of any workspace of the person is refused', async () => {
  const bob = await signedIn('bob')
  const answer = await bob.post('/account/password', { current: 'x', password: 'acme okafor bob acme' })

  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('Do not base it on your name')
})

it('a changed password is emailed, and keeps the one who changed it signed in', async () => {
  vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: true, stale: false })
  vi.spyOn(password, 'hashPassword').mockResolvedValue('$scrypt$new')
  const bob = await signedIn('bob')
  const page = await bob.submit('/account/password', { current: 'x', password: 'plum teapot orbit canyon' })

  expect(await page.text()).toContain('Your password has been changed')
  expect(bob.posted).toHaveLength(1)
  expect(await one("SELECT secret FROM credentials WHERE user_id = 'user-bob'")).toEqual({ secret: '$scrypt$new' })
})

it('signing out everywhere ends every session of the person, is asked first, and ends at sign-in', async () => {
  const [bob, elsewhere, ada] = [await signedIn('bob'), await signedIn('bob'), await signedIn('ada')]
  expect(await (await bob.get('/account')).text()).toContain('Sign out everywhere?')
  const answer = await bob.post('/account/sign-out')

  expect([answer.status, answer.headers.get('Location'), bob.cookies.has('__Host-session')]).toEqual([303, '/login', false])
  expect([(await elsewhere.get('/account')).status, (await ada.get('/account')).status]).toEqual([303, 200])
  expect(await all("SELECT kind, member_id FROM activity WHERE kind = 'signed_out_everywhere'")).toEqual([
    { kind: 'signed_out_everywhere', member_id: 'bob' },
  ])
})

it('a session of one’s own can be ended, and is logged', async () => {
  await signedIn('bob')
  const other = await one<{ id: string }>("SELECT id FROM sessions WHERE user_id = 'user-bob'")
  const bob = await signedIn('bob')
  const page = await (await bob.submit(`/account/sessions/${other?.id}/end`)).text()

  expect(page).toContain('That session has ended.')
  expect(page).not.toContain(`session-${other?.id}`)
  expect(await all("SELECT member_id FROM activity WHERE kind = 'session_ended'")).toEqual([{ member_id: 'bob' }])
})

it('a form with fields that are not its own is malformed, and nothing changes', async () => {
  const bob = await signedIn('bob')
  const before = await dump()

  expect((await bob.post('/account/name', { name: 'Eve', role: 'admin' })).status).toBe(400)
  expect(await dump()).toEqual(before)
})

it('password managers are told whose password it is, and how long a new one must be', async () => {
  const html = await (await (await signedIn('bob')).get('/account')).text()
  const [form = ''] = html.match(/<form[^>]* action="\/account\/password".*?<\/form>/s) ?? []
  expect(form).toMatch(/<input[^>]* autocomplete="username" value="bob@acme.test"[^>]* hidden/)
  const [, current = '', wanted = ''] = form.match(/<input[^>]*>/g)?.filter((input) => !input.includes('type="hidden"')) ?? []
  expect(current).toContain('autocomplete="current-password"')
  expect(current).not.toContain('minlength')
  expect(wanted).toContain('minlength="15"')
  expect(wanted).toContain('passwordrules="minlength: 15; maxlength: 256;"')
  expect(wanted).not.toContain('maxlength="')
})

describe('what protects the account is said in words', () => {
  const add = (kind: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        run(
          "INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at) VALUES (?, 'user-bob', ?, ?, 1, 1)",
          `${kind}-${i}`,
          kind,
          `secret of ${kind}-${i}`,
        ),
      ),
    )

  it.each([
    [0, 0, 0, 'Only your password protects this account'],
    [0, 1, 10, 'Signing in also takes your authenticator app or a recovery code.'],
    [2, 0, 10, 'Signing in also takes a passkey or a recovery code.'],
    [1, 1, 10, 'Signing in also takes a passkey, your authenticator app, or a recovery code.'],
    [1, 0, 3, 'Only 3 recovery codes are left'],
    [1, 0, 1, 'Only 1 recovery code is left'],
    [0, 1, 0, 'You have no recovery codes'],
  ])('with %i passkeys, %i apps and %i codes', async (passkeys, apps, codes, words) => {
    await add('passkey', passkeys)
    await add('totp', apps)
    await add('recovery', codes)
    const page = await (await (await signedIn('bob')).get('/account')).text()

    expect(page.match(/id="protection".*?<\/div><\/div>/s)?.[0]).toContain(words)
    expect(page).not.toContain('secret of')
  })

  it('without a password', async () => {
    await add('passkey', 1)
    await add('recovery', 10)
    await run("DELETE FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")

    expect(await (await (await signedIn('bob')).get('/account')).text()).toContain('You sign in without a password')
  })
})

it.each([
  [null, 'with a password'],
  ['passkey', 'confirmed with a passkey'],
  ['totp', 'confirmed with an authenticator app'],
  ['recovery', 'confirmed with a recovery code'],
])('a session that proved %s says so', async (factor, words) => {
  const bob = await signedIn('bob')
  await run("UPDATE sessions SET factor = ? WHERE user_id = 'user-bob'", factor)

  expect(await (await bob.get('/account')).text()).toContain(words)
})

it('a known browser is listed, told from this one, and can be forgotten', async () => {
  const bob = await signedIn('bob')
  const own = await sha256('its secret')
  await bob.isBrowser('its secret')
  await run(
    `INSERT INTO known_browsers (user_id, id, browser_hash, user_agent, ip, created_at, last_used_at)
     VALUES ('user-bob', 'here', ?1, 'Firefox/140', '203.0.113.7', ?2, ?2), ('user-bob', 'there', ?3, 'Chrome/140', '203.0.113.8', ?2, ?2)`,
    own,
    Date.now(),
    '0'.repeat(64),
  )
  const page = await (await bob.get('/account')).text()
  expect(page).toMatch(/id="browser-here">.*?Firefox.*?This browser/s)
  expect(page).not.toContain(own)
  expect(page).not.toContain('/account/browsers/here/forget')

  const after = await (await bob.submit('/account/browsers/there/forget')).text()
  expect(after).toContain('That browser is forgotten.')
  expect(after).not.toContain('browser-there')
  expect(await all('SELECT id FROM known_browsers')).toEqual([{ id: 'here' }])
})

describe('a first password', () => {
  const NEW = 'plum teapot orbit canyon'
  const withoutPassword = async () => {
    vi.spyOn(password, 'hashPassword').mockResolvedValue('$scrypt$new')
    await run("DELETE FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")
    return signedIn('bob')
  }

  it('is set by whoever signed in with a passkey, ends the other sessions, forgets the known browsers, and is emailed', async () => {
    const [bob, elsewhere] = [await withoutPassword(), await signedIn('bob')]
    for (const name of ['bob', 'ada'])
      await run("INSERT INTO known_browsers VALUES (?1, ?1, ?2, 'Test', '203.0.113.7', 1, 1)", `user-${name}`, '0'.repeat(64))
    const page = await (await bob.submit('/account/password/first', { password: NEW })).text()

    expect(page).toContain('Your password is set, and every other session has ended.')
    expect((await elsewhere.get('/account')).status).toBe(303)
    expect(await all('SELECT user_id FROM known_browsers')).toEqual([{ user_id: 'user-ada' }])
    expect(await one("SELECT secret FROM credentials WHERE user_id = 'user-bob' AND kind = 'password'")).toEqual({
      secret: '$scrypt$new',
    })
    expect(await one("SELECT kind, about FROM mails WHERE to_key = 'bob@acme.test'")).toEqual({
      kind: 'password_changed',
      about: '{"first":true}',
    })
  })

  it('is none where there is one, and nothing changes', async () => {
    const bob = await signedIn('bob')
    const before = await facts()
    expect((await bob.post('/account/password/first', { password: NEW })).headers.get('Location')).toBe('/account')
    expect(await facts()).toEqual(before)
  })

  it('is refused by the rules of every password', async () => {
    const bob = await withoutPassword()
    const answer = await bob.post('/account/password/first', { password: 'acme okafor bob acme' })
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Do not base it on your name')])
  })
})

it('with a second factor, a changed password asks for a fresh proof first', async () => {
  vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: true, stale: false })
  const bob = await signedIn('bob')
  await run("UPDATE users SET factors = 1 WHERE id = 'user-bob'")
  expect(await (await bob.get('/account')).text()).toContain('href="/confirm?next=%2Faccount%3Fopen%3Dpassword"')
  const before = await facts()
  const answer = await bob.post('/account/password', { current: 'x', password: 'plum teapot orbit canyon' })

  expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('Confirm it’s you')])
  expect(await facts()).toEqual(before)
})
