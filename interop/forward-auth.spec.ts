import type { Page } from '@playwright/test'
import { fillSignIn, PASS_PHRASE } from '../e2e/app.ts'
import { browserOf, expect, setTraces, signOut, test } from './people.ts'
import { LATCHKEY, PROXIES } from './ports.ts'

type Told = { method: string; url: string; headers: Record<string, string> }

for (const [name, { host }] of Object.entries(PROXIES)) {
  const tool = `https://${host}`

  test(`${name} lets somebody through to where they were going, and tells the tool who they are`, async ({
    browser,
    request,
    somebody,
  }) => {
    const page = await browserOf(browser, request, somebody)
    await page.setExtraHTTPHeaders({
      'X-Latchkey-Role': 'admin',
      'X-Latchkey-User': 'nobody',
      X_Latchkey_Role: 'admin',
      'X-Latchkey_Role': 'admin',
    })
    await page.goto(`${tool}/d/1?from=%2Fhome&q=a b`)
    await expect(page).toHaveURL(`${tool}/d/1?from=%2Fhome&q=a%20b`)
    await expect(page.getByRole('heading')).toHaveText('Traces')
    await page.reload()
    const { headers } = await told(page)
    expect(headers).toMatchObject({
      'x-latchkey-email': somebody.email,
      'x-latchkey-name': 'Sam %C3%98deg%C3%A5rd',
      'x-latchkey-role': 'user',
      'x-latchkey-groups': 'role:user,section:traces',
    })
    expect(headers['x-latchkey-user']).toMatch(/^[\w-]{22}$/)
    expect(headers.cookie?.replace(/[; ]+$/, '')).toBe('theme=dark')
    expect(Object.keys(headers).filter((header) => /latchkey/.test(header) && header.includes('_'))).toEqual([])
    expect(headers.authorization).toBeUndefined()
  })

  test(`${name} lets somebody sign in with their password, and leads them back`, async ({ page, somebody }) => {
    await page.goto(`${tool}/d/1?tab=2`)
    await expect(page.getByRole('heading')).toHaveText('Sign in')
    await fillSignIn(page, somebody.email, PASS_PHRASE)
    await expect(page).toHaveURL(`${tool}/d/1?tab=2`)
  })

  test(`${name} lets pages, forms, requests of scripts and WebSockets through`, async ({ browser, request, somebody }) => {
    const page = await browserOf(browser, request, somebody)
    await page.goto(tool)
    await page.getByRole('button', { name: 'Send' }).click()
    await expect(page.locator('pre')).toContainText('"method": "POST"')
    expect(await byScript(page)).toBe(200)
    expect(await byWebSocket(page)).toBe('hi')
  })

  test(`${name} refuses somebody without access, and lets them through once they have it`, async ({
    browser,
    request,
    somebody,
  }) => {
    await setTraces(request, somebody, 'off')
    const page = await browserOf(browser, request, somebody)
    expect((await page.goto(`${tool}/d/1`))?.status()).toBe(403)
    expect(page.url()).toContain(LATCHKEY)
    await setTraces(request, somebody, 'on')
    await page.reload()
    await expect(page).toHaveURL(`${tool}/d/1`)
  })

  test(`${name} lets nobody through any more from the moment that it is taken away`, async ({ browser, request, somebody }) => {
    const page = await browserOf(browser, request, somebody)
    await page.goto(tool)
    expect(await byScript(page)).toBe(200)
    await setTraces(request, somebody, 'off')
    expect(await byScript(page)).toBe(401)
    expect(await byWebSocket(page)).toBe('refused')
    await page.getByRole('button', { name: 'Send' }).click()
    await expect(page.getByRole('heading')).toHaveText('You are signed out')
    expect((await page.goto(tool))?.status()).toBe(403)
    expect(page.url()).toContain(LATCHKEY)
  })

  test(`${name} lets nobody through any more who signed out of Latchkey`, async ({ browser, request, somebody }) => {
    const page = await browserOf(browser, request, somebody)
    await page.goto(tool)
    await signOut(page)
    expect(await byScript(page)).toBe(401)
    await page.goto(tool)
    await expect(page).toHaveURL(/\/login\?/)
  })

  test(`${name} hears nothing by another secret than its own`, async ({ request }) => {
    const headers = {
      Authorization: `Basic ${btoa('interop-nginx:guess')}`,
      'X-Forwarded-Host': host,
      'X-Original-URL': `${tool}/`,
    }
    for (const path of ['/forward-auth', '/forward-auth/check', '/forward-auth/start'])
      expect((await request.get(path, { headers })).status()).toBe(403)
  })
}

const told = (page: Page): Promise<Told> => page.evaluate(async () => (await fetch('/told')).json())

const byScript = (page: Page) => page.evaluate(async () => (await fetch('/told')).status)

const byWebSocket = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string>((hears) => {
        const socket = new WebSocket(`wss://${location.host}/socket`)
        socket.onmessage = ({ data }) => hears(data)
        socket.onerror = () => hears('refused')
      }),
  )
