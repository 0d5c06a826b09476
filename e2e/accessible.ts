import { expect, type Page, test } from '@playwright/test'
import axe from 'axe-core'

declare const window: { axe: typeof axe }

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** The rules whose answer depends on colours and on how wide the window is; the others ask the markup, which stays the same. */
const LOOKS = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size']

/**
 * No violation of WCAG 2.2 AA. axe runs inside the page on its own: its Playwright package takes six times as long. Frames are left
 * out, since the only one is an email, in which nothing may run.
 */
export const expectAccessible = (page: Page) => expectNoViolation(page, WCAG_22_AA)

/** The same page in other colours or at another width, of which everything else is known to be accessible. */
export const expectAccessibleLooks = (page: Page) => expectNoViolation(page, LOOKS)

async function expectNoViolation(page: Page, runOnly: string[]) {
  const scripted = test.info().project.use.javaScriptEnabled !== false
  const examined = scripted ? page : await scriptedCopyOf(page)
  if (!(await examined.evaluate(() => 'axe' in window))) await examined.evaluate(axe.source)
  const violations = await examined.evaluate(async (runOnly) => {
    // What has been scrolled half under the bar at the top looks too small to be hit.
    scrollTo({ top: 0, behavior: 'instant' })
    // And so does what the bar at the bottom floats over.
    for (const bar of document.querySelectorAll<HTMLElement>('.selection')) bar.style.position = 'static'
    // A colour half way between light and dark is nobody's: the end of one transition may start another.
    const moving = () =>
      document
        .getAnimations()
        .filter((one) => one instanceof CSSTransition || (one instanceof CSSAnimation && one.animationName === 'arrive'))
    do {
      for (const animation of moving()) animation.finish()
      await new Promise(requestAnimationFrame)
    } while (moving().length > 0)
    const found = await window.axe.run({ runOnly, iframes: false, resultTypes: ['violations'] })
    for (const bar of document.querySelectorAll<HTMLElement>('.selection')) bar.style.removeProperty('position')
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  }, runOnly)
  if (!scripted) await examined.context().close()
  expect(violations).toEqual([])
}

/** axe waits on the page's own timers, which stand still without JavaScript; so it examines a copy in which nothing but axe runs. */
async function scriptedCopyOf(page: Page) {
  const html = await page.content()
  const context = await page.context().browser()?.newContext({ javaScriptEnabled: true })
  if (!context) throw new Error('this page belongs to no browser')
  const copy = await context.newPage()
  await copy.route('**/*.js', (route) => route.abort())
  await copy.route(page.url(), (route) => route.fulfill({ body: html, contentType: 'text/html' }))
  await copy.goto(page.url())
  return copy
}
