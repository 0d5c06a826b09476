import { brotliCompressSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect } from './app.ts'
import { PAGES, test } from './pages.ts'

const WIDE = { width: 1280, height: 800 }
/** WCAG 1.4.10 Reflow. */
const NARROW = { width: 320, height: 640 }
/** SPEC section 9: the page, one stylesheet, htmx and one small script. */
const PAGE_KIB = 40
const ASSETS = ['/app.css', '/app.js', '/htmx.js']

test.use({ contextOptions: { reducedMotion: 'reduce' }, viewport: WIDE })

for (const [name, open] of Object.entries(PAGES)) {
  test(`${name}: accessible in light and dark, wide and narrow, without scrolling sideways`, async ({ visit, scripted }) => {
    const opened = await open(visit)
    await expectAccessible(opened)
    await opened.setViewportSize(NARROW)
    expect(await sidewaysOverflow(opened)).toEqual([])
    if (!scripted) return
    await opened.emulateMedia({ colorScheme: 'dark' })
    await expectAccessible(opened)
    if (name !== 'mailbox') expect(await compressedKib(opened)).toBeLessThan(PAGE_KIB)
  })
}

/** What makes the page wider than the window. */
const sidewaysOverflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const isOut = (element: Element) => element.getBoundingClientRect().right > clientWidth
    return scrollWidth > clientWidth ? [...document.body.querySelectorAll('*')].filter(isOut).map(({ outerHTML }) => outerHTML) : []
  })

async function compressedKib(page: Page) {
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname))
  const assets = loaded.filter((path) => path !== '/favicon.svg')
  expect(ASSETS).toEqual(expect.arrayContaining(assets))
  const sizes = await Promise.all(ASSETS.map((path) => sizeOf(page, path)))
  return (brotliCompressSync(await page.content()).length + sizes.reduce((sum, size) => sum + size, 0)) / 1024
}

const sizes = new Map<string, number>()

async function sizeOf(page: Page, path: string) {
  const known = sizes.get(path) ?? brotliCompressSync(await (await page.request.get(path)).body()).length
  sizes.set(path, known)
  return known
}
