import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all, dump, facts, one, run } from '../../../test/database'
import { PASS_PHRASE } from '../../dev/seed'
import * as password from '../../models/identity/password'

const WRONG = 'this is not the password'
const verify = vi.spyOn(password, 'verifyPassword')
const hash = vi.spyOn(password, 'hashPassword')

afterAll(() => vi.restoreAllMocks())

beforeEach(() => {
  verify.mockReset()
  hash.mockReset()
})

/** Everything that somebody who tries an address gets to see, but for that address itself. */
async function seen(answer: Response, typed: string) {
  const headers = Object.fromEntries(answer.headers)
  return { status: answer.status, headers, body: (await answer.text()).replaceAll(typed, 'TYPED') }
}

const TRIED: [string, string, string][] = [
  ['unknown', 'nobody@acme.test', WRONG],
  ['pending', 'pia@acme.test', WRONG],
  ['disabled', 'dov@acme.test', WRONG],
  ['disabled, with the right password', 'dov@acme.test', PASS_PHRASE],
  ['no address at all', 'nobody', WRONG],
]

describe('a sign-in that fails', () => {
  it('tells nothing: same answer, same headers, same round trips, one scrypt, whoever it is', async () => {
    const attempt = async (email: string, typed: string) => {
      verify.mockClear()
      const client = new Client()
      const answer = await client.post('/login', { email, password: typed })
      expect([client.roundTrips, verify.mock.calls.length, hash.mock.calls.length, client.cookies.size]).toEqual([2, 1, 0, 0])
      return seen(answer, email)
    }
    const known = await attempt('bob@acme.test', WRONG)

    expect(known.status).toBe(422)
    for (const [who, email, typed] of TRIED) expect(await attempt(email, typed), who).toEqual(known)
  })

  it('too often is refused alike, with Retry-After and a sentence, and without a scrypt', async () => {
    verify.mockResolvedValue({ ok: false, stale: false })
    const attempt = async (email: string) => {
      const client = new Client()
      for (let i = 0; i < 5; i++) expect((await client.post('/login', { email, password: WRONG })).status).toBe(422)
      verify.mockClear()
      const answer = await client.post('/login', { email, password: PASS_PHRASE })
      expect([client.roundTrips, verify.mock.calls.length]).toEqual([1, 0])
      return seen(answer, email)
    }
    const known = await attempt('bob@acme.test')

    expect([known.status, known.headers['retry-after']]).toEqual([429, '1'])
    expect(known.body.replaceAll(/<[^>]+>/g, '')).toContain(
      'Too many tries. You can try again in a moment, or set a new password now.',
    )
    const at = /datetime="[^"]+" title="[^"]+"/
    for (const email of ['nobody@acme.test', 'pia@acme.test', 'dov@acme.test']) {
      const other = await attempt(email)
      expect({ ...other, body: other.body.replace(at, '') }, email).toEqual({ ...known, body: known.body.replace(at, '') })
    }
  })

  it('too often leaves the reset open', async () => {
    verify.mockResolvedValue({ ok: false, stale: false })
    const bob = new Client()
    for (let i = 0; i < 6; i++) await bob.post('/login', { email: 'bob@acme.test', password: WRONG })

    expect((await bob.post('/forgot-password', { email: 'bob@acme.test' })).status).toBe(303)
    expect(await all("SELECT id FROM password_resets WHERE user_id = 'user-bob'")).toHaveLength(1)
  })

  it('twenty times from one /64 is refused for every account behind it', async () => {
    verify.mockResolvedValue({ ok: false, stale: false })
    const from = (host: number) => ({ headers: { 'CF-Connecting-IP': `2001:db8:7:7::${host.toString(16)}` } })
    const client = new Client()
    for (let i = 0; i < 20; i++) await client.post('/login', { email: `nobody${i}@acme.test`, password: WRONG }, from(i))
    const answer = await client.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE }, from(99))

    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(290)
    const elsewhere = await client.post(
      '/login',
      { email: 'bob@acme.test', password: WRONG },
      { headers: { 'CF-Connecting-IP': '2001:db8:7:8::1' } },
    )
    expect(elsewhere.status).toBe(422)
  })

  it('keeps the typed address and the way on, and never the password', async () => {
    const page = await (
      await new Client().post('/login', { email: 'bob@acme.test"><b>', password: WRONG, next: '/agents?q=a' })
    ).text()

    expect(page).toContain('value="bob@acme.test&quot;&gt;&lt;b&gt;"')
    expect(page).toContain('value="/agents?q=a"')
    expect(page).not.toContain(WRONG)
  })
})

describe('a sign-in', () => {
  const signIn = async (fields: Record<string, string> = {}) => {
    verify.mockResolvedValue({ ok: true, stale: false })
    const bob = new Client()
    return { bob, answer: await bob.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE, ...fields }) }
  }

  it('leads to Agents by a cookie that scripts and other sites cannot use', async () => {
    verify.mockReset()
    const bob = new Client()
    const answer = await bob.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/agents'])
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-session=/)
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect((await bob.get('/agents')).status).toBe(200)
  })

  it('has a new secret every time', async () => {
    const cookies = new Set<string | undefined>()
    for (let i = 0; i < 3; i++) cookies.add((await signIn()).bob.cookies.get('__Host-session'))

    expect(cookies.size).toBe(3)
  })

  it.each([
    ['/agents?q=a', '/agents?q=a'],
    ['//evil.test', '/agents'],
    ['/\\evil.test', '/agents'],
    ['https://evil.test/', '/agents'],
    ['/\t/evil.test', '/agents'],
    ['javascript:alert(1)', '/agents'],
    ['agents', '/agents'],
    ['', '/agents'],
  ])('asked to go on to %j goes to %s', async (next, location) => {
    expect((await signIn({ next })).answer.headers.get('Location')).toBe(location)
  })

  it.each([
    ["INSERT INTO member_sections VALUES ('acme', 'bob', 'agents', 'off')", '/sections/traces'],
    [
      'INSERT INTO member_sections SELECT \'acme\', \'bob\', value, \'off\' FROM json_each(\'["agents","traces","logs","eval","session","prompts","mcp-debug"]\')',
      '/',
    ],
  ])('of somebody without Agents leads to the first section they have, or to whom to ask', async (change, location) => {
    await run(change)
    const { bob, answer } = await signIn()

    expect(answer.headers.get('Location')).toBe(location)
    if (location === '/') expect(await (await bob.get('/')).text()).toContain('Ada Admin')
  })
})

describe('a session', () => {
  const home = async (client: Client) => (await client.get('/agents')).status

  it('is over after signing out, also for whoever copied its cookie', async () => {
    const bob = await signedIn('bob')
    const thief = new Client()
    thief.cookies.set('__Host-session', bob.cookies.get('__Host-session') ?? '')
    expect(await home(thief)).toBe(200)
    const answer = await bob.post('/logout')

    expect(answer.headers.get('Location')).toBe('/login')
    expect(bob.cookies.has('__Host-session')).toBe(false)
    expect(await home(thief)).toBe(303)
  })

  it('is over after a change of password, but for the one that changed it', async () => {
    verify.mockResolvedValue({ ok: true, stale: false })
    hash.mockResolvedValue('$scrypt$new')
    const [here, there, thief] = [await signedIn('bob'), await signedIn('bob'), new Client()]
    thief.cookies.set('__Host-session', here.cookies.get('__Host-session') ?? '')
    await here.post('/account/password', { current: PASS_PHRASE, password: 'plum teapot orbit canyon' })

    expect([await home(here), await home(there), await home(thief)]).toEqual([200, 303, 303])
  })

  it('is over at once for somebody who is disabled', async () => {
    const bob = await signedIn('bob')
    await run("UPDATE members SET status = 'disabled' WHERE id = 'bob'")
    expect(await home(bob)).toBe(303)
  })

  it('of another workspace opens nothing here: the cookie is bound to the one it names', async () => {
    const bob = await signedIn('bob', 'globex')

    expect(await home(bob)).toBe(303)
    expect((await bob.post('/account/name', { name: 'Eve' })).status).toBe(303)
    expect(await one("SELECT name FROM users WHERE id = 'user-bob'")).toEqual({ name: 'Bob Okafor' })
  })

  it('of somebody else cannot be ended', async () => {
    await signedIn('cat')
    const cat = await one<{ id: string }>("SELECT id FROM sessions WHERE user_id = 'user-cat'")
    const bob = await signedIn('bob')
    const before = await dump()

    expect((await bob.post(`/account/sessions/${cat?.id}/end`)).status).toBe(404)
    expect(await dump()).toEqual(before)
  })
})

describe('a change of password', () => {
  const attempt = (bob: Client, current: string, fields: object = {}) =>
    bob.post('/account/password', { current, password: 'plum teapot orbit canyon', ...fields })

  it('with a wrong current password is refused beside the field, and too often until when', async () => {
    verify.mockResolvedValue({ ok: false, stale: false })
    const bob = await signedIn('bob')
    const before = await facts()
    for (let i = 0; i < 5; i++) {
      const answer = await attempt(bob, WRONG)
      expect(answer.status).toBe(422)
      expect(await answer.text()).toContain('That is not your current password.')
    }
    const answer = await attempt(bob, PASS_PHRASE)

    expect([answer.status, answer.headers.get('Retry-After'), verify.mock.calls.length]).toEqual([429, '1', 5])
    expect(await answer.text()).toContain('Too many tries. You can try again in 1 minute.')
    expect(await facts()).toEqual(before)
  })

  it('to a weak one is refused with the reason', async () => {
    const bob = await signedIn('bob')
    const answer = await attempt(bob, PASS_PHRASE, { password: 'short' })

    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Use at least 15 characters.')
  })
})
