import { brotliCompressSync, constants } from 'node:zlib'
import type { Page } from '@playwright/test'
import { expectAccessible, expectAccessibleLooks } from './accessible.ts'
import { expect } from './app.ts'
import { assetPaths, someLoad } from './assets.ts'
import { PAGES } from './pages.ts'
import { test } from './stage.ts'

/** A telephone held upright, and WCAG 1.4.10 Reflow. */
const NARROW = [
  { width: 390, height: 700 },
  { width: 320, height: 640 },
]
/** The page, one stylesheet, htmx, one small script and the icons (docs/rules.md, Limits). */
const PAGE_KIB = 40

for (const [name, open] of Object.entries(PAGES)) {
  test(`${name}: accessible in light and dark, wide and narrow, without scrolling sideways`, async ({ visit }) => {
    const opened = await open(visit)
    await expectAccessible(opened)
    for (const size of NARROW) {
      await opened.setViewportSize(size)
      expect(await sidewaysOverflow(opened)).toEqual([])
    }
    await opened.emulateMedia({ colorScheme: 'dark' })
    await expectAccessibleLooks(opened)
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
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.toJSON()))
  // What htmx has asked for meanwhile is the page itself.
  const files = loaded.filter(({ initiatorType }) => initiatorType !== 'fetch').map(({ name }) => new URL(name).pathname)
  const assets = files.filter((path) => path !== '/favicon.svg')
  expect(assetPaths()).toEqual(expect.arrayContaining(assets))
  const loads = assetPaths().filter((path) => !someLoad().includes(path) || assets.includes(path))
  const sizes = await Promise.all(loads.map((path) => sizeOf(page, path)))
  return (compressed(await page.content()) + sizes.reduce((sum, size) => sum + size, 0)) / 1024
}

/** As at the edge, which does not take its time. */
const compressed = (body: string | Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }).length

const sizes = new Map<string, number>()

async function sizeOf(page: Page, path: string) {
  const known = sizes.get(path) ?? compressed(await (await page.request.get(path)).body())
  sizes.set(path, known)
  return known
}
