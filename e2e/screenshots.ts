import type { Page } from '@playwright/test'
import { PAGES } from './pages.ts'
import { test } from './stage.ts'

const FOLDER = 'test-results/screenshots'
const WIDTHS = [1280, 390, 320]
const SCHEMES = ['light', 'dark'] as const
/** What an upright sheet of A4 leaves of 96 pixels an inch between margins of 1 cm. */
const PAPER = { width: 718, height: 1047 }

for (const [name, open] of Object.entries(PAGES)) {
  test(name, async ({ visit }) => {
    const page = await open(visit)
    const take = (how: string) => picture(page, `${FOLDER}/${name.replaceAll(/\W+/g, '-')} ${how}.png`)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 })
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme })
        await take(`${width} ${colorScheme}`)
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ forcedColors: 'active' })
    await take('forced colors')
    await page.setViewportSize(PAPER)
    await page.emulateMedia({ forcedColors: 'none', media: 'print' })
    await take('printed')
    await page.emulateMedia({ media: 'screen' })
  })
}

const picture = (page: Page, path: string) => page.screenshot({ path, fullPage: true, animations: 'disabled' })
