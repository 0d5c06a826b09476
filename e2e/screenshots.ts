import { PAGES } from './pages.ts'
import { test } from './stage.ts'

const FOLDER = 'test-results/screenshots'
const WIDTHS = [1280, 320]
const SCHEMES = ['light', 'dark'] as const

for (const [name, open] of Object.entries(PAGES)) {
  test(name, async ({ visit }) => {
    const page = await open(visit)
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 })
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme })
        const path = `${FOLDER}/${name.replaceAll(/\W+/g, '-')} ${width} ${colorScheme}.png`
        await page.screenshot({ path, fullPage: true, animations: 'disabled' })
      }
    }
  })
}
