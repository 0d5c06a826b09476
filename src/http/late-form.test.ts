import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../test/client'
import { all, facts, one, run } from '../../test/database'
import { draftIn, FORM_PAGE, idleAda, sendFrom, TYPED, wordsOf } from '../../test/late'
import { PASS_PHRASE } from '../dev/seed'
import { linkOf as markOf } from '../models/core/random'
import * as password from '../models/identity/password'

const ORIGIN = 'https://latchkey.test'
const invited = () => all("SELECT id FROM members WHERE email_key = 'nell@acme.test'")

beforeEach(() => {
  vi.spyOn(password, 'verifyPassword').mockResolvedValue({ ok: true, stale: false })
})

afterEach(() => vi.restoreAllMocks())

const signIn = (client: Client, who: string, fields: Record<string, string> = {}) =>
  client.post('/login', { email: `${who}@acme.test`, password: PASS_PHRASE, ...fields })

describe('a form sent after its session', () => {
  it('is answered by the sign-in page, with the reason, and changes nothing', async () => {
    const ada = await idleAda()
    const before = await facts()
    const answer = await sendFrom(ada)
    const page = await answer.text()

    expect(answer.status).toBe(401)
    expect(wordsOf(page)).toContain('You were signed out after 30 minutes. Nothing was sent. Sign in to get back what you typed.')
    expect(page).toContain(`name="next" value="${FORM_PAGE}"`)
    expect(page).not.toContain('Welcome, Nell')
    expect(await facts()).toEqual(before)
  })

  it('comes back to the same person as a form not yet sent, which then can be sent', async () => {
    const ada = await idleAda()
    const draft = draftIn(await (await sendFrom(ada)).text())
    const answer = await signIn(ada, 'ada', { next: FORM_PAGE, draft })
    const page = await answer.text()

    expect([answer.status, ada.roundTrips]).toEqual([200, 2])
    for (const shown of [
      'nell@acme.test',
      'Welcome, Nell',
      'Send now',
      `href="${FORM_PAGE}"`,
      'action="/w/acme/access/invitations"',
    ])
      expect(page).toContain(shown)
    expect(await invited()).toEqual([])
    const fields = Object.fromEntries(
      [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    expect((await ada.post('/w/acme/access/invitations', fields as Record<string, string>)).status).toBe(303)
    expect(await invited()).toHaveLength(1)
  })

  it('that came back to one person is not sent by another who has signed in since', async () => {
    const ada = await idleAda()
    const draft = draftIn(await (await sendFrom(ada)).text())
    const page = await (await signIn(ada, 'ada', { next: FORM_PAGE, draft })).text()
    const whose = page.match(/name="whose" value="([^"]+)"/)?.[1] ?? ''
    await run("UPDATE members SET role = 'admin' WHERE id = 'bob'")
    await signIn(ada, 'bob')
    const answer = await ada.post('/w/acme/access/invitations', { ...TYPED, whose })

    expect([whose, answer.status]).toEqual([await markOf('user-ada'), 409])
    expect(await invited()).toEqual([])
  })

  it('comes back after a wrong password, too', async () => {
    const ada = await idleAda()
    const draft = draftIn(await (await sendFrom(ada)).text())
    vi.mocked(password.verifyPassword).mockResolvedValueOnce({ ok: false, stale: false })
    const refused = await (await signIn(ada, 'ada', { next: FORM_PAGE, draft })).text()

    expect(draftIn(refused)).toBe(draft)
    expect(wordsOf(await (await signIn(ada, 'ada', { next: FORM_PAGE, draft })).text())).toContain('Welcome, Nell')
  })

  it('never comes back to another person, who goes on as if there were none', async () => {
    const ada = await idleAda()
    const draft = draftIn(await (await sendFrom(ada)).text())
    const answer = await signIn(ada, 'bob', { draft })

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/w/acme/agents'])
    expect(await answer.text()).toBe('')
  })

  it('does not come back after an hour', async () => {
    const ada = await idleAda()
    const draft = draftIn(await (await sendFrom(ada)).text())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60 * 60_000 + 1000 })
    const answer = await signIn(ada, 'ada', { next: FORM_PAGE, draft })
    vi.useRealTimers()

    expect([answer.status, answer.headers.get('Location')]).toEqual([303, FORM_PAGE])
  })

  it('of a session that is gone says that it could not be kept', async () => {
    const ada = await idleAda()
    await run('DELETE FROM sessions')
    const answer = await sendFrom(ada)
    const page = await answer.text()

    expect(answer.status).toBe(401)
    expect(wordsOf(page)).toContain('You were signed out. Nothing was sent. What you typed could not be kept.')
    expect(draftIn(page)).toBe('')
  })

  it('into which nothing was typed says only that it was not sent', async () => {
    const page = await (
      await (
        await idleAda()
      ).post('/w/acme/access/users/bob/delete', { state: 'active' }, { headers: { Referer: `${ORIGIN}/w/acme/access/users` } })
    ).text()

    expect(wordsOf(page)).toContain('Nothing was sent.')
    expect(wordsOf(page)).not.toContain('typed')
    expect(await one("SELECT id FROM members WHERE id = 'bob'")).toEqual({ id: 'bob' })
  })

  it('keeps no password', async () => {
    const page = await (
      await (
        await idleAda()
      ).post('/account/password', { current: 'x', password: 'y' }, { headers: { Referer: `${ORIGIN}/account` } })
    ).text()

    expect(draftIn(page)).toBe('')
    expect(page).toContain('name="next" value="/account"')
  })

  it.each(['https://evil.test/x', 'nonsense', undefined])('that says it came from %s leads on to the start', async (Referer) => {
    const page = await (await (await idleAda()).post('/w/acme/access/invitations', TYPED, { headers: { Referer } })).text()

    expect(page).not.toContain('name="next"')
    expect(wordsOf(page)).toContain('get back what you typed')
  })
})
