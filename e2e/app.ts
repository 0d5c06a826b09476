import { AxeBuilder } from '@axe-core/playwright'
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test'
import { PASS_PHRASE } from '../src/dev/seed.ts'

export { expect, PASS_PHRASE }
export type Mail = { id: string; to: string; subject: string; text: string; html: string; links: string[]; at: string }

/** Each test comes from an address of its own, or the limits per IP would add up over all of them. */
export const test = base.extend({
  extraHTTPHeaders: async ({ baseURL: _ }, use) => use({ 'CF-Connecting-IP': `2001:db8:${randomHex()}:${randomHex()}::1` }),
})

const randomHex = () => Math.floor(Math.random() * 0x10000).toString(16)

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export async function signIn(page: Page, email: string, password = PASS_PHRASE) {
  await page.goto('/login')
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.locator('input[name=password]').press('Enter')
  await page.waitForURL(({ pathname }) => pathname !== '/login')
}

/** All mail delivered so far, newest first. */
export async function mailbox(request: APIRequestContext): Promise<Mail[]> {
  const response = await request.get('/dev/mailbox.json')
  return response.json()
}

export const newestMailTo = async (request: APIRequestContext, address: string) => nextMailTo(request, address, [])

/** Waits for a mail to `address` that is not among those `seen`, since the Queue takes a second or two. */
export async function nextMailTo(request: APIRequestContext, address: string, seen: Mail[]) {
  const known = new Set(seen.map(({ id }) => id))
  const find = async () => (await mailbox(request)).find(({ id, to }) => to === address && !known.has(id))
  await expect.poll(find, { message: `a mail to ${address}`, timeout: 15_000 }).toBeTruthy()
  return (await find()) as Mail
}

/** An address that no other test and no other run has used. */
export const uniqueAddress = (prefix: string) => `${prefix}-${crypto.randomUUID().slice(0, 8)}@example.test`

export async function expectAccessible(page: Page) {
  const scripted = base.info().project.use.javaScriptEnabled !== false
  const examined = scripted ? page : await scriptedCopyOf(page)
  const { violations } = await new AxeBuilder({ page: examined }).withTags(WCAG_22_AA).analyze()
  if (!scripted) await examined.context().close()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([])
}

/** axe waits on the page's own timers, which stand still without JavaScript; so it examines a copy in which nothing but axe runs. */
async function scriptedCopyOf(page: Page) {
  const html = await page.content()
  const context = await page.context().browser()?.newContext({ javaScriptEnabled: true })
  if (!context) throw new Error('this page belongs to no browser')
  const copy = await context.newPage()
  await copy.route('**/*.js', (route) => route.abort())
  await copy.route(page.url(), (route) => route.fulfill({ body: html, contentType: 'text/html' }))
  await copy.goto(page.url())
  return copy
}
