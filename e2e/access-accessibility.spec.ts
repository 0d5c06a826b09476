import { gzipSync } from 'node:zlib'
import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { enter, expect, fillInvitation, rowOf, test, uniqueAddress } from './app.ts'
import { assetPaths } from './assets.ts'
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
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expectFine(page, page.getByLabel('Traces'))
  await page.getByLabel('Traces').fill(PATHS.account)
  await page.getByRole('button', { name: 'Save settings' }).click()
  await page.goto(paths.section('traces'))
  await expectFine(page, page.getByRole('link', { name: 'Open Traces' }))

  await page.goto(paths.newAgent)
  await page.getByRole('button', { name: 'Register Agent' }).click()
  await expectFine(page, page.getByLabel('Name'))

  await page.goto(paths.invite({ agent_mode: 'list' }))
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
  await tabTo(off)
  await admin.keyboard.press('Enter')
  await expect(off).toHaveAttribute('aria-pressed', 'true')
  await expect(off).toBeFocused()

  await tabTo(admin.getByRole('button', { name: 'Undo' }))
  await admin.keyboard.press('Enter')
  await expect(cell.getByRole('button', { name: 'Default: on' })).toHaveAttribute('aria-pressed', 'true')
  await expect(admin.locator('#permissions :focus, #permissions:focus')).toHaveCount(1)
})

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
  const assets = await Promise.all(assetPaths().map(bytesOf))
  const { agents, users, permissions, agentAccess } = pathsOf(workspace.id)
  for (const path of [agents, users(), permissions(), agentAccess()])
    expect(
      [await bytesOf(path), ...assets].reduce((sum, bytes) => sum + bytes, 0),
      path,
    ).toBeLessThan(PAGE_BYTES)
})
