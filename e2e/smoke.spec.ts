import { expectAccessible } from './accessible.ts'
import { BOTH, expect, test } from './app.ts'
import { assetPaths } from './assets.ts'
import { PATHS } from './paths.ts'

test('the sign-in page opens and is accessible', BOTH, async ({ page }) => {
  await page.goto(PATHS.login)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectAccessible(page)
})

test('files are served with the same guards as pages', async ({ request }) => {
  for (const file of [...assetPaths(), '/favicon.svg']) {
    const headers = (await request.get(file)).headers()
    expect(headers['x-content-type-options'], file).toBe('nosniff')
    expect(headers['content-security-policy'], file).toContain("default-src 'none'")
    expect(headers['strict-transport-security'], file).toBe('max-age=63072000')
  }
})

test('what a page loads is kept for ever, and a name that is gone by nobody', async ({ request }) => {
  const cacheOf = async (path: string) => (await request.get(path)).headers()['cache-control']
  for (const path of assetPaths()) expect(await cacheOf(path), path).toBe('public, max-age=31536000, immutable')
  expect(await cacheOf('/favicon.svg')).toBe('public, max-age=0, must-revalidate')
  expect(await cacheOf('/assets/app.000000000000.css')).toBe('private, no-store')
})
