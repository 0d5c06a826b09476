import { env } from 'cloudflare:workers'
import * as oidc from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { Client, signedIn } from '../../../test/client'
import { all } from '../../../test/database'
import { connected, signsInTo, type Tool, tool } from '../../../test/tool'

const BYE = 'https://traces.example/bye'

let traces: Tool
let bob: Client
let hint: string

beforeEach(async () => {
  await connected({ after_logout_uris: JSON.stringify([BYE]) })
  traces = await tool()
  const { client, tokens } = await signsInTo(traces, 'bob')
  bob = client
  hint = tokens.id_token ?? ''
})

const logout = (params: Record<string, string> = {}) => {
  const all = { id_token_hint: hint, post_logout_redirect_uri: BYE, state: 'state', ...params }
  const { pathname, search } = oidc.buildEndSessionUrl(traces.config, all)
  return pathname + search
}
const formIn = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/name="(app|next|whose)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value?.replaceAll('&amp;', '&') ?? '',
    ]),
  )
const asked = async (by: Client, path = logout()) => formIn(await (await by.get(path)).text())
const grants = () => all('SELECT ended_at > 0 AS ended FROM app_grants')
const sessions = () => all("SELECT id FROM sessions WHERE user_id = 'user-bob'")
const isSignedIn = async () => (await bob.get('/account')).status === 200

describe('a tool that has signed somebody out', () => {
  it('has them asked whether to sign out here too, which changes nothing by itself', async () => {
    const page = await bob.get(logout())
    const words = (await page.text()).replace(/<[^>]*>/g, ' ')
    expect([page.status, bob.roundTrips]).toEqual([200, 1])
    expect(words).toMatch(
      /Sign out of Latchkey too\?\s+You signed out of Traces\. You are still signed in here as\s+Bob Okafor\s+\(bob@acme\.test\)/,
    )
    expect([await isSignedIn(), await grants()]).toEqual([true, [{ ended: null }]])
  })

  it('has them back, by a page, once they have signed out', async () => {
    const answer = await bob.post('/oauth/sign-out', await asked(bob))
    const next = answer.headers.get('Location') ?? ''
    expect([answer.status, bob.roundTrips, answer.headers.get('Clear-Site-Data')]).toEqual([303, 2, '"cache", "storage"'])
    expect(next).toMatch(/^\/oauth\/signed-out\?/)
    const page = await bob.get(next)
    expect([page.status, page.headers.get('Refresh')]).toEqual([200, `0; url=${BYE}?state=state`])
    expect([await sessions(), await grants()]).toEqual([[], [{ ended: 1 }]])
  })

  it('has them back all the same who stay signed in, but to the tool', async () => {
    const answer = await bob.post('/oauth/sign-out', { ...(await asked(bob)), stay: 'yes' })
    expect((await bob.get(answer.headers.get('Location') ?? '')).headers.get('Refresh')).toBe(`0; url=${BYE}?state=state`)
    expect([await isSignedIn(), await grants()]).toEqual([true, [{ ended: 1 }]])
  })

  it('goes on with what it may use without the session', async () => {
    await signsInTo(traces, bob, { scope: 'openid offline_access' })
    await bob.post('/oauth/sign-out', { ...(await asked(bob)), stay: 'yes' })
    expect(await grants()).toEqual([{ ended: null }])
    await bob.post('/oauth/sign-out', await asked(bob))
    expect([await sessions(), await grants()]).toEqual([[], [{ ended: null }]])
  })

  it('has somebody back at once who is signed out', async () => {
    const answer = await new Client().get(logout())
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `${BYE}?state=state`])
  })

  it('may ask by a form, and by its name alone', async () => {
    const [path = '', query = ''] = logout().split('?')
    const answer = await new Client().send('POST', path, new URLSearchParams(query), {
      headers: { Origin: 'https://traces.example' },
    })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `${path}?${query}`])
    const named = `/oauth/logout?${new URLSearchParams({ client_id: 'traces', post_logout_redirect_uri: BYE })}`
    expect((await new Client().get(named)).headers.get('Location')).toBe(BYE)
  })
})

describe('nobody is led', () => {
  const OTHER = 'https://evil.test/'
  it.each([
    ['to an address that is not registered', () => logout({ post_logout_redirect_uri: OTHER })],
    ['to one that begins like a registered one', () => logout({ post_logout_redirect_uri: `${BYE}/more` })],
    ['by a hint that is no token of ours', () => logout({ id_token_hint: `${hint.slice(0, -8)}AAAAAAAA` })],
    ['by a hint of another app', () => logout({ client_id: 'other' })],
    ['by no app', () => `/oauth/logout?${new URLSearchParams({ post_logout_redirect_uri: OTHER })}`],
    ['by what is no hint', () => `/oauth/logout?${new URLSearchParams({ id_token_hint: 'x', post_logout_redirect_uri: BYE })}`],
  ])('%s: they are asked, and stay here', async (_, path) => {
    const nobody = await new Client().get(path())
    expect([nobody.status, nobody.headers.get('Location'), nobody.headers.get('Refresh')]).toEqual([200, null, null])
    const page = await bob.get(path())
    expect(page.status).toBe(200)
    const answer = await bob.post('/oauth/sign-out', formIn(await page.text()))
    const end = await bob.get(answer.headers.get('Location') ?? '')
    expect([end.status, end.headers.get('Refresh')]).toEqual([200, null])
    expect(await end.text()).toContain('You are signed out')
  })

  it('by a form of another site, and none of another person does anything', async () => {
    const form = await asked(bob)
    const forged = await bob.post('/oauth/sign-out', form, {
      headers: { Origin: 'https://traces.example', 'Sec-Fetch-Site': 'cross-site' },
    })
    expect(forged.status).toBe(403)
    const ada = await signedIn('ada')
    expect((await ada.post('/oauth/sign-out', form)).status).toBe(409)
    expect([(await sessions()).length, await grants()]).toEqual([1, [{ ended: null }]])
  })
})

it('an outsider is not told what the app is called', async () => {
  const cat = await signedIn('cat')
  const page = await (await cat.get(`/oauth/logout?client_id=traces`)).text()
  expect(page).toContain('Sign out of Latchkey too?')
  expect(page).not.toContain('Traces')
})

it('discovery names it', async () => {
  expect(traces.config.serverMetadata().end_session_endpoint).toBe(`${env.APP_ORIGIN}/oauth/logout`)
})
