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
  await page.getByRole('link', { name: 'First page' }).click()
  await expect(names.first()).toContainText('Cat Lindqvist')

  const search = page.getByRole('searchbox', { name: 'Search name or address' })
  await search.pressSequentially('crowd 11')
  if (!scripted) await search.press('Enter')
  await expect(page).toHaveURL(/[?&]q=crowd(\+|%20)11$/)
  await expect(names).toHaveCount(10)
  if (scripted) await expect(search).toBeFocused()
  await expect(search).toHaveValue('crowd 11')

  await page.getByRole('link', { name: 'Disabled', exact: true }).click()
  await expect(page).toHaveURL(/q=crowd(\+|%20)11&status=disabled$/)
  await expect(names).toHaveCount(2)
  await page.goBack()
  await expect(names).toHaveCount(10)
  await expect(page.getByRole('link', { name: 'All', exact: true })).toHaveAttribute('aria-current', 'page')
  await expect(search).toHaveValue('crowd 11')
})

test('a search that finds nobody says so and leads back to everybody', async ({ admin }) => {
  await admin.goto(ACME.users({ q: 'nobody-at-all' }))
  await expect(admin.getByRole('main')).toContainText('No name or address here contains “nobody-at-all”.')
  await admin.getByRole('link', { name: 'Show everybody' }).click()
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
