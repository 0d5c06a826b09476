import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, signedIn } from '../../test/client'
import { run } from '../../test/database'
import { draftIn, FORM_PAGE, idleAda, sendFrom, wordsOf } from '../../test/late'
import { PASS_PHRASE } from '../dev/seed'
import * as password from '../models/identity/password'

const ORIGIN = 'https://latchkey.test'

beforeEach(() => {
  vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: true, stale: false })
})

afterEach(() => vi.restoreAllMocks())

const signIn = (client: Client, who: string, fields: Record<string, string> = {}) =>
  client.post('/login', { email: `${who}@acme.test`, password: PASS_PHRASE, ...fields })

describe('a page whose session is over', () => {
  it('leads to sign-in with the reason, and on to the page', async () => {
    const ada = await idleAda()
    const answer = await ada.get('/w/acme/access/users?q=bob')
    const login = answer.headers.get('Location') ?? ''

    expect([answer.status, login]).toEqual([303, '/login?next=%2Fw%2Facme%2Faccess%2Fusers%3Fq%3Dbob&reason=over'])
    expect(wordsOf(await (await ada.get(login)).text())).toContain('You were signed out after 30 minutes.')
    expect((await signIn(ada, 'ada', { next: '/w/acme/access/users?q=bob' })).headers.get('Location')).toBe(
      '/w/acme/access/users?q=bob',
    )
  })

  it('of somebody who was never signed in leads there without one', async () => {
    expect((await new Client().get('/account')).headers.get('Location')).toBe('/login?next=%2Faccount')
  })
})

describe('a membership newer than the session', () => {
  const raise = () => run("UPDATE members SET valid_from = ? WHERE id = 'bob'", Date.now() + 1)
  /** Signing in takes longer than this millisecond, but for a test. */
  const afterwards = () => new Promise((done) => setTimeout(done, 5))

  it('leads to sign-in, says so, and then in: never around in circles', async () => {
    const bob = await signedIn('bob')
    await raise()
    await afterwards()
    const login = (await bob.get('/w/acme/agents')).headers.get('Location') ?? ''
    expect(login).toBe('/login?next=%2Fw%2Facme%2Fagents&reason=again')
    expect(wordsOf(await (await bob.get(login)).text())).toContain(
      'You were signed out of this workspace. Sign in again to open it.',
    )
    const next = (await signIn(bob, 'bob', { next: '/w/acme/agents' })).headers.get('Location') ?? ''

    expect((await bob.get(next)).status).toBe(200)
  })

  it('leaves the person’s own pages open meanwhile', async () => {
    const bob = await signedIn('bob')
    await raise()

    expect([(await bob.get('/account')).status, (await bob.get('/workspaces')).status]).toEqual([200, 200])
  })

  it('keeps what was typed into a form', async () => {
    const ada = await signedIn('ada')
    await run("UPDATE members SET valid_from = ? WHERE id = 'ada'", Date.now() + 1)
    await afterwards()
    const page = await (await sendFrom(ada)).text()
    expect(wordsOf(page)).toContain('Sign in again to open it. Nothing was sent. Sign in to get back what you typed.')
    const back = await signIn(ada, 'ada', { draft: draftIn(page) })

    expect(wordsOf(await back.text())).toContain('Welcome, Nell')
  })
})

describe('a request of htmx whose session is over', () => {
  const PREVIEW = {
    'HX-Request': 'true',
    'HX-Request-Type': 'full',
    'HX-Target': 'div#preview',
    'HX-Current-URL': ORIGIN + FORM_PAGE,
  }
  const send = (client: Client, method: string, path: string, headers: Record<string, string>) =>
    client.send(method, path, method === 'POST' ? new URLSearchParams({ role: 'admin' }) : undefined, { headers })

  async function expectNotice(answer: Response) {
    expect([answer.status, answer.headers.get('HX-Retarget'), answer.headers.get('HX-Reswap')]).toEqual([
      401,
      '#notice',
      'innerHTML',
    ])
    expect(answer.headers.get('HX-Redirect')).toBeNull()
    const fragment = await answer.text()
    expect(fragment).toMatch(/^<div class="toast bad"/)
    expect(wordsOf(fragment)).toContain('You were signed out after 30 minutes. Nothing was sent.')
    expect(fragment).toContain(`href="/login?next=${encodeURIComponent(FORM_PAGE)}&amp;reason=over" target="_blank"`)
  }

  it.each<[string, string, string, Record<string, string>]>([
    ['a preview, which says "full" because it selects', 'GET', `${FORM_PAGE}?role=user`, PREVIEW],
    [
      'a part of a page',
      'GET',
      '/w/acme/access/users?q=a',
      { ...PREVIEW, 'HX-Request-Type': 'partial', 'HX-Target': 'section#users' },
    ],
    [
      'a change',
      'POST',
      '/w/acme/access/users/bob/role',
      { ...PREVIEW, 'HX-Request-Type': 'partial', 'HX-Target': 'section#users' },
    ],
    ['a change that fills the page', 'POST', '/w/acme/access/users/bob/role', { ...PREVIEW, 'HX-Target': 'body' }],
  ])('leaves the page alone and says so: %s', async (_, method, path, headers) => {
    await expectNotice(await send(await idleAda(), method, path, headers))
  })

  it('finds its sentence although the request selects something else', async () => {
    const answer = await send(await idleAda(), 'GET', `${FORM_PAGE}?role=user`, PREVIEW)

    expect(answer.headers.get('HX-Reselect')).toBe('.toast')
  })

  it.each<[string, Record<string, string>]>([
    ['a boosted link', { 'HX-Target': 'body', 'HX-Boosted': 'true' }],
    ['a step back in history', { 'HX-Target': 'body', 'HX-History-Restore-Request': 'true' }],
    ['a page without a target', {}],
  ])('that fills the page leads to sign-in: %s', async (_, headers) => {
    const { 'HX-Target': __, ...full } = PREVIEW
    const answer = await send(await idleAda(), 'GET', '/w/acme/agents', { ...full, ...headers })

    expect([answer.status, answer.headers.get('HX-Redirect')]).toEqual([401, '/login?next=%2Fw%2Facme%2Fagents&reason=over'])
    expect(await answer.text()).toBe('')
  })

  it('for the start leads to sign-in, too', async () => {
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'full', 'HX-Target': 'body' }

    expect((await send(new Client(), 'GET', '/', headers)).headers.get('HX-Redirect')).toBe('/login')
    expect((await send(await idleAda(), 'GET', '/', headers)).headers.get('HX-Redirect')).toBe('/login?reason=over')
  })
})
