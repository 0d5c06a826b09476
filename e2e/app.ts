import {
  type APIRequestContext,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from '@playwright/test'
import { PASS_PHRASE } from '../src/dev/seed.ts'
import { faultsOf } from './faults.ts'

export { expect, PASS_PHRASE }
export const NEW_PASSWORD = 'plum teapot orbit canyon'

export type SignedIn = Exclude<BrowserContextOptions['storageState'], string | undefined>
type EachTest = { visitor: (as?: SignedIn) => Promise<Page>; admin: Page; scripted: boolean }
type EachWorker = { outside: APIRequestContext; ada: SignedIn }

/**
 * `page` is a browser that nobody used before, `visitor()` another one, `admin` one in which Ada is signed in, as she is in the
 * requests of `outside`, which no browser sends.
 * A test fails when any page in them logs an error, breaks its content policy or asks another origin.
 */
export const test = base.extend<EachTest, EachWorker>({
  // Each test comes from an address of its own, or the limits per IP would add up over all of them.
  extraHTTPHeaders: async ({ baseURL: _ }, use) => use(somewhere()),

  context: async ({ context, baseURL }, use) => {
    const faults = faultsOf(context, baseURL ?? '')
    await use(context)
    expect(faults).toEqual([])
  },

  visitor: async ({ browser, baseURL }, use) => {
    const visits: { context: BrowserContext; faults: string[] }[] = []
    await use(async (as) => {
      const context = await browser.newContext(as && { storageState: as })
      visits.push({ context, faults: faultsOf(context, baseURL ?? '') })
      return context.newPage()
    })
    for (const { context } of visits) await context.close()
    expect(visits.flatMap(({ faults }) => faults)).toEqual([])
  },

  admin: async ({ visitor, ada }, use) => use(await visitor(ada)),

  scripted: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  outside: [
    async ({ playwright }, use, { project }) => {
      const { baseURL = '' } = project.use
      const request = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { ...somewhere(), Origin: baseURL } })
      await use(request)
      await request.dispose()
    },
    { scope: 'worker' },
  ],

  ada: [async ({ outside }, use) => use(await signedIn(outside, 'ada@acme.test')), { scope: 'worker' }],
})

const somewhere = () => ({ 'CF-Connecting-IP': `2001:db8:${randomHex()}:${randomHex()}::1` })
const randomHex = () => Math.floor(Math.random() * 0x10000).toString(16)

/** Signs in without a browser, for a test that is not about signing in. */
export async function signedIn(request: APIRequestContext, email: string, password = PASS_PHRASE): Promise<SignedIn> {
  const headers = { 'Sec-Fetch-Site': 'same-origin' }
  const response = await request.post('/login', { form: { email, password }, headers, maxRedirects: 0 })
  expect(response.status(), `${email} signs in`).toBe(303)
  return request.storageState()
}

export async function signIn(page: Page, email: string, password = PASS_PHRASE) {
  await page.goto('/login')
  await fillSignIn(page, email, password)
  await page.waitForURL(({ pathname }) => pathname !== '/login')
}

export async function fillSignIn(page: Page, email: string, password: string) {
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password', { exact: true }).press('Enter')
}

/** An address that no other test and no other run has used. */
export const uniqueAddress = (prefix: string) => `${prefix}-${crypto.randomUUID().slice(0, 8)}@example.test`

type Draft = { role?: 'Tenant User' | 'Tenant Admin'; note?: string }

export async function invite(admin: Page, address: string, { role = 'Tenant User', note = '' }: Draft = {}) {
  await admin.goto('/access/invitations/new')
  await admin.getByLabel('Email address').fill(address)
  await admin.getByRole('radio', { name: role }).check()
  await admin.getByLabel('Note (optional)').fill(note)
  await admin.getByRole('button', { name: 'Send Invite' }).click()
  await expect(admin.getByRole('status')).toContainText('Invitation sent.')
}

/** The row of this person in the user table, which the filter brings onto its first page. */
export async function rowOf(admin: Page, address: string) {
  await admin.goto(`/access/users?${new URLSearchParams({ q: address })}`)
  return admin.getByRole('row').filter({ hasText: address })
}

/** Sets the password that an invitation's or a reset's page asks for. */
export async function setPassword(page: Page, password = NEW_PASSWORD) {
  await page.getByLabel(/^(New p|P)assword$/).fill(password)
  await page.getByRole('button', { name: /^Set (my|new) password$/ }).click()
}
