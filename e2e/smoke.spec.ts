import { expectAccessible } from './accessible.ts'
import { expect, test } from './app.ts'

test('the sign-in page opens and is accessible', async ({ page }) => {
  await page.goto('/login')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page)
})

test('files are served with the same guards as pages', async ({ request }) => {
  for (const file of ['/app.css', '/app.js', '/htmx.js', '/favicon.svg']) {
    const headers = (await request.get(file)).headers()
    expect(headers['x-content-type-options'], file).toBe('nosniff')
    expect(headers['content-security-policy'], file).toContain("default-src 'none'")
    expect(headers['strict-transport-security'], file).toContain('max-age=63072000')
  }
})
