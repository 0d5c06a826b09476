import { enter, expect, test, uniqueAddress } from './app.ts'
import { addMember } from './database.ts'
import { pathsOf } from './paths.ts'
import { addAgents, addWorkspace } from './workspace.ts'

test('of sixty agents one person is given some on a page, found by typing, and a column gives one to everyone', async ({
  page,
  request,
}) => {
  test.slow()
  const workspace = await addWorkspace(request, 'Sixty')
  await addAgents(request, workspace, 60)
  await addMember(request, { tenant: workspace.id, email: uniqueAddress('amy'), name: 'Amy One' })
  await addMember(request, { tenant: workspace.id, email: uniqueAddress('ben'), name: 'Ben Two' })
  await enter(page, workspace.admin)
  await page.goto(pathsOf(workspace.id).agentAccess())
  await expect(page.locator('.matrix')).toHaveJSProperty('scrollLeft', 0)
  const sideways = await page.locator('.matrix').evaluate((box) => box.scrollWidth - box.clientWidth)
  expect(sideways, 'all columns of a page fit').toBe(0)

  await page.getByRole('link', { name: 'Edit agents of Amy One' }).click()
  await page.getByRole('radio', { name: 'Selected agents' }).check()
  await expect(page.getByText('60 of 60 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByRole('searchbox', { name: 'Search agents' }).fill('agent 07')
  await page.getByRole('searchbox', { name: 'Search agents' }).press('Enter')
  await expect(page.getByRole('checkbox')).toHaveCount(1)
  await page.getByRole('checkbox', { name: 'Agent 07' }).check()
  await page.getByRole('searchbox', { name: 'Search agents' }).fill('')
  await page.getByRole('checkbox', { name: 'Agent 09' }).check()
  await expect(page.getByText('2 of 60 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('status')).toContainText('Agent access changed for Amy One.')
  await page.getByRole('link', { name: 'Agent Access' }).click()
  await expect(page.getByRole('link', { name: '2 of 60 agents of Amy One' })).toBeVisible()

  const cell = page.getByRole('button', { name: 'Agent 03 for Amy One' })
  await expect(cell).toHaveAttribute('aria-pressed', 'false')
  await page.getByRole('button', { name: 'Agent 03', exact: true }).click()
  await page.getByRole('button', { name: 'Give to all 2 on this page' }).click()
  await expect(cell).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('status')).toContainText('Agent 03 is now on for 2 people.')
})
