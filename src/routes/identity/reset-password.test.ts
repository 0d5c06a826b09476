import { describe, expect, it } from 'vitest'
import { actNamed, invitee } from '../../../test/cast'
import { Client, signedIn } from '../../../test/client'
import { all, dump, linkIn, one, resetLinkIn, run } from '../../../test/database'
import { PASS_PHRASE } from '../../dev/seed'
import { linkOf } from '../../models/core/random'
import { resetPath } from '../../paths'

const PASSWORD = 'plum teapot orbit canyon'

const tokenIn = (link: string) => new URL(link, 'https://latchkey.test').searchParams.get('token') ?? ''

async function opened(email = 'bob@acme.test', browser = new Client()) {
  await new Client().post('/forgot-password', { email })
  const link = await resetLinkIn(email)
  const answer = await browser.get(link)
  return { bob: browser, answer, path: answer.headers.get('Location') ?? '', token: tokenIn(link) }
}

describe('a reset link', () => {
  it('moves its token into a cookie of its own and leads to a page that its URL names without it', async () => {
    const { bob, answer, path, token } = await opened()

    expect(answer.status).toBe(303)
    expect(path).toMatch(/^\/reset-password\/[\w-]{16}$/)
    expect(token).not.toContain(path.split('/')[2])
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure'])
    const page = await (await bob.get(path)).text()
    expect(page).toContain('value="bob@acme.test"')
    expect(page).toContain(`action="${path}"`)
    expect(page).toContain(`name="token" value="${token}"`)
  })

  it('sets the password, ends every session, emails a notice, and signs nobody in', async () => {
    const { bob, path, token } = await opened()
    const elsewhere = await signedIn('bob')
    const answer = await bob.post(path, { password: PASSWORD, token })
    const next = answer.headers.get('Location') ?? ''

    expect(next).toBe(`/login?from=${path.split('/')[2]}`)
    expect([...bob.cookies.keys()]).toEqual(['__Host-flash'])
    expect((await elsewhere.get('/w/acme/agents')).status).toBe(303)
    expect(await all("SELECT to_email FROM mails WHERE kind = 'password_changed'")).toEqual([{ to_email: 'bob@acme.test' }])
    expect(await (await bob.get('/login')).text()).not.toContain('bob@acme.test')
    expect(await (await bob.get(next)).text()).toContain('value="bob@acme.test"')
    const signedInAgain = await bob.post('/login', { email: 'bob@acme.test', password: PASSWORD })
    expect(signedInAgain.headers.get('Location')).toBe('/w/acme/agents')
  })

  it('works for somebody who is disabled, whose page of workspaces then says so', async () => {
    const { bob, path, token } = await opened('dov@acme.test')
    await bob.post(path, { password: PASSWORD, token })

    expect(await (await bob.submit('/login', { email: 'dov@acme.test', password: PASSWORD })).text()).toContain(
      'An admin of this workspace disabled you.',
    )
    expect(await one("SELECT status FROM members WHERE id = 'dov'")).toEqual({ status: 'disabled' })
  })

  it('with a weak password is refused with the reason, and can be used again', async () => {
    const { bob, path, token } = await opened()
    const before = await dump()
    const answer = await bob.post(path, { password: 'bob acme bob acme okafor', token })

    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain('Do not base it on your name, email, or workspace.')
    expect(page).toContain(`value="${token}"`)
    expect(await dump()).toEqual(before)
    expect((await bob.get(path)).status).toBe(200)
  })

  it.each<[string, string, string]>([
    ['used', "UPDATE password_resets SET state = 'used', closed_at = 1, write_nonce = 'c'", 'This link has already been used'],
    ['superseded', "UPDATE password_resets SET state = 'superseded', closed_at = 1, write_nonce = 'c'", 'A newer link was emailed'],
    ['expired', 'UPDATE password_resets SET created_at = 1, expires_at = 2', 'This link has expired'],
    ['unknown', 'DELETE FROM mails WHERE password_reset_id IS NOT NULL; DELETE FROM password_resets', 'This link cannot be used'],
  ])('that is %s explains itself and changes nothing', async (_, change, words) => {
    const { bob, path, token } = await opened()
    for (const statement of change.split('; ')) await run(statement)
    const before = await dump()
    const answers = [await bob.get(path), await bob.post(path, { password: PASSWORD, token })]

    for (const answer of answers) {
      expect(answer.status).toBe(410)
      expect(await answer.text()).toContain(words)
    }
    expect(await dump()).toEqual(before)
  })

  it.each(['', 'nonsense', 'a.b.c'])('that is %j is not ours', async (token) => {
    const client = new Client()
    const answer = await client.get(`/reset-password?token=${token}`)

    expect([answer.status, client.roundTrips, client.cookies.size]).toEqual([410, 0, 0])
    expect(await answer.text()).toContain('This link cannot be used')
  })

  it('of an invitation does not reset, and one of a reset does not invite', async () => {
    const { bob, path, token } = await opened()
    const [name, invitation] = [path.split('/')[2], tokenIn(await linkIn('pia@acme.test'))]

    expect((await bob.get(`/invitation?token=${token}`)).status).toBe(410)
    expect((await bob.post(`/invitation/${name}/accept`, { password: PASSWORD, token })).status).toBe(410)
    expect((await bob.post(path, { password: PASSWORD, token: invitation })).status).toBe(410)
    expect(await one('SELECT state FROM password_resets')).toEqual({ state: 'open' })
  })
})

describe('the page of a reset link', () => {
  it('whose cookie is gone says to open the link again, and its form works without it', async () => {
    const { bob, path, token } = await opened()
    bob.cookies.clear()

    const lost = await bob.get(path)
    expect([lost.status, bob.roundTrips]).toEqual([410, 0])
    expect(await lost.text()).toContain('Open the link in your email again')
    expect((await bob.post(path, { password: PASSWORD, token })).status).toBe(303)
  })

  it('acts by its own form, whatever other link the browser has opened since', async () => {
    const { bob, path, token } = await opened()
    const other = await opened('cat@globex.test', bob)

    expect((await bob.post(path, { password: PASSWORD, token: other.token })).status).toBe(410)
    expect((await bob.post(path, { password: PASSWORD, token })).status).toBe(303)
    expect(await all('SELECT user_id, state FROM password_resets ORDER BY user_id')).toEqual([
      { user_id: 'user-bob', state: 'used' },
      { user_id: 'user-cat', state: 'open' },
    ])
  })

  it('of another link is nobody’s', async () => {
    const { bob, token } = await opened()

    expect((await bob.post(resetPath(await linkOf('another')), { password: PASSWORD, token })).status).toBe(410)
  })
})

describe('a password forgotten on the way into a workspace', () => {
  it('leads back to the invitation that this browser has open, which still works', async () => {
    await invitee(await actNamed('ada'), 'cat@globex.test')
    const cat = new Client()
    const invitation = (await cat.get(await linkIn('cat@globex.test'))).headers.get('Location') ?? ''
    const { path, token } = await opened('cat@globex.test', cat)
    expect(await all("SELECT kind FROM mails WHERE to_key = 'cat@globex.test' ORDER BY kind")).toEqual([
      { kind: 'invitation' },
      { kind: 'password_reset' },
    ])
    const login = (await cat.post(path, { password: PASSWORD, token })).headers.get('Location') ?? ''

    expect(new URL(login, 'https://latchkey.test').searchParams.get('next')).toBe(invitation)
    const answer = await cat.post('/login', { email: 'cat@globex.test', password: PASSWORD, next: invitation })
    expect(answer.headers.get('Location')).toBe(invitation)
    expect(await (await cat.get(invitation)).text()).toContain('Join Acme')
  })

  it('leads to the workspaces, which name the invitation, where this browser does not have it open', async () => {
    await invitee(await actNamed('ada'), 'cat@globex.test')
    const { bob: cat, path, token } = await opened('cat@globex.test')
    const login = (await cat.post(path, { password: PASSWORD, token })).headers.get('Location') ?? ''

    expect(new URL(login, 'https://latchkey.test').searchParams.get('next')).toBe('/workspaces')
    await cat.post('/login', { email: 'cat@globex.test', password: PASSWORD })
    expect(await (await cat.get('/workspaces')).text()).toContain('An invitation is waiting for you')
  })

  it('leads to no invitation of somebody else that the browser has open', async () => {
    const bob = new Client()
    await bob.get(await linkIn('pia@acme.test'))
    const { path, token } = await opened('bob@acme.test', bob)

    expect((await bob.post(path, { password: PASSWORD, token })).headers.get('Location')).toBe(`/login?from=${path.split('/')[2]}`)
    expect((await bob.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })).status).toBe(422)
  })
})
