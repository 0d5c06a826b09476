import type { APIRequestContext, Page } from '@playwright/test'
import { type Answer, type Deed, SITUATIONS, type Who } from '../test/situations.ts'
import { test as base, enter, expect, fillSignIn, PASS_PHRASE, send, uniqueAddress } from './app.ts'
import { serveSinglePageApp } from './apps/single-page-app.ts'
import { addMember, addMembership, sql } from './database.ts'
import { faultsOf } from './faults.ts'
import { PATHS, pathsOf } from './paths.ts'
import { signedIn } from './session.ts'
import { addWorkspace, type Workspace } from './workspace.ts'

type Tool = { clientId: string; home: Workspace; other: Workspace; who: Who; address: string }

const test = base.extend<{ tool: Tool }, { spa: string }>({
  spa: [
    async ({ browserName: _ }, use) => {
      const { origin, close } = await serveSinglePageApp()
      await use(origin)
      await close()
    },
    { scope: 'worker' },
  ],

  /** The page's own origin is asked as well as ours. */
  context: async ({ browser, baseURL, spa }, use) => {
    const context = await browser.newContext()
    const faults = faultsOf(context, baseURL ?? '', spa)
    await use(context)
    expect(faults).toEqual([])
    await context.close()
  },

  tool: async ({ request, spa }, use) => use(await connectedTool(request, spa)),
})

test('an admin connects a single-page app, which signs somebody in by their password, renews that by its refresh token, and signs them out', async ({
  page,
  visitor,
  outside,
  tool,
  spa,
  baseURL,
}) => {
  const admin = await visitor(await signedIn(outside, tool.home.admin))
  await admin.goto(pathsOf(tool.home.id).newApp)
  await admin.getByLabel('Connect it to').selectOption('Traces')
  await admin.getByRole('button', { name: 'Continue' }).click()
  await admin.getByLabel('Name').fill('Spans')
  await admin.getByLabel('A program in the browser or on a device').check()
  await admin.getByLabel('Redirect addresses').fill(`${spa}/callback`)
  await admin.getByText('Signing out, proxies').click()
  await admin.getByLabel('Sign-out addresses').fill(`${spa}/signed-out`)
  await admin.getByRole('button', { name: 'Connect app' }).click()
  const clientId = await admin.getByLabel('Client id', { exact: true }).inputValue()

  await opens(page, { clientId }, spa, baseURL)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL((url) => url.pathname === PATHS.login)
  await fillSignIn(page, tool.address, PASS_PHRASE)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to Spans')
  await page.getByRole('button', { name: 'Allow' }).click()
  const who = `Olin Vik, user of ${tool.home.id}, role:user section:traces`
  await expect(page.getByRole('status')).toHaveText(`signed in: ${who}`)
  for (const n of [1, 2]) {
    await page.getByRole('button', { name: 'Renew' }).click()
    await expect(page.getByRole('status')).toHaveText(`renewed ${n}: ${who}`)
  }
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('status')).toHaveText(`signed in: ${who}`)

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign out of Latchkey too?')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('status')).toHaveText('signed out')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL((url) => url.pathname === PATHS.login)
})

for (const [name, { inTwo, deeds, answer }] of Object.entries(SITUATIONS))
  test(`a single-page app stops at whatever is so by now: somebody who ${name}`, async ({
    page,
    tool,
    spa,
    baseURL,
    request,
    outside,
  }) => {
    if (inTwo) tool.who.memberOfOther = await joins(request, tool)
    await enter(page, tool.address)
    await opens(page, tool, spa, baseURL)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('status')).toContainText('signed in: Olin Vik')
    for (const deed of deeds(tool.who, { section: 'traces' })) await carriedOut(outside, tool, deed)
    await page.getByRole('button', { name: 'Renew' }).click()
    await expect(page.getByRole('status')).toContainText(answer === 'signed in' ? 'renewed 1: Olin Vik' : 'refused: invalid_grant')
    const authorized = page.waitForResponse((response) => new URL(response.url()).pathname === '/oauth/authorize')
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect((await authorized).status()).toBe(STATUS[answer])
    if (answer === 'signed in') await expect(page.getByRole('status')).toContainText('signed in: Olin Vik')
    if (answer === 'sign in') await expect(page).toHaveURL((url) => url.pathname === PATHS.login)
  })

const STATUS: Record<Answer, number> = { 'signed in': 303, 'no access': 403, 'unknown app': 404, 'sign in': 303 }

const opens = (page: Page, { clientId }: Pick<Tool, 'clientId'>, spa: string, authority = '') =>
  page.goto(`${spa}/?${new URLSearchParams({ authority, client_id: clientId })}`)

/** An app for Traces of a workspace of its own, and somebody who may see it. */
async function connectedTool(request: APIRequestContext, spa: string): Promise<Tool> {
  const [home, other] = [await addWorkspace(request, 'Soylent'), await addWorkspace(request, 'Initech')]
  const [clientId, address] = [crypto.randomUUID(), uniqueAddress('olin')]
  await addMember(request, { tenant: home.id, email: address, name: 'Olin Vik' })
  await sql(
    request,
    `INSERT INTO apps (id, tenant_id, name, section, auth, redirect_uris, after_logout_uris, granted_at, created_at)
     VALUES (?1, ?2, 'Traces', 'traces', 'none', json_array(?3 || '/callback'), json_array(?3 || '/signed-out'), 1, 1)`,
    clientId,
    home.id,
    spa,
  )
  const member = await memberOf(request, home, address)
  return { clientId, home, other, address, who: { workspace: home.id, member, other: other.id, memberOfOther: '' } }
}

async function joins(request: APIRequestContext, { other, address }: Tool) {
  await addMembership(request, { tenant: other.id, email: address })
  return memberOf(request, other, address)
}

async function memberOf(request: APIRequestContext, { id }: Workspace, address: string) {
  const [[member = ''] = []] = await sql(request, 'SELECT id FROM members WHERE tenant_id = ? AND email_key = ?', id, address)
  return String(member)
}

async function carriedOut(outside: APIRequestContext, { home, other }: Tool, deed: Deed) {
  if ('sql' in deed) return sql(outside, deed.sql, ...deed.params)
  const { admin } = deed.workspace === home.id ? home : other
  return send(outside, await signedIn(outside, admin), deed.path, deed.fields)
}
