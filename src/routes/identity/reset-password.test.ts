import { describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, one, resetLinkIn, run } from '../../../test/database'

const PASSWORD = 'plum teapot orbit canyon'

async function opened() {
  await new Client().post('/forgot-password', { email: 'bob@acme.test' })
  const bob = new Client()
  const answer = await bob.get(await resetLinkIn('bob@acme.test'))
  return { bob, answer }
}

describe('a reset link', () => {
  it('moves its token into a cookie and leads to a clean URL', async () => {
    const { bob, answer } = await opened()

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/reset-password'])
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-password_reset=/)
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=3600', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect(await (await bob.get('/reset-password')).text()).toContain('value="bob@acme.test"')
  })

  it('sets the password, ends every session, mails a notice, and signs nobody in', async () => {
    const { bob } = await opened()
    const elsewhere = await signedIn('bob')
    const answer = await bob.post('/reset-password', { password: PASSWORD })

    expect(answer.headers.get('Location')).toBe('/login')
    expect([...bob.cookies.keys()]).toEqual(['__Host-flash'])
    expect((await elsewhere.get('/agents')).status).toBe(303)
    expect(await all("SELECT to_email FROM mails WHERE kind = 'password_changed'")).toEqual([{ to_email: 'bob@acme.test' }])
    const page = await (await bob.get('/login')).text()
    expect(page).toContain('value="bob@acme.test"')
    expect((await bob.post('/login', { email: 'bob@acme.test', password: PASSWORD })).headers.get('Location')).toBe('/agents')
  })

  it('with a weak password is refused with the reason, and can be used again', async () => {
    const { bob } = await opened()
    const before = await dump()
    const answer = await bob.post('/reset-password', { password: 'bob acme bob acme okafor' })

    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('That is made of your own name, address or workspace.')
    expect(await dump()).toEqual(before)
    expect((await bob.get('/reset-password')).status).toBe(200)
  })

  it.each<[string, string, string]>([
    ['used', "UPDATE password_resets SET state = 'used', closed_at = 1, claim = 'c'", 'This link was used already'],
    ['superseded', "UPDATE password_resets SET state = 'superseded', closed_at = 1, claim = 'c'", 'A newer link was mailed'],
    ['expired', 'UPDATE password_resets SET created_at = 1, expires_at = 2', 'This link has lapsed'],
    ['unknown', 'DELETE FROM mails WHERE password_reset_id IS NOT NULL; DELETE FROM password_resets', 'This link cannot be used'],
  ])('that is %s explains itself and changes nothing', async (_, change, words) => {
    const { bob } = await opened()
    for (const statement of change.split('; ')) await run(statement)
    const before = await dump()
    const answers = [await bob.get('/reset-password'), await bob.post('/reset-password', { password: PASSWORD })]

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
    const { bob } = await opened()
    const token = bob.cookies.get('__Host-password_reset') ?? ''
    bob.cookies.set('__Host-invitation', token)

    expect((await bob.get(`/invitation?token=${token}`)).status).toBe(410)
    expect((await bob.post('/invitation/accept', { password: PASSWORD })).status).toBe(410)
    expect(await one('SELECT state FROM password_resets')).toEqual({ state: 'open' })
  })
})
