import { gzipSync } from 'node:zlib'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { enter, expect, fillInvitation, rowOf, test, uniqueAddress } from './app.ts'
import { assetPaths, someLoad } from './assets.ts'
import { addMember } from './database.ts'
import { ACME, PATHS, pathsOf } from './paths.ts'
import { addAgents, addWorkspace } from './workspace.ts'

const NARROW = { width: 320, height: 640 }
const PAGE_BYTES = 40 * 1024

test('refused forms, a connected section and a chosen list of agents are accessible, dark and narrow too', async ({
  page,
  request,
}) => {
  test.slow()
  const workspace = await addWorkspace(request, 'Stark')
  await addAgents(request, workspace, 3)
  const paths = pathsOf(workspace.id)
  await enter(page, workspace.admin)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize(NARROW)

  await page.goto(paths.settings)
  await page.getByLabel('Traces').fill('http://traces.example.test')
  await page.getByRole('button', { name: 'Save section links' }).click()
  await expectFine(page, page.getByLabel('Traces'))
  await page.getByLabel('Traces').fill(PATHS.account)
  await page.getByRole('button', { name: 'Save section links' }).click()
  await page.goto(paths.section('traces'))
  await expectFine(page, page.getByRole('link', { name: 'Open Traces' }))

  await page.goto(paths.newAgent)
  await page.getByRole('button', { name: 'Register Agent' }).click()
  await expectFine(page, page.getByLabel('Name'))

  await page.goto(paths.invite())
  await page.getByRole('radio', { name: 'Selected agents' }).check()
  await page.getByRole('checkbox', { name: 'Agent 02' }).check()
  await expectFine(page, page.getByRole('complementary').getByText('Agent 02'))

  const pending = uniqueAddress('yusuf-with-a-rather-long-local-part')
  await fillInvitation(page, pending, workspace.id)
  await (await rowOf(page, pending, workspace.id)).getByRole('link', { name: pending }).click()
  await page.getByLabel('Email address').fill('not an address')
  await page.getByRole('button', { name: 'Correct and resend' }).click()
  await expectFine(page, page.getByText('That does not look like an email address.'))
})

/** What somebody looks at here is shown, passes axe, and does not make the page wider than the window. */
async function expectFine(page: Page, shown: Locator) {
  await expect(shown).toBeVisible()
  await expectAccessible(page)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, `${page.url()} at ${NARROW.width} px`).toBeLessThanOrEqual(NARROW.width)
}

test('the keyboard alone sets a cell of the matrix and takes it back, and focus stays on the cell', async ({ admin, request }) => {
  const address = uniqueAddress('kofi')
  await addMember(request, { tenant: 'acme', email: address, name: 'Kofi Asante' })
  await admin.goto(ACME.permissions({ q: address }))
  await admin.keyboard.press('Tab')
  await expect(admin.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await admin.keyboard.press('Enter')
  const cell = admin.getByRole('group', { name: 'Traces for Kofi Asante' })
  const off = cell.getByRole('button', { name: 'Off', exact: true })
  await tabTo(admin.getByRole('group', { name: 'Agents by default' }).getByRole('button', { name: 'On', exact: true }))
  await press(admin, 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight')
  await expect(off).toBeFocused()
  await admin.keyboard.press('Enter')
  await expect(off).toHaveAttribute('aria-pressed', 'true')
  await expect(off).toBeFocused()

  await tabTo(admin.getByRole('button', { name: 'Undo' }))
  await admin.keyboard.press('Enter')
  await expect(cell.getByRole('button', { name: 'Default: on' })).toHaveAttribute('aria-pressed', 'true')
  await expect(off).toBeFocused()
})

test('a matrix is one tab stop, and arrow keys, Home and End move in it', async ({ page, request }) => {
  const workspace = await addWorkspace(request, 'Palmer')
  await addAgents(request, workspace, 3)
  for (const name of ['Amy One', 'Ben Two'])
    await addMember(request, { tenant: workspace.id, email: `${name.slice(0, 3)}-${uniqueAddress('grid')}`, name })
  await enter(page, workspace.admin)
  const to = pathsOf(workspace.id)
  await page.goto(to.permissions())
  const cell = (section: string, person: string, name: string) =>
    page.getByRole('group', { name: `${section} ${person}` }).getByRole('button', { name, exact: true })
  await expect(page.getByRole('grid', { name: 'Permission Matrix' })).toBeVisible()
  await tabTo(cell('Agents', 'by default', 'On'))
  await page.keyboard.press('Tab')
  await expect(page.locator('.matrix :focus')).toHaveCount(0)
  await page.keyboard.press('Shift+Tab')
  await expect(cell('Agents', 'by default', 'On')).toBeFocused()

  await press(page, 'ArrowDown')
  await expect(cell('Agents', 'for Amy One', 'On')).toBeFocused()
  await press(page, 'ArrowDown', 'ArrowRight')
  await expect(cell('Agents', 'for Ben Two', 'Off')).toBeFocused()
  await press(page, 'ArrowUp', 'ArrowUp', 'ArrowUp')
  await expect(page.getByRole('button', { name: 'Agents', exact: true })).toBeFocused()
  await press(page, 'End')
  await expect(page.getByRole('button', { name: 'MCP Debug', exact: true })).toBeFocused()
  await press(page, 'Home', 'Control+End')
  await expect(page.getByRole('button', { name: 'Reset Ben Two to defaults' })).toBeFocused()
  await press(page, 'Control+Home')
  await expect(page.getByRole('button', { name: 'Agents', exact: true })).toBeFocused()
})

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key)
}

async function tabTo(wanted: Locator) {
  await expect(wanted).toBeVisible()
  const isFocused = () => wanted.evaluate((element) => element === document.activeElement)
  for (let presses = 0; presses < 80 && !(await isFocused()); presses++) await wanted.page().keyboard.press('Tab')
  await expect(wanted).toBeFocused()
}

test('a page of 25 people and 20 agents weighs less than 40 KiB compressed, with all that it loads', async ({ page, request }) => {
  const workspace = await addWorkspace(request, 'Wayne')
  await addAgents(request, workspace, 20)
  for (let person = 1; person < 25; person++)
    await addMember(request, { tenant: workspace.id, email: uniqueAddress('crowd'), name: `Crowd Member ${person}` })
  await enter(page, workspace.admin)
  const bytesOf = async (path: string) => gzipSync(await (await page.request.get(path)).body()).length
  const bytesOfAll = async (paths: string[]) => (await Promise.all(paths.map(bytesOf))).reduce((sum, bytes) => sum + bytes, 0)
  const loadedBy = async (path: string) => {
    const html = await (await page.request.get(path)).text()
    return assetPaths().filter((asset) => !someLoad().includes(asset) || html.includes(asset))
  }
  const { agents, users, permissions, agentAccess } = pathsOf(workspace.id)
  for (const path of [agents, users(), permissions(), agentAccess()])
    expect(await bytesOfAll([path, ...(await loadedBy(path))]), path).toBeLessThan(PAGE_BYTES)
})
