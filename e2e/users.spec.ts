import type { Page } from '@playwright/test'
import { BOTH, enter, expect, test } from './app.ts'
import { addCrowd } from './database.ts'
import { ACME, GLOBEX } from './paths.ts'

test('the user table is searched, filtered and paged by URL, and back leads back', BOTH, async ({ page, request, scripted }) => {
  await addCrowd(request, 'globex')
  await enter(page, 'cat@globex.test')
  await page.goto(GLOBEX.users())
  const names = page.getByRole('rowheader')
  await expect(names).toHaveCount(50)
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page).toHaveURL(/cursor=/)
  await expect(names.first()).toContainText('Crowd 050')
  await page.getByRole('link', { name: 'Previous page' }).click()
  await expect(names.first()).toContainText('Cat Lindqvist')

  const search = page.getByRole('searchbox', { name: 'Search name or address' })
  await search.pressSequentially('crowd 11')
  if (!scripted) await search.press('Enter')
  await expect(page).toHaveURL(/[?&]q=crowd(\+|%20)11(&role=&status=)?$/)
  await expect(names).toHaveCount(11)
  if (scripted) await expect(search).toBeFocused()
  await expect(search).toHaveValue('crowd 11')

  await chip(page, 'Disabled').click()
  if (!scripted) await page.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/q=crowd(\+|%20)11(&role=)?&status=disabled$/)
  await expect(names).toHaveCount(2)
  await page.goBack()
  await expect(names).toHaveCount(11)
  await expect(page.getByRole('radio', { name: /^All/ })).toBeChecked()
  await expect(search).toHaveValue('crowd 11')
})

test('a search that finds nobody says so and leads back to everybody', async ({ admin }) => {
  await admin.goto(ACME.users({ q: 'nobody-at-all' }))
  await expect(admin.getByRole('main')).toContainText('No name or address here contains “nobody-at-all”.')
  await admin.getByRole('link', { name: 'Show everyone' }).click()
  await expect(admin).toHaveURL(ACME.users())
})

test('at 1280 the actions of every row are in sight without scrolling', BOTH, async ({ admin }) => {
  await admin.setViewportSize({ width: 1280, height: 800 })
  await admin.goto(ACME.users())
  const hidden = await admin.locator('.table-wrap').evaluate((table) => table.scrollWidth - table.clientWidth)
  expect(hidden).toBe(0)
})

test('typing at any pace loses no letter, however slow the answer', async ({ admin }) => {
  await admin.goto(ACME.users())
  await admin.route(
    ({ pathname, search }) => pathname === ACME.users() && search !== '',
    async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 150))
      await route.continue()
    },
  )
  const search = admin.getByRole('searchbox')
  await search.pressSequentially('bob okafor', { delay: 290 })
  await expect(admin.getByRole('row')).toHaveCount(2)
  await expect(search).toHaveValue('bob okafor')
})

test('a status chosen while somebody types keeps what is typed, and nothing that was not chosen is in the address', async ({
  admin,
}) => {
  await admin.goto(ACME.users())
  await admin.getByRole('searchbox').pressSequentially('bob')
  await chip(admin, 'Active').click()
  await expect(admin).toHaveURL(/\?q=bob&status=active$/)
  await expect(admin.getByRole('row')).toHaveCount(2)
  await expect(admin.getByRole('searchbox')).toHaveValue('bob')

  await admin.getByRole('searchbox').fill('')
  await expect(admin).toHaveURL(/users\?status=active$/)
})

test('another page of people begins at its top, says where it is, and leads back', async ({ page, request }) => {
  await addCrowd(request, 'globex')
  await enter(page, 'cat@globex.test')
  await page.goto(GLOBEX.users())
  await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('1 to 50 of ')
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('51 to 100 of ')
  await expect(page.getByRole('rowheader').first()).toBeInViewport()
  await expect(page.getByRole('table')).toBeFocused()
  await page.getByRole('link', { name: 'Previous page' }).click()
  await expect(page.getByRole('rowheader').first()).toContainText('Cat Lindqvist')
  await expect(page).toHaveURL(GLOBEX.users())
})

test('the menu of a row is moved through with the arrow keys', async ({ admin }) => {
  await admin.goto(ACME.users({ q: 'bob@' }))
  await admin.getByRole('button', { name: 'More for Bob Okafor' }).press('Enter')
  const focused = () => admin.evaluate(() => document.activeElement?.textContent)
  for (const [key, entry] of [
    ['ArrowDown', 'Open'],
    ['ArrowDown', 'Make Tenant Admin'],
    ['End', 'Delete'],
    ['ArrowDown', 'Open'],
    ['ArrowUp', 'Delete'],
    ['Home', 'Open'],
  ] as const) {
    await admin.keyboard.press(key)
    expect(await focused(), key).toContain(entry)
  }
  await admin.keyboard.press('Escape')
  await expect(admin.getByRole('button', { name: 'More for Bob Okafor' })).toBeFocused()
})

test('what Back could not show without a network is shown once there is one', async ({ browser, ada }) => {
  // Of its own, since a browser calls it an error that there is no network.
  const context = await browser.newContext({ storageState: ada })
  const admin = await context.newPage()
  await admin.goto(ACME.users({ status: 'active' }))
  await chip(admin, 'Disabled').click()
  await expect(admin).toHaveURL(/status=disabled$/)
  await context.setOffline(true)
  await admin.goBack()
  await expect(admin).toHaveURL(/status=active$/)
  await context.setOffline(false)
  await expect(admin.getByRole('radio', { name: /^Active/ })).toBeChecked()
  await expect(admin.getByRole('rowheader').filter({ hasText: 'Ada Admin' })).toBeVisible()
  await context.close()
})

const chip = (page: Page, status: string) => page.locator('label').filter({ hasText: new RegExp(`^${status}`) })
