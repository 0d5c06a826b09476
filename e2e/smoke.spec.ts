import { expect, expectAccessible, test } from './app.ts'

test('the sign-in page opens and is accessible', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page)
})
