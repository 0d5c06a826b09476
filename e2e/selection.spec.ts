import { expectAccessible, expectAccessibleLooks } from './accessible.ts'
import { BOTH, enter, expect, test } from './app.ts'
import { sql } from './database.ts'
import { pathsOf } from './paths.ts'
import { addWorkspace } from './workspace.ts'

/** Its admin, thirty people who are active, and a preset. */
async function thirty(request: Parameters<typeof sql>[0]) {
  const workspace = await addWorkspace(request, 'Thirty')
  const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)'
  await sql(
    request,
    `INSERT INTO users (id, email, email_key, name, created_at)
     ${numbers} SELECT printf('u-%s-%02d', ?1, i), printf('p%02d@%s.test', i, ?1), printf('p%02d@%s.test', i, ?1), printf('Person %02d', i), 1 FROM n`,
    workspace.id,
  )
  await sql(
    request,
    `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at)
     SELECT 'm-' || id, ?1, id, email, email_key, 'user', 'active', 'all', 1, 1 FROM users WHERE id GLOB 'u-' || ?1 || '-*'`,
    workspace.id,
  )
  await sql(
    request,
    `INSERT INTO presets (id, tenant_id, name, name_key, agent_mode, created_at) VALUES ('preset-' || ?1, ?1, 'Support team', 'support team', 'all', 1)`,
    workspace.id,
  )
  await sql(
    request,
    `INSERT INTO preset_sections (tenant_id, preset_id, section, access) VALUES (?1, 'preset-' || ?1, 'traces', 'off')`,
    workspace.id,
  )
  return workspace
}

test('thirty people are given a preset in one go, and it is undone', BOTH, async ({ page, request, scripted }) => {
  const workspace = await thirty(request)
  const to = pathsOf(workspace.id)
  await enter(page, workspace.admin)
  await page.goto(to.users({ role: 'user' }))
  if (scripted) await page.getByRole('checkbox', { name: 'Select everyone on this page' }).check()
  else for (const box of await page.getByRole('checkbox', { name: /^Select Person/ }).all()) await box.check()
  if (scripted) await expect(page.getByRole('form', { name: 'Selected people' })).toContainText('30 selected')
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Give preset' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Give a preset to 30 people?')
  await expectAccessible(page)
  await page.getByRole('combobox', { name: 'Preset' }).selectOption('Support team')
  await page.getByRole('button', { name: 'Give a preset to 30 people' }).click()
  await expect(page).toHaveURL(to.users({ role: 'user' }))
  await expect(page.getByRole('status').last()).toContainText('30 people have the preset.')

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('status').last()).toContainText('The change to 30 people was undone.')
  await page.goto(to.users({ q: 'person 07' }))
  await page.getByRole('link', { name: 'Person 07' }).click()
  await expect(page.getByRole('main')).toContainText('None')
})

test('all that match are changed, and whoever stays is named with the reason', BOTH, async ({ page, request }) => {
  const workspace = await thirty(request)
  await enter(page, workspace.admin)
  await page.setViewportSize({ width: 320, height: 700 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(`/w/${workspace.id}/access/changes/make_user?all=on&list=`)
  await expect(page.getByRole('main')).toContainText('No one can be changed')
  await page.goto(`/w/${workspace.id}/access/changes/disable?all=on&list=status%3Dactive`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Disable 30 people?')
  await expect(page.getByRole('main')).toContainText('Mira Solberg the last Tenant Admin')
  await expectAccessibleLooks(page)
  await page.getByRole('button', { name: 'Disable 30 people' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('30 people are disabled and signed out of this workspace.')
  await expect(page.getByRole('main')).toContainText('1 person stays as they are')
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('status').last()).toContainText('The change to 30 people was undone.')
})
