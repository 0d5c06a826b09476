import { type APIRequestContext, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { PASS_PHRASE } from '../src/dev/seed.ts'
import { SECTIONS } from '../src/models/access/section.ts'
import { faultsOf } from './faults.ts'
import { linkTo } from './mail.ts'
import { PATHS, pathsOf } from './paths.ts'
import { serverOf } from './servers.ts'
import { type SignedIn, signedIn } from './session.ts'

export { expect, PASS_PHRASE }
export const NEW_PASSWORD = 'plum teapot orbit canyon'

/** Of a journey that is walked in a browser without JavaScript too; the others are walked so in test/no-javascript. */
export const BOTH = { tag: '@without-javascript' }

type Invited = { address: string; link: string }
type EachTest = {
  visitor: (as?: SignedIn) => Promise<Page>
  admin: Page
  newcomer: (prefix: string, draft?: Draft) => Promise<Invited>
  scripted: boolean
}
type EachWorker = { server: string; outside: APIRequestContext; ada: SignedIn }

/**
 * `page` is a browser that nobody used before, `visitor()` another one, `admin` one in which Ada is signed in; the requests of
 * `outside` come from no browser. `newcomer()` is somebody whom Ada has just invited, with the link in their email.
 * A test fails when any page in them logs an error, breaks its content policy or asks another origin.
 */
export const test = base.extend<EachTest, EachWorker>({
  server: [async ({ playwright: _ }, use, { parallelIndex }) => use(serverOf(parallelIndex).origin), { scope: 'worker' }],

  baseURL: async ({ server }, use) => use(server),

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

  newcomer: async ({ outside, ada, request }, use) =>
    use(async (prefix, draft) => {
      const address = uniqueAddress(prefix)
      await invite(outside, ada, address, draft)
      return { address, link: await linkTo(request, address) }
    }),

  scripted: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  outside: [
    async ({ playwright, server }, use) => {
      const extraHTTPHeaders = { ...somewhere(), Origin: server }
      const request = await playwright.request.newContext({ baseURL: server, extraHTTPHeaders })
      await use(request)
      await request.dispose()
    },
    { scope: 'worker' },
  ],

  ada: [async ({ outside }, use) => use(await signedIn(outside, 'ada@acme.test')), { scope: 'worker' }],
})

const somewhere = () => ({ 'CF-Connecting-IP': `2001:db8:${randomHex()}:${randomHex()}::1` })
const randomHex = () => Math.floor(Math.random() * 0x10000).toString(16)

/** Signs in without the form, for a test that is not about signing in. */
export async function enter(page: Page, email: string) {
  const { cookies } = await signedIn(page.request, email)
  await page.context().addCookies(cookies)
}

export async function signIn(page: Page, email: string, password = PASS_PHRASE) {
  await page.goto(PATHS.login)
  await fillSignIn(page, email, password)
  await page.waitForURL(({ pathname }) => pathname !== PATHS.login)
}

export async function fillSignIn(page: Page, email: string, password: string) {
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password', { exact: true }).press('Enter')
}

/** An address that no other test and no other run has used. */
export const uniqueAddress = (prefix: string) => `${prefix}-${crypto.randomUUID().slice(0, 8)}@example.test`

type Draft = { role?: 'admin' | 'user'; note?: string; workspace?: string }

/** What a form sends, for a test that is about what follows. */
export async function send(request: APIRequestContext, by: SignedIn, path: string, fields: string[][]) {
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Sec-Fetch-Site': 'same-origin',
    Cookie: by.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
  }
  const data = new URLSearchParams(fields.map(([name = '', value = '']): [string, string] => [name, value])).toString()
  const answer = await request.post(path, { data, headers, maxRedirects: 0 })
  expect(answer.status(), `${path} is done`).toBe(303)
}

/** An invitation, as its form sends it. */
export function invite(request: APIRequestContext, by: SignedIn, address: string, draft: Draft = {}) {
  const { role = 'user', note = '', workspace = 'acme' } = draft
  const sections = SECTIONS.filter(({ kind }) => kind === 'configurable').map(({ slug }) => ['section', slug])
  const fields = [['email', address], ['role', role], ['note', note], ['agent_mode', 'all'], ...sections]
  return send(request, by, pathsOf(workspace).invitations, fields)
}

/** The same through the form. */
export async function fillInvitation(admin: Page, address: string, workspace = 'acme') {
  await admin.goto(pathsOf(workspace).invite())
  await admin.getByLabel('Email address').fill(address)
  await admin.getByRole('button', { name: 'Send Invite' }).click()
  await expect(admin.getByRole('status')).toContainText(`Invitation sent to ${address}.`)
}

/** The row of this person in the user table, which the filter brings onto its first page. */
export async function rowOf(admin: Page, address: string, workspace = 'acme') {
  await admin.goto(pathsOf(workspace).users({ q: address }))
  return admin.getByRole('row').filter({ hasText: address })
}

/** Sets the password that an invitation's or a reset's page asks for; whoever gave no name is called by their address. */
export async function setPassword(page: Page, password = NEW_PASSWORD) {
  const name = page.getByLabel('Your name')
  if ((await name.count()) > 0 && !(await name.inputValue())) await name.fill(await page.getByLabel('Login address').inputValue())
  await page.getByLabel(/^(New p|P)assword$/).fill(password)
  await page.getByRole('button', { name: /^Set (My|new) [Pp]assword$/ }).click()
}
