import { beforeEach, describe, expect, it } from 'vitest'
import { listen } from '../../../test/logged'
import { behindProxy, TOOL_HOST, visitor } from '../../../test/proxy'
import { TOOL_SECRET } from '../../../test/tool'

beforeEach(() => behindProxy())

describe('what cannot be led to sign in', () => {
  const BY_SCRIPT = { 'Sec-Fetch-Mode': undefined }
  it.each<[string, string, Record<string, string | undefined>]>([
    ['fetch', 'GET', { 'Sec-Fetch-Mode': 'cors' }],
    ['an image', 'GET', { 'Sec-Fetch-Mode': 'no-cors' }],
    ['a WebSocket', 'GET', { 'Sec-Fetch-Mode': 'websocket', Upgrade: 'websocket' }],
    ['a WebSocket of an old browser', 'GET', { ...BY_SCRIPT, Upgrade: 'websocket' }],
    ['htmx', 'GET', { ...BY_SCRIPT, 'HX-Request': 'true' }],
    ['a request of a script', 'GET', { ...BY_SCRIPT, 'X-Requested-With': 'XMLHttpRequest' }],
    ['curl', 'GET', { ...BY_SCRIPT, Accept: '*/*' }],
    ['a form', 'POST', {}],
    ['PUT', 'PUT', {}],
    ['a preflight', 'OPTIONS', { 'Sec-Fetch-Mode': 'cors' }],
  ])('is told by its status alone: %s', async (_, method, headers) => {
    const bob = await visitor('bob')
    const answer = await bob.asks('/', { method, headers })
    expect([answer.status, answer.headers.get('Location'), answer.headers.getSetCookie()]).toEqual([401, null, []])
    await bob.opens('/')
    expect((await bob.asks('/', { method, headers })).status).toBe(200)
  })

  it('is not what a browser shows: HEAD, and a page in a browser that does not say how it asks', async () => {
    const bob = await visitor('bob')
    expect((await bob.asks('/', { method: 'HEAD' })).status).toBe(303)
    expect((await bob.asks('/', { headers: BY_SCRIPT })).status).toBe(303)
  })

  it('says so to whoever sent a form', async () => {
    const page = await (await (await visitor('bob')).asks('/', { method: 'POST' })).text()
    expect(page).toContain('Nothing was sent.')
    expect(page).toContain(`<a href="https://${TOOL_HOST}/" target="_blank" rel="noopener">Sign in</a>`)
  })
})

describe('on the host of the tool', () => {
  it('a browser that keeps no cookies is told so, and not led in a circle', async () => {
    const bob = await visitor('bob')
    const way = await bob.asks('/')
    const back = await bob.atLatchkey.get(way.headers.get('Location')?.replace('https://latchkey.test', '') ?? '')
    bob.atTool.cookies.clear()
    const { pathname, search } = new URL(back.headers.get('Location') ?? '')
    const answer = await bob.asks(pathname + search)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('Your browser kept no cookie')])
  })

  it('two tabs set out with one nonce, and both arrive', async () => {
    const bob = await visitor('bob')
    const tabs = [await bob.asks('/one'), await bob.asks('/two')]
    for (const tab of tabs) {
      const back = await bob.atLatchkey.get(tab.headers.get('Location')?.replace('https://latchkey.test', '') ?? '')
      const { pathname, search } = new URL(back.headers.get('Location') ?? '')
      expect((await bob.asks(pathname + search)).status).toBe(303)
    }
    expect((await bob.asks('/two')).status).toBe(200)
  })

  it('nothing is said that browsers keep for a host', async () => {
    const { headers } = await (await visitor('bob')).asks('/')
    expect(headers.get('Strict-Transport-Security')).toBeNull()
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    expect(headers.get('Cache-Control')).toBe('private, no-store')
  })

  it('a page has its own style, and the policy allows that and no other', async () => {
    const answer = await (await visitor('bob')).asks('/', { method: 'POST' })
    const style = /<style>(.*)<\/style>/.exec(await answer.text())?.[1] ?? ''
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
    const policy = answer.headers.get('Content-Security-Policy')
    expect([style.length > 100, policy]).toEqual([
      true,
      expect.stringContaining(`style-src 'sha256-${new Uint8Array(digest).toBase64()}';`),
    ])
  })

  it('nobody is let through while the database cannot be asked', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    bob.atTool.failsAt = 1
    const ear = listen()
    const answer = await bob.checks('/')
    ear.stop()
    expect([answer.status, answer.headers.get('X-Latchkey-User')]).toEqual([503, null])
  })

  it('signing out signs out of the tool and leads to Latchkey, which asks whether that is all', async () => {
    const bob = await visitor('bob')
    for (const signsOut of [() => bob.asks('/.latchkey/sign-out'), () => bob.starts('/.latchkey/sign-out')]) {
      await bob.opens('/')
      expect((await signsOut()).headers.get('Location')).toBe('https://latchkey.test/oauth/logout?client_id=traces')
      expect((await bob.checks('/')).status).toBe(401)
      expect(bob.atTool.cookies.has('__Host-latchkey')).toBe(false)
    }
  })

  it('signing out ends the ticket, which whoever has copied it does not go on by', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    const copied = { Cookie: `__Host-latchkey=${bob.atTool.cookies.get('__Host-latchkey')}` }
    expect((await bob.checks('/', { headers: copied })).status).toBe(200)
    await bob.asks('/.latchkey/sign-out')
    expect((await bob.checks('/', { headers: copied })).status).toBe(401)
  })

  it('no picture of another site signs anybody out', async () => {
    const bob = await visitor('bob')
    await bob.opens('/')
    expect((await bob.asks('/.latchkey/sign-out', { headers: { 'Sec-Fetch-Mode': 'no-cors' } })).status).toBe(404)
    expect((await bob.checks('/')).status).toBe(200)
  })
})

it('the log has neither ticket nor code, nonce, secret or page', async () => {
  const bob = await visitor('bob')
  const ear = listen()
  const { way } = await bob.opens('/secret-page')
  await bob.asks('/secret-page', { secret: 'guessed-secret' })
  const lines = ear.stop().join('\n')
  const secrets = [...bob.atTool.cookies.values(), ...way.flatMap((url) => [...new URL(url).searchParams.values()])]
  expect(lines).toContain('GET /forward-auth')
  for (const secret of [...secrets, TOOL_SECRET, 'guessed-secret', 'secret-page', 'bob@acme.test'].filter(
    ({ length }) => length > 8,
  ))
    expect(lines).not.toContain(secret)
})
