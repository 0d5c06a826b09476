import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, linkIn, one, run } from '../../../test/database'
import { DOWN } from '../../../test/used-tokens'
import { PASS_PHRASE } from '../../dev/seed'

const PASSWORD = 'plum teapot orbit canyon'
const MINUTE_MS = 60_000
const PIA = 'pia@acme.test'

/** A browser in which the link in the mail was opened. */
async function opened(email = PIA, client = new Client()) {
  await client.get(await linkIn(email))
  return client
}
const invitedToGlobex = async (email: string, role = 'user') => {
  const cat = await signedIn('cat')
  await cat.post('/access/invitations', { email, role })
  return linkIn(email)
}
const textOf = async (answer: Response) => (await answer.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const actionsOf = (html: string) => [...html.matchAll(/action="([^"]+)"/g)].map(([, action]) => action)

describe('opening a link', () => {
  it('moves its token into a cookie and leads to a clean URL, so that nothing later carries it', async () => {
    const client = new Client()
    const answer = await client.get(await linkIn(PIA))

    expect([answer.status, answer.headers.get('Location'), client.roundTrips]).toEqual([303, '/invitation', 0])
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-invitation=/)
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect(answer.headers.get('Referrer-Policy')).toBe('same-origin')
    expect(await answer.text()).not.toContain('eyJ')
    expect(await (await client.get('/invitation')).text()).not.toContain('eyJ')
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

  it.each(['/invitation/accept', '/invitation/decline', '/invitation/renew'])('never happened: %s is neutral too', async (path) => {
    const client = new Client()
    const answer = await client.post(path)

    expect([answer.status, client.roundTrips]).toEqual([410, 0])
    expect(await textOf(answer)).toContain('This link cannot be used')
  })

  it('of a row that is gone shows the neutral page', async () => {
    const pia = await opened()
    await run('DELETE FROM mails')
    await run("UPDATE invitations SET jti = ? WHERE member_id = 'pia'", 'z'.repeat(43))
    const answer = await pia.get('/invitation')

    expect(answer.status).toBe(410)
    expect(await textOf(answer)).toContain('This link cannot be used')
  })
})

describe('the page of an open invitation', () => {
  it('says who invited whom to what, what they will see and when it lapses', async () => {
    await run("INSERT INTO member_sections VALUES ('acme', 'pia', 'logs', 'off')")
    await run("UPDATE invitations SET note = 'See you on Monday' WHERE member_id = 'pia'")
    const pia = await opened()
    const answer = await pia.get('/invitation')
    const text = await textOf(answer)

    expect([answer.status, pia.roundTrips]).toEqual([200, 1])
    for (const words of [
      'Join Acme',
      'Ada Admin invited pia@acme.test',
      'See you on Monday',
      'Tenant User',
      'Set my password',
      'Decline',
      'in 3 days',
    ])
      expect(text).toContain(words)
    expect(text).toMatch(/Agents, Traces, Eval, Session, Prompts,? and MCP Debug/)
    expect(text).not.toContain('Logs')
  })

  it('sets the password and leads to sign-in, address filled in, signed in as nobody', async () => {
    const pia = await opened()
    const answer = await pia.post('/invitation/accept', { password: PASSWORD, name: ' Pia\u202e  Berg ' })

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/login'])
    expect([...pia.cookies.keys()]).toEqual(['__Host-flash'])
    expect(await all('SELECT id FROM sessions')).toEqual([])
    expect(await one("SELECT name FROM users WHERE email_key = 'pia@acme.test'")).toEqual({ name: 'Pia Berg' })
    expect(await (await pia.get('/login')).text()).toContain('value="pia@acme.test"')
  })

  it.each([
    ['short', 'Use at least 15 characters.'],
    ['x'.repeat(257), 'Use at most 256 characters.'],
    ['aaaaaaaaaaaaaaaaaaaa', 'That repeats itself'],
    ['correct horse battery staple', 'That is one of the passwords tried first.'],
    ['acme-pia-acme-2026', 'That is made of your own name, address or workspace.'],
    ['', 'Use at least 15 characters.'],
  ])('refuses the password %s with the reason, and keeps the name', async (password, reason) => {
    const pia = await opened()
    const before = await dump()
    const answer = await pia.post('/invitation/accept', { password, name: 'Pia "B"' })

    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain(reason)
    expect(html).toContain('value="Pia &quot;B&quot;"')
    expect(await dump()).toEqual(before)
  })

  it('works while KV is down', async () => {
    const pia = await opened(PIA, new Client({ USED_TOKENS: DOWN }))

    expect((await pia.post('/invitation/accept', { password: PASSWORD })).headers.get('Location')).toBe('/login')
  })

  it('is declined by a form, and the link then says so', async () => {
    const pia = await opened()
    const answer = await pia.submit('/invitation/decline')

    expect(answer.status).toBe(410)
    expect(await textOf(answer)).toContain(
      'You declined this invitation Changed your mind? Ask an admin of Acme to invite you again.',
    )
    expect(await one("SELECT id FROM members WHERE id = 'pia'")).toBeUndefined()
    expect(await one("SELECT member_email FROM activity WHERE kind = 'declined'")).toEqual({ member_email: PIA })
  })
})

describe('a link that cannot be used explains itself and offers one way on:', () => {
  const close = (state: string) => `UPDATE invitations SET state = '${state}', closed_at = 1, claim = 'c' WHERE member_id = 'pia'`
  const STATES: [string, string[], string, string][] = [
    [
      'expired',
      ["UPDATE invitations SET created_at = 1, expires_at = 2 WHERE member_id = 'pia'"],
      'This invitation has lapsed',
      '/invitation/renew',
    ],
    ['superseded', [close('superseded')], 'A newer link was mailed', '/invitation/renew'],
    ['cancelled', [close('cancelled'), "DELETE FROM members WHERE id = 'pia'"], 'This invitation was withdrawn', '/login'],
    ['declined', [close('declined'), "DELETE FROM members WHERE id = 'pia'"], 'You declined this invitation', '/login'],
    ['accepted', [close('accepted')], 'This invitation was accepted already', '/login'],
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

    const page = await pia.get('/invitation')
    const html = await page.text()
    expect([page.status, pia.roundTrips]).toEqual([410, 1])
    expect(html).toContain(words)
    expect([...actionsOf(html), ...html.matchAll(/class="button[^"]*" href="([^"]+)"/g)].map(String).join(' ')).toContain(way)

    const accepted = await pia.post('/invitation/accept', { password: PASSWORD })
    expect(accepted.status).toBe(410)
    expect(await accepted.text()).toContain(words)
    expect((await pia.post('/invitation/decline')).status).toBe(303)
    expect(await dump()).toEqual(before)
  })
})

describe('a fresh link', () => {
  const lapse = () => run("UPDATE invitations SET created_at = 1, expires_at = 2 WHERE member_id = 'pia'")

  it('goes to the invited address, and the old one is dead', async () => {
    const pia = await opened()
    await lapse()
    const answer = await pia.submit('/invitation/renew')

    expect(answer.status).toBe(410)
    expect(await textOf(answer)).toContain('A fresh link is on its way to you.')
    expect(await all("SELECT kind, to_email FROM mails WHERE member_id = 'pia' ORDER BY created_at")).toEqual([
      { kind: 'invitation', to_email: PIA },
      { kind: 'fresh_invitation', to_email: PIA },
    ])
    expect(pia.posted).toHaveLength(1)
    const again = await opened()
    expect((await again.post('/invitation/accept', { password: PASSWORD })).headers.get('Location')).toBe('/login')
  })

  const refusedWith = async (pia: Client, seconds: [number, number], words: RegExp) => {
    const before = await dump()
    const answer = await pia.post('/invitation/renew')
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(seconds[0])
    expect(Number(answer.headers.get('Retry-After'))).toBeLessThanOrEqual(seconds[1])
    expect(await textOf(answer)).toMatch(words)
    expect(await dump()).toEqual(before)
  }

  it('waits sixty seconds after the last mail', async () => {
    const pia = await opened()
    await lapse()
    await pia.post('/invitation/renew')

    await refusedWith(pia, [50, 60], /You can ask again in (a moment|1 minute)/)
  })

  it('is mailed five times a day', async () => {
    const pia = await opened()
    await lapse()
    for (let i = 0; i < 5; i++) {
      expect((await pia.post('/invitation/renew')).status).toBe(303)
      for (const table of ['mails', 'invitations'])
        await run(`UPDATE ${table} SET created_at = created_at - ? WHERE member_id = 'pia'`, 2 * MINUTE_MS)
    }

    await refusedWith(pia, [85_000, 86_400], /You can ask again in 24 hours|in 1 day/)
  })

  it('counts among the mails that a workspace may send in a day', async () => {
    const pia = await opened(PIA, new Client({ MAX_MAILS_A_DAY: '1' } as object))
    await lapse()

    await refusedWith(pia, [1, 86_400], /You can ask again/)
  })
})

describe('signed in as somebody else', () => {
  it('shows both addresses, uses nothing up, and goes on as the invited one after signing out', async () => {
    const bob = await opened(PIA, await signedIn('bob'))
    const page = await bob.get('/invitation')
    const html = await page.text()

    expect(page.status).toBe(200)
    for (const address of ['bob@acme.test', PIA]) expect(html).toContain(address)
    expect(html).not.toContain('name="password"')

    const before = await dump()
    const answer = await bob.post('/invitation/accept', { password: PASSWORD })
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('bob@acme.test')
    expect(await dump()).toEqual(before)

    const after = await bob.submit('/logout', { next: '/invitation' })
    expect(await textOf(after)).toContain('Set my password')
    expect((await bob.post('/invitation/accept', { password: PASSWORD })).headers.get('Location')).toBe('/login')
  })
})

describe('an address that has an account', () => {
  it('cannot set a password, and is asked to sign in', async () => {
    const link = await invitedToGlobex('bob@acme.test')
    const bob = new Client()
    await bob.get(link)
    const html = await (await bob.get('/invitation')).text()
    expect(html).toContain('href="/login?next=%2Finvitation"')
    expect(html).not.toContain('name="password"')

    const before = await dump()
    const answer = await bob.post('/invitation/accept', { password: PASSWORD, name: 'Eve' })
    expect(answer.status).toBe(409)
    expect(await dump()).toEqual(before)
  })

  it('signed in joins with one button, and is in the new workspace', async () => {
    const users = await all('SELECT * FROM users ORDER BY id')
    const link = await invitedToGlobex('bob@acme.test')
    const bob = await signedIn('bob')
    await bob.get(link)
    expect(await textOf(await bob.get('/invitation'))).toContain('Join Globex')
    const answer = await bob.post('/invitation/accept')

    expect([answer.status, answer.headers.get('Location'), bob.cookies.has('__Host-invitation')]).toEqual([303, '/', false])
    expect(await (await bob.get('/agents')).text()).toContain('Route Planner')
    expect(await all('SELECT * FROM users ORDER BY id')).toEqual(users)
  })

  it('is told when the session belongs to somebody else', async () => {
    const link = await invitedToGlobex('bob@acme.test')
    const ada = await signedIn('ada')
    await ada.get(link)
    const before = await dump()

    expect((await ada.post('/invitation/accept')).status).toBe(409)
    expect(await dump()).toEqual(before)
  })

  it('and no workspace any more signs in with the link in hand, into nothing, and joins', async () => {
    const link = await invitedToGlobex('dov@acme.test')
    const dov = new Client()
    const without = await dov.post('/login', { email: 'dov@acme.test', password: PASS_PHRASE })
    expect(without.status).toBe(422)

    await dov.get(link)
    const answer = await dov.post('/login', { email: 'dov@acme.test', password: PASS_PHRASE, next: '/invitation' })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/invitation'])
    for (const path of ['/agents', '/account', '/access/users']) expect((await dov.get(path)).status).toBe(303)

    expect((await dov.post('/invitation/accept')).headers.get('Location')).toBe('/')
    expect(await (await dov.get('/agents')).text()).toContain('Route Planner')
    expect(await one("SELECT status FROM members WHERE id = 'dov'")).toEqual({ status: 'disabled' })
  })
})
