import type { Locator } from '@playwright/test'
import { enter, expect, fillSignIn, invite, PASS_PHRASE, rowOf, test, uniqueAddress } from './app.ts'
import { addMember, coolDown } from './database.ts'
import { linkTo } from './mail.ts'
import { ACME } from './paths.ts'
import { signedIn } from './session.ts'
import { addWorkspace } from './workspace.ts'

test('a role changes from the row, disabling ends the session, and the activity tells all of it', async ({
  admin,
  visitor,
  request,
}) => {
  const address = uniqueAddress('hugo')
  await addMember(request, { tenant: 'acme', email: address, name: 'Hugo Brandt' })
  const hugo = await visitor(await signedIn(request, address))
  await hugo.goto(ACME.agents)

  const row = await rowOf(admin, address)
  await choose(row, 'Make Tenant Admin')
  await expect(admin.getByRole('status')).toContainText('Hugo Brandt is now a Tenant Admin.')
  await expect(row.getByRole('cell', { name: 'Tenant Admin' })).toBeVisible()
  await admin.getByRole('button', { name: 'Undo' }).click()
  await expect(row.getByRole('cell', { name: 'Tenant User' })).toBeVisible()

  await choose(row, 'Disable')
  const disabling = admin.getByRole('dialog', { name: 'Disable Hugo Brandt?' })
  await expect(disabling).toContainText('They are signed out of this workspace and its apps until you enable them.')
  await disabling.getByRole('button', { name: 'Cancel' }).click()
  await expect(disabling).toBeHidden()
  await expect(row).toContainText('Active')
  await choose(row, 'Disable')
  await disabling.getByRole('button', { name: 'Disable' }).click()
  await expect(row).toContainText('Disabled')
  await hugo.getByRole('link', { name: 'Traces' }).click()
  await expect(hugo.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await row.getByRole('button', { name: /^Enable/ }).click()
  await expect(admin.getByRole('status')).toContainText('Hugo Brandt is enabled and can sign in again.')
  await hugo.goto(ACME.section('traces'))
  await expect(hugo).toHaveURL(/\/login\?next=/)
  await fillSignIn(hugo, address, PASS_PHRASE)
  await expect(hugo).toHaveURL(ACME.section('traces'))

  await admin.getByRole('link', { name: 'Activity', exact: true }).click()
  await admin.getByRole('cell', { name: address }).first().getByRole('link').click()
  const entries = admin.getByRole('main').getByRole('row')
  await expect(entries.nth(1)).toContainText('Signed in')
  await admin.getByLabel('Action').selectOption('Role changed')
  await expect(admin).toHaveURL(/person=.+&kind=role_changed/)
  await expect(entries).toHaveCount(3)
  await expect(entries.nth(1)).toContainText('Role: Tenant Admin → Tenant User')
  await expect(entries.nth(2)).toContainText('Role: Tenant User → Tenant Admin')
  await expect(entries.nth(2)).toContainText(`${address}Ada Admin`)

  await choose(await rowOf(admin, address), 'Delete')
  const deleting = admin.getByRole('dialog', { name: 'Delete Hugo Brandt?' })
  await deleting.getByRole('button', { name: 'Delete' }).click()
  await expect(admin.getByRole('status')).toContainText('Hugo Brandt is deleted from this workspace.')
  await expect(row).toHaveCount(0)
  await hugo.reload()
  await expect(hugo.getByRole('heading', { level: 1 })).toHaveText('Sign in')
})

test('the last admin is neither demoted nor disabled, and reads what to do first', async ({ page, request }) => {
  const { admin: address, id } = await addWorkspace(request, 'Initech')
  await enter(page, address)
  await choose(await rowOf(page, address, id), 'Make Tenant User')
  await page.getByRole('dialog', { name: 'Make yourself a Tenant User?' }).getByRole('button', { name: 'Make me' }).click()
  await expect(page.getByText(/The last admin must stay an admin/)).toBeVisible()
  await expect(page.getByText(/Make someone else a Tenant Admin first\. Pending and disabled people do not count\./)).toBeVisible()

  const row = await rowOf(page, address, id)
  await choose(row, 'Disable')
  await page.getByRole('dialog', { name: 'Disable yourself?' }).getByRole('button', { name: 'Disable me' }).click()
  await expect(page.getByText(/The last admin cannot be disabled/)).toBeVisible()
  await expect(await rowOf(page, address, id)).toContainText(/Tenant Admin.*Active/s)
})

test('a mistyped address is fixed from the page of the member, and the link in the earlier email stops working', async ({
  admin,
  page,
  request,
  outside,
  ada,
}) => {
  const [wrong, right] = [uniqueAddress('lena'), uniqueAddress('lena')]
  await invite(outside, ada, wrong)
  const older = await linkTo(request, wrong)
  await coolDown(request, wrong)
  await (await rowOf(admin, wrong)).getByRole('link', { name: wrong }).click()

  await admin.getByRole('button', { name: /^More for/ }).click()
  await admin.getByRole('link', { name: 'Correct address' }).click()
  const field = admin.getByLabel('Email address')
  await expect(field).toBeFocused()
  await field.fill('lena at example')
  await admin.getByRole('button', { name: 'Correct and resend' }).click()
  await expect(field).toHaveAccessibleDescription(/^That does not look like an email address\./)
  await expect(field).toHaveValue('lena at example')
  await field.fill(right)
  await admin.getByRole('button', { name: 'Correct and resend' }).click()
  await expect(admin.getByRole('status')).toContainText(`Invitation sent to ${right} instead.`)
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(right)
  await expect(admin.getByRole('listitem').filter({ hasText: 'Replaced by a newer one' })).toBeVisible()

  expect((await page.goto(older))?.status()).toBe(410)
  await page.goto(await linkTo(request, right))
  await expect(page.getByRole('button', { name: 'Set My Password' })).toBeVisible()
})

test('agents that are being chosen on a page stay so while a section of the same person is turned off', async ({
  admin,
  request,
}) => {
  const address = uniqueAddress('vera')
  await addMember(request, { tenant: 'acme', email: address, name: 'Vera Lind' })
  await (await rowOf(admin, address)).getByRole('link', { name: 'Vera Lind' }).click()
  await admin.getByText('Change', { exact: true }).click()
  await admin.getByRole('radio', { name: 'Selected agents' }).check()
  const agent = admin.getByRole('checkbox', { name: 'Contract Reader' })
  await agent.uncheck()

  await admin.getByRole('group', { name: 'Traces for Vera Lind' }).getByRole('button', { name: 'Off' }).click()
  await expect(admin.getByRole('status')).toContainText('Vera Lind')
  await expect(agent).toBeVisible()
  await expect(agent).not.toBeChecked()
  await expect(admin.getByRole('radio', { name: 'Selected agents' })).toBeChecked()
})

/** One entry of the menu behind the dots of a row. */
async function choose(row: Locator, entry: string) {
  await row.getByRole('button', { name: /^More for/ }).click()
  await row.page().getByRole('button', { name: entry }).click()
}
