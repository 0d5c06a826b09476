import type { Locator, Page } from '@playwright/test'
import { enter, expect, test } from './app.ts'
import { addMember, sql } from './database.ts'
import { pathsOf } from './paths.ts'
import { addAgents, addWorkspace } from './workspace.ts'

const NARROW = { width: 320, height: 640 }
/** What an upright sheet of A4 leaves of 96 pixels an inch between margins of 1 cm. */
const A4 = { width: 718, height: 1000 }

test('at 320 px the first person is in the upper half of the window, whatever is filtered by', async ({ page, request }) => {
  const { to } = await peopled(page, request)
  await page.setViewportSize(NARROW)
  await page.goto(to.users())
  expect((await boxOf(page.locator('tbody tr').first())).y).toBeLessThan(NARROW.height * 0.36)
  expect(await page.locator('.table-wrap').evaluateAll(cut)).toEqual([])

  await page.goto(to.users({ status: 'disabled', role: 'user' }))
  expect((await boxOf(page.getByLabel('Search name or address'))).width).toBeGreaterThan(140)
})

test('at 320 px exports, reviews and the order are one press away', async ({ page, request }) => {
  const { to } = await peopled(page, request)
  await page.setViewportSize(NARROW)
  await page.goto(to.users())
  await page.getByRole('button', { name: 'Export or review access' }).click()
  await expect(page.getByRole('link', { name: 'Review access' })).toBeVisible()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByRole('button', { name: 'JSON Lines' })).toBeInViewport({ ratio: 1 })

  await page.goto(to.users())
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('navigation', { name: 'Sort by' }).getByRole('link', { name: 'Invited' }).click()
  await expect(page).toHaveURL(to.users({ order: 'invited', dir: 'desc' }))
})

test('an agent with a long description shows two lines of it beside one with many tags', async ({ page, request }) => {
  const { to, workspace } = await peopled(page, request)
  const long = 'Reads contracts and says in a few sentences what a lawyer should look at first. '.repeat(4)
  const tags = JSON.stringify(['suppliers-and-their-contracts', 'procurement-department', 'legal'])
  await sql(
    request,
    `UPDATE agents SET description = ?, tags = iif(name = 'Agent 02', ?, tags) WHERE tenant_id = ?`,
    long,
    tags,
    workspace.id,
  )
  await page.goto(to.agents)
  const lines = (text: Element) => text.clientHeight / Number.parseFloat(getComputedStyle(text).lineHeight)
  for (const text of await page.locator('.agent-card p').all()) expect(await text.evaluate(lines)).toBeCloseTo(2, 0)
})

test('long names of agents lie beside each other in a list to choose from, however many there are', async ({ page, request }) => {
  const { to, workspace } = await peopled(page, request, 30)
  await sql(
    request,
    "UPDATE agents SET name = name || ' for suppliers, their contracts and whatever else' WHERE tenant_id = ?",
    workspace.id,
  )
  await page.goto(to.invite())
  await page.getByRole('radio', { name: 'Selected agents' }).check()
  await expect(page.getByRole('checkbox', { name: 'Agent 30' })).toBeAttached()
  expect(await page.locator('.toggles.listed label').evaluateAll(cut)).toEqual([])
})

test('the circle of a choice is level with its title', async ({ page, request }) => {
  const { to } = await peopled(page, request)
  await page.goto(to.invite())
  const choice = page.locator('.choice').first()
  expect(Math.abs((await middleOf(choice.locator('input'))) - (await middleOf(choice.locator('span'))))).toBeLessThan(1)
})

test('forced colors tell which state of a cell is chosen', async ({ page, request }) => {
  const { to } = await peopled(page, request)
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(to.permissions())
  const cell = page.getByRole('group', { name: 'Traces for Amy One' })
  // Of a colour that is forced, what the stylesheet wanted is still computed.
  const adjusts = (buttons: Element[]) => buttons.map((button) => getComputedStyle(button).forcedColorAdjust)
  expect(await cell.getByRole('button').evaluateAll(adjusts)).toEqual(['none', 'auto', 'auto'])
})

test('forced colors leave the dots of a row', async ({ page, request }) => {
  const { to } = await peopled(page, request)
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(to.users())
  const adjusts = (dots: Element) => getComputedStyle(dots, '::before').forcedColorAdjust
  expect(await page.getByRole('button', { name: 'More for Amy One' }).evaluate(adjusts)).toBe('none')
})

test('on paper each page names its workspace and itself, fits the sheet, cuts no name and shows no button', async ({
  page,
  request,
}) => {
  const { to } = await peopled(page, request)
  await page.setViewportSize(A4)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const pages = {
    Users: to.users(),
    'Permission Matrix': to.permissions(),
    'Agent Access': to.agentAccess(),
    Activity: to.activity,
  }
  for (const [title, path] of Object.entries(pages)) {
    await page.goto(path)
    await expect(page.locator('.topbar').getByText('Umbrella')).toBeVisible()
    await expect(page.locator('.tabs a:visible')).toHaveText([title])
    await expect(page.locator('.button:not(thead *):visible')).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), title).toBeLessThanOrEqual(A4.width)
    expect(await page.locator('.person *').evaluateAll(cut), title).toEqual([])
  }
})

async function peopled(page: Page, request: Parameters<typeof addWorkspace>[0], agents = 12) {
  const workspace = await addWorkspace(request, 'Umbrella')
  await addAgents(request, workspace, agents)
  const people = { amy: 'Amy One', max: 'Maximiliane Featherstonehaugh-Cholmondeley von Guttenberg' }
  for (const [id, name] of Object.entries(people))
    await addMember(request, { tenant: workspace.id, email: `${id}-${crypto.randomUUID()}@example.test`, name })
  await enter(page, workspace.admin)
  return { workspace, to: pathsOf(workspace.id) }
}

/** Runs in the page. */
const cut = (parts: Element[]) =>
  parts
    .filter(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => scrollWidth > clientWidth || scrollHeight > clientHeight)
    .filter(({ clientWidth }) => clientWidth > 0)
    .map(({ textContent }) => textContent)

async function boxOf(shown: Locator) {
  const box = await shown.boundingBox()
  if (!box) throw new Error('it is not shown')
  return box
}

const middleOf = async (shown: Locator) => {
  const { y, height } = await boxOf(shown)
  return y + height / 2
}
