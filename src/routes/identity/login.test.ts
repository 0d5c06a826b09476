import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hasAuthenticatorApp } from '../../../test/authenticator-apps'
import { Client } from '../../../test/client'
import { all, run } from '../../../test/database'
import { PASS_PHRASE } from '../../dev/seed'
import * as password from '../../models/identity/password'

const WRONG = 'this is not the password'
const verify = vi.spyOn(password, 'verifyPassword')
const hash = vi.spyOn(password, 'hashPassword')

afterAll(() => vi.restoreAllMocks())
afterEach(() => vi.useRealTimers())

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
  ['no address at all', 'nobody', WRONG],
  ['with a second factor', 'ada@acme.test', WRONG],
]

describe('a sign-in that fails', () => {
  it('tells nothing: same answer, same headers, same statements, one scrypt, whoever it is', async () => {
    const attempt = async (email: string, typed: string) => {
      verify.mockClear()
      const client = new Client()
      const answer = await client.post('/login', { email, password: typed })
      expect([client.roundTrips, verify.mock.calls.length, hash.mock.calls.length, client.cookies.size]).toEqual([2, 1, 0, 0])
      expect(client.bill.trips, `${email} is written of in both trips`).not.toContain(0)
      return { ...(await seen(answer, email)), statements: client.queries.map(({ sql }) => sql) }
    }
    await hasAuthenticatorApp('ada')
    const known = await attempt('bob@acme.test', WRONG)

    expect(known.status).toBe(422)
    for (const [who, email, typed] of TRIED) expect(await attempt(email, typed), who).toEqual(known)
  })

  it('too often is refused alike, with Retry-After and a sentence, and without a scrypt', async () => {
    // The first wait is a second, which a busy machine needs for less.
    vi.setSystemTime(Date.now())
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
    expect(known.body.replaceAll(/<[^>]+>/g, '')).toContain('Too many attempts. Try again in a moment, or reset your password now.')
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
    vi.setSystemTime(Date.now())
    verify.mockResolvedValue({ ok: false, stale: false })
    const from = (host: number) => ({ headers: { 'CF-Connecting-IP': `2001:db8:7:7::${host.toString(16)}` } })
    const client = new Client()
    for (let i = 0; i < 20; i++) await client.post('/login', { email: `nobody${i}@acme.test`, password: WRONG }, from(i))
    const answer = await client.post('/login', { email: 'bob@acme.test', password: PASS_PHRASE }, from(99))

    expect(answer.status).toBe(429)
    expect(answer.headers.get('Retry-After')).toBe('300')
    const elsewhere = await client.post(
      '/login',
      { email: 'bob@acme.test', password: WRONG },
      { headers: { 'CF-Connecting-IP': '2001:db8:7:8::1' } },
    )
    expect(elsewhere.status).toBe(422)
  })

  it('keeps the typed address and the way on, and never the password', async () => {
    const page = await (
      await new Client().post('/login', { email: 'bob@acme.test"><b>', password: WRONG, next: '/w/acme/agents?q=a' })
    ).text()

    expect(page).toContain('value="bob@acme.test&quot;&gt;&lt;b&gt;"')
    expect(page).toContain('value="/w/acme/agents?q=a"')
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

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/w/acme/agents'])
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-session=/)
    expect(cookie.split('; ').slice(1).toSorted()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect((await bob.get('/w/acme/agents')).status).toBe(200)
  })

  it('has a new secret every time', async () => {
    const cookies = new Set<string | undefined>()
    for (let i = 0; i < 3; i++) cookies.add((await signIn()).bob.cookies.get('__Host-session'))

    expect(cookies.size).toBe(3)
  })

  it.each([
    ['/w/acme/agents?q=a', '/w/acme/agents?q=a'],
    ['//evil.test', '/w/acme/agents'],
    ['/\\evil.test', '/w/acme/agents'],
    ['https://evil.test/', '/w/acme/agents'],
    ['/\t/evil.test', '/w/acme/agents'],
    ['javascript:alert(1)', '/w/acme/agents'],
    ['agents', '/w/acme/agents'],
    ['', '/w/acme/agents'],
  ])('asked to go on to %j goes to %s', async (next, location) => {
    expect((await signIn({ next })).answer.headers.get('Location')).toBe(location)
  })

  it.each([
    [
      "INSERT INTO member_sections (tenant_id, member_id, section, access) VALUES ('acme', 'bob', 'agents', 'off')",
      '/w/acme/sections/traces',
    ],
    [
      'INSERT INTO member_sections (tenant_id, member_id, section, access) SELECT \'acme\', \'bob\', value, \'off\' FROM json_each(\'["agents","traces","logs","eval","session","prompts","mcp-debug"]\')',
      '/w/acme',
    ],
  ])('of somebody without Agents leads to the first section they have, or to whom to ask', async (change, location) => {
    await run(change)
    const { bob, answer } = await signIn()

    expect(answer.headers.get('Location')).toBe(location)
    if (location === '/w/acme') expect(await (await bob.get(location)).text()).toContain('Ada Admin')
  })
})

describe('a sign-in of somebody without an open workspace', () => {
  it.each([
    ['disabled', 'dov@acme.test', undefined, 'An admin of this workspace disabled you.'],
    ['who left', 'bob@acme.test', "DELETE FROM members WHERE id = 'bob'", 'You do not belong to a workspace'],
  ])('%s leads to the page that says so', async (_, email, change, words) => {
    verify.mockResolvedValue({ ok: true, stale: false })
    if (change) await run(change)
    const client = new Client()
    const page = await client.submit('/login', { email, password: PASS_PHRASE })

    expect(page.status).toBe(200)
    expect(await page.text()).toContain(words)
  })
})

describe('a page that led to sign-in', () => {
  it('says why', async () => {
    const page = async (path: string) => (await (await new Client().get(path)).text()).replaceAll(/<[^>]+>/g, '')

    expect(await page('/login?next=%2Faccount&reason=over')).toContain('You were signed out after 30 minutes.')
    expect(await page('/login?reason=again')).toContain('You were signed out of this workspace. Sign in again to open it.')
    expect(await page('/login?reason=<b>')).not.toContain('signed out')
  })

  it('fills in the address only for the tab that was led there', async () => {
    const client = new Client()
    client.cookies.set(
      '__Host-flash',
      encodeURIComponent(JSON.stringify({ path: '/login?from=abc', notice: 'accepted', email: 'pia@acme.test' })),
    )

    expect(await (await client.get('/login')).text()).not.toContain('pia@acme.test')
    expect(await (await client.get('/login?from=other')).text()).not.toContain('pia@acme.test')
    expect(await (await client.get('/login?from=abc')).text()).toContain('value="pia@acme.test"')
  })
})

describe('a browser that keeps no cookies', () => {
  const TYPED = { email: 'bob@acme.test', password: PASS_PHRASE, probe: 'sent' }

  it('is told so before anything is read, whoever it is and whatever the password, and never sent in circles', async () => {
    const attempt = async (email: string, typed: string) => {
      const client = new Client()
      await client.get('/login')
      client.cookies.clear()
      const answer = await client.post('/login', { ...TYPED, email, password: typed })
      expect([client.roundTrips, verify.mock.calls.length]).toEqual([0, 0])
      return seen(answer, email)
    }
    const known = await attempt('bob@acme.test', PASS_PHRASE)

    expect(known.status).toBe(422)
    expect(known.body).toContain('Your browser blocks cookies for this site')
    for (const [who, email, typed] of TRIED) expect(await attempt(email, typed), who).toEqual(known)
  })

  it('signs in once it keeps them, with the way back and the draft that it had', async () => {
    const client = new Client()
    const refused = await client.post('/login', { ...TYPED, next: '/account', draft: 'a draft' })
    const html = await refused.text()
    for (const field of ['name="next" value="/account"', 'name="draft" value="a draft"', 'value="bob@acme.test"'])
      expect(html).toContain(field)

    expect((await client.post('/login', { ...TYPED, next: '/account' })).headers.get('Location')).toBe('/account')
  })

  it('is known by the form of our page alone: a script that sends none of it signs in', async () => {
    expect((await new Client().post('/login', { email: 'bob@acme.test', password: PASS_PHRASE })).status).toBe(303)
  })

  it('is no browser that has any cookie of ours, or that has just been led to the sign-in page', async () => {
    const bob = new Client()
    await bob.get('/login')
    expect([...bob.cookies.keys()]).toEqual(['__Host-probe'])
    expect((await bob.post('/login', TYPED)).status).toBe(303)

    bob.cookies.delete('__Host-probe')
    expect((await bob.post('/login', TYPED)).status).toBe(303)
    const late = new Client()
    await late.post('/account/name', { name: 'Bob' })
    expect((await late.post('/login', TYPED)).status).toBe(303)
  })
})
