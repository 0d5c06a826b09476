import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, linkIn, one, run } from '../../../test/database'
import { listen } from '../../../test/logged'
import { open, openInvitation } from '../../../test/opened-link'
import { DOWN } from '../../../test/used-tokens'
import { PASS_PHRASE } from '../../dev/seed'

const PASSWORD = 'plum teapot orbit canyon'
const MINUTE_MS = 60_000
const PIA = 'pia@acme.test'

/** A browser in which the link in the email was opened. */
const opened = (email = PIA, client = new Client()) => openInvitation(client, email)
const invitedToGlobex = async (email: string, role = 'user') => {
  const cat = await signedIn('cat')
  await cat.post('/w/globex/access/invitations', { email, role })
  return linkIn(email)
}
const loginAfter = ({ page }: { page: string }) => `/login?from=${page.split('/')[2]}`
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const actionsOf = (html: string) => [...html.matchAll(/action="([^"]+)"/g)].map(([, action]) => action)

describe('opening a link', () => {
  it('moves its token into a cookie of its own and leads to its page, so that no later URL carries it', async () => {
    const client = new Client()
    const answer = await client.get(await linkIn(PIA))
    const page = answer.headers.get('Location') ?? ''

    expect([answer.status, client.roundTrips]).toEqual([303, 0])
    expect(page).toMatch(/^\/invitation\/[\w-]{16}$/)
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie.split('=')[0]).toBe(`__Host-link-${page.split('/')[2]}`)
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect(answer.headers.get('Referrer-Policy')).toBe('same-origin')
    expect(await answer.text()).not.toContain('eyJ')
    const shown = await client.get(page)
    expect([shown.status, shown.headers.get('Cache-Control')]).toEqual([200, 'private, no-store'])
  })

  it.each(['', 'nonsense', 'a.b.c', 'x'.repeat(5000)])(
    'that is not ours (%#) shows the one neutral page, without a look at the database',
    async (token) => {
      const client = new Client()
      const answer = await client.get(`/invitation?token=${token}`)

      expect([answer.status, client.roundTrips, client.cookies.size]).toEqual([410, 0, 0])
      expect(await textOf(answer)).toContain('This link cannot be used')
    },
  )

  it.each(['accept', 'decline', 'renew', 'opened'])('never happened: %s is neutral', async (action) => {
    const client = new Client()
    const answer = await client.post(`/invitation/${'x'.repeat(16)}/${action}`)

    expect([answer.status, client.roundTrips]).toEqual([410, 0])
    expect(await textOf(answer)).toContain('This link cannot be used')
  })

  it('of a row that is gone shows the neutral page', async () => {
    const pia = await opened()
    await run('DELETE FROM mails')
    await run("UPDATE invitations SET jti = ? WHERE member_id = 'pia'", 'z'.repeat(43))
    const answer = await pia.show()

    expect(answer.status).toBe(410)
    expect(await textOf(answer)).toContain('This link cannot be used')
  })
})

describe('the page of an open invitation', () => {
  it('has the name that the person was invited under in its field, until they type another', async () => {
    await run("UPDATE members SET invited_name = 'Pia \"P\" Berg' WHERE id = 'pia'")
    const pia = await opened()
    const fieldIn = async (answer: Response) => (await answer.text()).match(/<input[^>]*id="name"[^>]*>/)?.[0]
    expect(await fieldIn(await pia.show())).toContain('value="Pia &quot;P&quot; Berg"')
    expect(await fieldIn(await pia.post('/accept', { name: '', password: 'too short' }))).not.toContain('Berg')
    expect((await pia.post('/accept', { name: 'Pia Novak', password: PASSWORD })).status).toBe(303)
    const key = await one(
      "SELECT m.invited_name, m.search_key, m.search_form, u.name FROM members m JOIN users u ON u.id = m.user_id WHERE m.id = 'pia'",
    )
    expect(key).toEqual({ invited_name: null, search_key: ' pia@acme.test pia novak', search_form: 1, name: 'Pia Novak' })
  })

  it('says who invited whom to what, what they will see and when it expires', async () => {
    await run("INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'pia', 'logs', 'off')")
    await run("UPDATE invitations SET note = 'See you on Monday' WHERE member_id = 'pia'")
    const pia = await opened()
    const answer = await pia.show()
    const text = await textOf(answer)

    expect([answer.status, pia.client.roundTrips]).toEqual([200, 1])
    for (const words of [
      'Join Acme',
      'Ada Admin invited pia@acme.test',
      'See you on Monday',
      'Tenant User',
      'Set My Password',
      'Decline',
      'In 3 days',
    ])
      expect(text).toContain(words)
    expect(text).toMatch(/Agents, Traces, Eval, Session, Prompts,? and MCP Debug/)
    expect(text).not.toContain('Logs')
  })

  it('prints the minute it expires, and counts the characters of the password', async () => {
    const html = await (await (await opened()).show()).text()
    expect(html).toMatch(/<time datetime="[^"]+" data-local="(true)?">\d+ \w{3} \d{4}, \d\d:\d\d UTC<\/time>/)
    expect(html).toMatch(/data-counts="password" data-least="15" aria-hidden="true">0 of 15</)
  })

  it('asks for a name that was left empty, and changes nothing', async () => {
    const pia = await opened()
    const before = await dump()
    const answer = await pia.post('/accept', { password: PASSWORD, name: ' \u202e ' })

    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Enter your name.')])
    expect(await dump()).toEqual(before)
  })

  it('sets the password and leads to sign-in, address filled in, signed in as nobody', async () => {
    const pia = await opened()
    const answer = await pia.post('/accept', { password: PASSWORD, name: ' Pia\u202e  Berg ' })
    const login = answer.headers.get('Location') ?? ''

    expect([answer.status, login]).toEqual([303, loginAfter(pia)])
    expect([...pia.client.cookies.keys()]).toEqual(['__Host-flash'])
    expect(await all('SELECT id FROM sessions')).toEqual([])
    expect(await one("SELECT name FROM users WHERE email_key = 'pia@acme.test'")).toEqual({ name: 'Pia Berg' })
    expect(await (await pia.client.get('/login')).text(), 'another tab').not.toContain(PIA)
    expect(await (await pia.client.get(login)).text()).toContain('value="pia@acme.test"')
  })

  it.each([
    ['short', 'Use at least 15 characters.'],
    ['x'.repeat(257), 'Use at most 256 characters.'],
    ['aaaaaaaaaaaaaaaaaaaa', 'Avoid repeated characters and sequences.'],
    ['correct horse battery staple', 'This password is too common.'],
    ['acme-pia-acme-2026', 'Do not base it on your name, email, or workspace.'],
    ['', 'Use at least 15 characters.'],
  ])('refuses the password %s with the reason, and keeps the name', async (password, reason) => {
    const pia = await opened()
    const before = await dump()
    const answer = await pia.post('/accept', { password, name: 'Pia "B"' })

    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain(reason)
    expect(html).toContain('value="Pia &quot;B&quot;"')
    expect(await dump()).toEqual(before)
  })

  it('works while KV is down', async () => {
    const pia = await opened(PIA, new Client({ USED_TOKENS: DOWN }))

    expect((await pia.post('/accept', { password: PASSWORD })).headers.get('Location')).toBe(loginAfter(pia))
  })

  it('leaves one line in the log where KV does not say whether it was used', async () => {
    const pia = await opened(PIA, new Client({ USED_TOKENS: DOWN }))
    const ear = listen()
    await pia.show()
    const lines = ear.stop().map((line) => JSON.parse(line))

    expect(lines.filter(({ action }) => action === 'read used token')).toEqual([
      expect.objectContaining({ outcome: 'bypassed', error: 'Error', requestId: expect.any(String) }),
    ])
  })

  it('is declined by a form, and the link then says so', async () => {
    const pia = await opened()
    const answer = await pia.submit('/decline')

    expect(answer.status).toBe(410)
    expect(await textOf(answer)).toContain(
      'You declined this invitation Changed your mind? Ask an admin of Acme to invite you again.',
    )
    expect(await one("SELECT id FROM members WHERE id = 'pia'")).toBeUndefined()
    expect(await one("SELECT member_email FROM activity WHERE kind = 'declined'")).toEqual({ member_email: PIA })
  })
})

describe('a link that cannot be used explains itself and offers one way on:', () => {
  const close = (state: string) =>
    `UPDATE invitations SET state = '${state}', closed_at = 1, write_nonce = 'c' WHERE member_id = 'pia'`
  const STATES: [string, string[], string, string][] = [
    [
      'expired',
      ["UPDATE invitations SET created_at = 1, expires_at = 2 WHERE member_id = 'pia'"],
      'This link has expired',
      '/renew',
    ],
    ['superseded', [close('superseded')], 'A newer link was emailed', '/renew'],
    ['cancelled', [close('cancelled'), "DELETE FROM members WHERE id = 'pia'"], 'This invitation was withdrawn', '/login'],
    ['declined', [close('declined'), "DELETE FROM members WHERE id = 'pia'"], 'You declined this invitation', '/login'],
    ['accepted', [close('accepted')], 'You already accepted this invitation', '/login'],
    [
      'superseded, the newest one cancelled',
      [close('superseded'), "DELETE FROM members WHERE id = 'pia'"],
      'This invitation was withdrawn',
      '/login',
    ],
  ]

  it.each(STATES)('%s', async (_, changes, words, way) => {
    const pia = await opened()
    for (const change of changes) await run(change)
    const before = await dump()

    const page = await pia.show()
    const html = await page.text()
    expect([page.status, pia.client.roundTrips]).toEqual([410, 1])
    expect(html).toContain(words)
    expect([...actionsOf(html), ...html.matchAll(/class="button[^"]*" href="([^"]+)"/g)].map(String).join(' ')).toContain(way)

    const accepted = await pia.post('/accept', { password: PASSWORD })
    expect(accepted.status).toBe(410)
    expect(await accepted.text()).toContain(words)
    expect((await pia.post('/decline')).status).toBe(303)
    expect(await dump()).toEqual(before)
  })
})

describe('a fresh link', () => {
  const expire = () => run("UPDATE invitations SET created_at = 1, expires_at = 2 WHERE member_id = 'pia'")

  it('goes to the invited address, and the old one is dead', async () => {
    const pia = await opened()
    await expire()
    const answer = await pia.submit('/renew')

    expect(answer.status).toBe(410)
    expect(await textOf(answer)).toContain('The link is on its way to you.')
    expect(await all("SELECT kind, to_email FROM mails WHERE member_id = 'pia' ORDER BY created_at")).toEqual([
      { kind: 'invitation', to_email: PIA },
      { kind: 'fresh_invitation', to_email: PIA },
    ])
    expect(pia.client.posted).toHaveLength(1)
    const again = await opened()
    expect((await again.post('/accept', { password: PASSWORD })).headers.get('Location')).toBe(loginAfter(again))
  })

  const refusedWith = async (pia: Awaited<ReturnType<typeof opened>>, seconds: [number, number], words: RegExp) => {
    const before = await dump()
    const answer = await pia.post('/renew')
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(seconds[0])
    expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(seconds[1])
    expect(await textOf(answer)).toMatch(words)
    expect(await dump()).toEqual(before)
  }

  it('waits sixty seconds after the last email', async () => {
    const pia = await opened()
    await expire()
    await pia.post('/renew')

    await refusedWith(pia, [50, 60], /You can ask again in (a moment|1 minute)/)
  })

  it('is emailed five times a day', async () => {
    const pia = await opened()
    await expire()
    for (let i = 0; i < 5; i++) {
      expect((await pia.post('/renew')).status).toBe(303)
      await run("UPDATE mails SET created_at = created_at - ? WHERE member_id = 'pia'", 2 * MINUTE_MS)
    }

    await refusedWith(pia, [85_000, 86_400], /You can ask again in 24 hours|in 1 day/)
  })
})

describe('signed in as somebody else', () => {
  it('shows both addresses, uses nothing up, and goes on as the invited one after signing out', async () => {
    const bob = await opened(PIA, await signedIn('bob'))
    const page = await bob.show()
    const html = await page.text()

    expect(page.status).toBe(200)
    for (const address of ['bob@acme.test', PIA]) expect(html).toContain(address)
    expect(html).not.toContain('name="password"')
    expect(html).toContain(`name="next" value="${bob.page}"`)

    const before = await dump()
    const answer = await bob.post('/accept', { password: PASSWORD })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('bob@acme.test')
    expect(await dump()).toEqual(before)

    const after = await bob.client.submit('/logout', { next: bob.page })
    expect(await textOf(after)).toContain('Set My Password')
    expect((await bob.post('/accept', { password: PASSWORD })).headers.get('Location')).toBe(loginAfter(bob))
  })
})

describe('an address that has an account', () => {
  it('cannot set a password, and is asked to sign in', async () => {
    const bob = await open(new Client(), await invitedToGlobex('bob@acme.test'))
    const html = await (await bob.show()).text()
    expect(html).toContain(`href="/login?next=${encodeURIComponent(bob.page)}"`)
    expect(html).not.toContain('name="password"')

    const before = await dump()
    const answer = await bob.post('/accept', { password: PASSWORD, name: 'Eve' })
    expect(answer.status).toBe(409)
    expect(await dump()).toEqual(before)
  })

  it('signed in joins with one button, and is in the new workspace', async () => {
    const users = await all('SELECT id, email, name, proved_at FROM users ORDER BY id')
    const bob = await open(await signedIn('bob'), await invitedToGlobex('bob@acme.test'))
    expect(await textOf(await bob.show())).toContain('Join Globex')
    const answer = await bob.post('/accept')

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/w/globex/agents'])
    expect([...bob.client.cookies.keys()].filter((name) => name.startsWith('__Host-link-'))).toEqual([])
    const page = await textOf(await bob.client.get('/w/globex/agents'))
    expect(page).toContain('Route Planner')
    expect(page).toContain('You joined Globex.')
    expect(await all('SELECT id, email, name, proved_at FROM users ORDER BY id')).toEqual(users)
  })

  it('and was deleted there before comes in by a new sign-in only, since the older session was shut out', async () => {
    const older = await signedIn('bob')
    await run("INSERT INTO departures (user_id, tenant_id, at) VALUES ('user-bob', 'globex', ?)", Date.now())
    const bob = await open(older, await invitedToGlobex('bob@acme.test'))
    expect((await bob.post('/accept')).headers.get('Location')).toBe('/w/globex/agents')

    const again = (await bob.client.get('/w/globex/agents')).headers.get('Location') ?? ''
    expect(again).toMatch(/^\/login\?/)
    expect((await bob.client.get('/w/acme/agents')).status, 'elsewhere the session holds').toBe(200)
    await bob.client.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })
    expect((await bob.client.get('/w/globex/agents')).status).toBe(200)
  })

  it('is told when the session belongs to somebody else', async () => {
    const ada = await open(await signedIn('ada'), await invitedToGlobex('bob@acme.test'))
    const before = await dump()

    expect((await ada.post('/accept')).status).toBe(409)
    expect(await dump()).toEqual(before)
  })

  it('and no workspace any more signs in, comes back to the link and joins', async () => {
    const dov = await open(new Client(), await invitedToGlobex('dov@acme.test'))
    const answer = await dov.client.post('/login', { email: 'dov@acme.test', password: PASS_PHRASE, next: dov.page })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, dov.page])
    expect((await dov.client.get('/w/acme/agents')).status).toBe(404)

    expect((await dov.post('/accept')).headers.get('Location')).toBe('/w/globex/agents')
    expect(await (await dov.client.get('/w/globex/agents')).text()).toContain('Route Planner')
    expect(await one("SELECT status FROM members WHERE id = 'dov'")).toEqual({ status: 'disabled' })
  })
})

it('the link of a suspended workspace shows the neutral page', async () => {
  const pia = await opened()
  await run("UPDATE tenants SET suspended_at = 1 WHERE id = 'acme'")
  const answers = [await pia.show(), await pia.post('/accept', { password: PASSWORD }), await pia.submit('/renew')]

  for (const answer of answers) {
    expect(answer.status).toBe(410)
    expect(await textOf(answer)).not.toContain('Acme')
  }
  expect(await one("SELECT status FROM members WHERE id = 'pia'")).toEqual({ status: 'pending' })
})
