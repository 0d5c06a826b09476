import type { Locator } from '@playwright/test'
import { expect, fillSignIn, invite, PASS_PHRASE, rowOf, signedIn, signIn, test, uniqueAddress } from './app.ts'
import { addMember, coolDown } from './database.ts'
import { linkTo } from './mail.ts'
import { addWorkspace } from './workspace.ts'

test('a role changes from the row, disabling ends the session, and the activity tells all of it', async ({
  admin,
  visitor,
  request,
  scripted,
}) => {
  const address = uniqueAddress('hugo')
  await addMember(request, { tenant: 'acme', email: address, name: 'Hugo Brandt' })
  const hugo = await visitor(await signedIn(request, address))
  await hugo.goto('/agents')

  const row = await rowOf(admin, address)
  await choose(row, 'Make Tenant Admin')
  await expect(admin.getByRole('status')).toContainText('The role is changed.')
  await expect(row).toContainText('Tenant Admin')
  await admin.getByRole('button', { name: 'Undo' }).click()
  await expect(row).toContainText('Tenant User')

  await choose(row, 'Disable')
  const disabling = admin.getByRole('dialog', { name: 'Disable this person?' })
  await expect(disabling).toContainText('Hugo Brandt is signed out here at once and cannot sign in again.')
  await disabling.getByRole('button', { name: 'Cancel' }).click()
  await expect(disabling).toBeHidden()
  await expect(row).toContainText('Active')
  await choose(row, 'Disable')
  await disabling.getByRole('button', { name: 'Disable' }).click()
  await expect(row).toContainText('Disabled')
  await hugo.getByRole('link', { name: 'Traces' }).click()
  await expect(hugo).toHaveURL(/^[^?]+\/login\?next=/)
  await row.getByRole('button', { name: /^Enable/ }).click()
  await expect(admin.getByRole('status')).toContainText('The person can sign in again.')
  await fillSignIn(hugo, address, PASS_PHRASE)
  await expect(hugo).toHaveURL('/sections/traces')

  await admin.getByRole('link', { name: 'Activity', exact: true }).click()
  await admin.getByRole('cell', { name: address }).first().getByRole('link').click()
  const entries = admin.getByRole('main').getByRole('row')
  await expect(entries.nth(1)).toContainText('Signed in')
  await admin.getByLabel('Kind').selectOption('Role changed')
  if (!scripted) await admin.getByRole('button', { name: 'Show' }).click()
  await expect(admin).toHaveURL(/person=.+&kind=role_changed$/)
  await expect(entries).toHaveCount(3)
  await expect(entries.nth(1)).toContainText('Role: Tenant Admin → Tenant User')
  await expect(entries.nth(2)).toContainText('Role: Tenant User → Tenant Admin')
  await expect(entries.nth(2)).toContainText(`${address}Ada Admin`)

  await choose(await rowOf(admin, address), 'Delete')
  const deleting = admin.getByRole('dialog', { name: 'Delete this person?' })
  await deleting.getByRole('button', { name: 'Delete' }).click()
  await expect(admin.getByRole('status')).toContainText('The person no longer belongs to this workspace.')
  await expect(row).toHaveCount(0)
  await hugo.reload()
  await expect(hugo).toHaveURL(/\/login/)
})

test('the last admin is neither demoted nor disabled, and reads what to do first', async ({ page, request }) => {
  const { admin: address } = await addWorkspace(request, 'Initech')
  await signIn(page, address)
  await choose(await rowOf(page, address), 'Make Tenant User')
  await expect(page.getByText(/The last admin keeps the role/)).toBeVisible()
  await expect(page.getByText(/Make somebody else a Tenant Admin first; pending and disabled ones do not count\./)).toBeVisible()

  const row = await rowOf(page, address)
  await choose(row, 'Disable')
  await page.getByRole('dialog', { name: 'Disable this person?' }).getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByText(/The last admin cannot be disabled/)).toBeVisible()
  await expect(await rowOf(page, address)).toContainText(/Tenant Admin.*Active/s)
})

test('a mistyped address is fixed from the page of the member, and the link in the earlier mail stops working', async ({
  admin,
  page,
  request,
}) => {
  const [wrong, right] = [uniqueAddress('lena'), uniqueAddress('lena')]
  await invite(admin, wrong)
  const older = await linkTo(request, wrong)
  await coolDown(request, wrong)
  await (await rowOf(admin, wrong)).getByRole('link', { name: wrong }).click()

  const field = admin.getByLabel('Email address')
  await field.fill('lena at example')
  await admin.getByRole('button', { name: 'Fix and resend' }).click()
  await expect(field).toHaveAccessibleDescription(/^That does not look like an email address\./)
  await expect(field).toHaveValue('lena at example')
  await field.fill(right)
  await admin.getByRole('button', { name: 'Fix and resend' }).click()
  await expect(admin.getByRole('status')).toContainText('Invitation sent again. The older link no longer works.')
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText(right)
  await expect(admin.getByRole('listitem').filter({ hasText: 'Replaced by a newer one' })).toBeVisible()

  expect((await page.goto(older))?.status()).toBe(410)
  await page.goto(await linkTo(request, right))
  await expect(page.getByRole('button', { name: 'Set my password' })).toBeVisible()
})

/** One entry of the menu behind the dots of a row. */
async function choose(row: Locator, entry: string) {
  await row.getByRole('button', { name: /^More for/ }).click()
  await row.getByRole('button', { name: entry }).click()
}
