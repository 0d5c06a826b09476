import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Client, signedIn } from '../../test/client'
import { one, run } from '../../test/database'
import { draftIn, FORM_PAGE, unproven, wordsOf } from '../../test/late'
import { PASS_PHRASE } from '../dev/seed'
import { type AppEnv, readEnv } from '../env'
import * as password from '../models/identity/password'
import { admin, enter, fresh } from './door'
import { showError } from './errors'
import { render } from './render'

beforeEach(() => {
  vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: true, stale: false })
})

afterEach(() => vi.restoreAllMocks())

/** An app of one page and one form, for admins who have just proven who they are. */
const guarded = new Hono<AppEnv>().use(render).all('/w/:workspace/safe', async (c) => {
  await enter(c, fresh(admin))
  return c.text('open')
})
guarded.onError(showError)

function ask(client: Client, method: 'GET' | 'POST', { fields = {}, headers = {} }: Asked = {}) {
  const body = method === 'POST' ? new URLSearchParams(fields) : null
  const Cookie = `__Host-session=${client.cookies.get('__Host-session')}`
  const init = { method, body, headers: { Cookie, Referer: env.APP_ORIGIN + FORM_PAGE, ...headers } }
  return guarded.request(`${env.APP_ORIGIN}/w/acme/safe`, init, readEnv(env), createExecutionContext())
}
type Asked = { fields?: Record<string, string>; headers?: Record<string, string> }

const confirm = (client: Client, draft: string) => client.post('/confirm', { password: PASS_PHRASE, next: FORM_PAGE, draft })

async function lateAda() {
  const ada = await signedIn('ada')
  await unproven()
  return ada
}

describe('what asks for a fresh proof', () => {
  it('is open for ten minutes after signing in', async () => {
    expect(await (await ask(await signedIn('ada'), 'POST')).text()).toBe('open')
  })

  it('is as closed as ever to whoever is no admin, fresh or not', async () => {
    const bob = await signedIn('bob')
    expect((await ask(bob, 'POST')).status).toBe(403)
    await unproven()
    expect((await ask(bob, 'POST')).status).toBe(403)
  })

  it('of a page leads to where it is given, and back to the page', async () => {
    const answer = await ask(await lateAda(), 'GET')

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/confirm?next=%2Fw%2Facme%2Fsafe'])
  })

  it('of a form asks in the place of the answer, and goes on to the page that it stood on', async () => {
    const answer = await ask(await lateAda(), 'POST', { fields: { state: 'pending' } })
    const page = await answer.text()

    expect(answer.status).toBe(401)
    expect(wordsOf(page)).toContain('Nothing has been sent yet. It is sent once you confirm.')
    expect(page).toContain(`name="next" value="${FORM_PAGE}"`)
  })

  it('of a form with what is never kept cannot keep it, and says so', async () => {
    const page = await (await ask(await lateAda(), 'POST', { fields: { note: 'For the night shift', password: 'secret' } })).text()

    expect(wordsOf(page)).toContain('Nothing was sent, and what you entered could not be kept. Confirm, then try again.')
    expect(draftIn(page)).toBe('')
  })

  it('keeps the form, which goes on once in the session that it was sent in', async () => {
    const ada = await lateAda()
    const draft = draftIn(await (await ask(ada, 'POST', { fields: { note: 'For the night shift' } })).text())
    const goesOn = async () => {
      const page = await (await confirm(ada, draft)).text()
      expect(page).toContain('action="/w/acme/safe"')
      expect(page).toContain('name="note" value="For the night shift"')
      return [page.includes('data-continue'), wordsOf(page).includes('This may have been sent already.')]
    }

    expect(await goesOn()).toEqual([true, false])
    expect(await goesOn()).toEqual([false, true])
  })

  it('keeps it for nobody else, and asks before it is sent in another session', async () => {
    const [ada, elsewhere, bob] = [await lateAda(), await signedIn('ada'), await signedIn('bob')]
    const draft = draftIn(await (await ask(ada, 'POST', { fields: { note: 'For the night shift' } })).text())
    const page = await (await confirm(elsewhere, draft)).text()

    expect([page.includes('data-continue'), wordsOf(page).includes('Send this now?')]).toEqual([false, true])
    expect((await confirm(bob, draft)).headers.get('Location')).toBe(FORM_PAGE)
    expect(await (await bob.get(FORM_PAGE)).text()).not.toContain('night shift')
  })

  it('keeps it for an hour, and then says that nothing was sent', async () => {
    const ada = await lateAda()
    const draft = draftIn(await (await ask(ada, 'POST', { fields: { note: 'For the night shift' } })).text())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60 * 60_000 })
    await run('UPDATE sessions SET last_seen_at = ?', Date.now())
    const answer = await confirm(ada, draft)

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, FORM_PAGE])
    expect(wordsOf(await (await ada.get(FORM_PAGE)).text())).toContain('You waited too long, and nothing was sent.')
    vi.useRealTimers()
  })

  it('keeps it when the session is over before it is given, for the sign-in that follows', async () => {
    const ada = await lateAda()
    const draft = draftIn(await (await ask(ada, 'POST', { fields: { note: 'For the night shift' } })).text())
    await run('UPDATE sessions SET last_seen_at = 1')

    expect(draftIn(await (await confirm(ada, draft)).text())).toBe(draft)
  })

  it('keeps what was typed over a wrong password, too', async () => {
    const ada = await lateAda()
    const draft = draftIn(await (await ask(ada, 'POST', { fields: { note: 'For the night shift' } })).text())
    vi.mocked(password.verifyPassword).mockResolvedValueOnce({ ok: false, stale: false })

    expect(draftIn(await (await ada.post('/confirm', { password: 'x', draft })).text())).toBe(draft)
  })

  it('by htmx leaves the page alone and says so', async () => {
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Current-URL': env.APP_ORIGIN + FORM_PAGE }
    const answer = await ask(await lateAda(), 'POST', { headers })
    const fragment = await answer.text()

    expect([answer.status, answer.headers.get('HX-Retarget'), answer.headers.get('HX-Redirect')]).toEqual([401, '#notice', null])
    expect(fragment).toMatch(/^<div class="toast bad"/)
    expect(wordsOf(fragment)).toContain('First confirm it’s you. Nothing was sent.')
    expect(fragment).toContain(`name="next" value="${FORM_PAGE}"`)
  })

  it('by htmx takes the form along once its person leaves the page, counting no try', async () => {
    const ada = await lateAda()
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Current-URL': env.APP_ORIGIN + FORM_PAGE }
    const draft = draftIn(await (await ask(ada, 'POST', { headers })).text())
    const page = await (await ada.post('/confirm', { next: FORM_PAGE, draft })).text()

    expect(wordsOf(page)).toContain('Nothing has been sent yet. It is sent once you confirm.')
    expect(draftIn(page)).toBe(draft)
    expect(await one('SELECT count(*) AS n FROM throttles')).toEqual({ n: 0 })
  })

  it('by a boosted link leads there', async () => {
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'full', 'HX-Target': 'body' }
    const answer = await ask(await lateAda(), 'GET', { headers })

    expect([answer.status, answer.headers.get('HX-Redirect')]).toEqual([401, '/confirm?next=%2Fw%2Facme%2Fsafe'])
  })
})
