import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

export async function expectAccessible(page: Page) {
  const scripted = test.info().project.use.javaScriptEnabled !== false
  const examined = scripted ? page : await scriptedCopyOf(page)
  const { violations } = await new AxeBuilder({ page: examined }).withTags(WCAG_22_AA).analyze()
  if (!scripted) await examined.context().close()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([])
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
