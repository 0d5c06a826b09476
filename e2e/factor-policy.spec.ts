import type { Page } from '@playwright/test'
import { expect, test, uniqueAddress } from './app.ts'
import { addMember } from './database.ts'
import { givePassword } from './factor-link-stage.ts'
import { linkTo } from './mail.ts'
import { pathsOf } from './paths.ts'
import { scannedApp } from './scanned-app.ts'
import { signedIn } from './session.ts'
import { addWorkspace } from './workspace.ts'

async function setUpApp(page: Page) {
  await page.getByLabel('Code that the app shows').fill((await scannedApp(page)).generate())
  await page.getByRole('button', { name: 'Set up app' }).click()
  await page.getByRole('link', { name: 'I have saved them' }).click()
}

test('a workspace asks everyone for a second factor: first with days left, then at the door, until it is set up', async ({
  visitor,
  request,
}) => {
  const workspace = await addWorkspace(request, 'Northwind')
  const [to, email] = [pathsOf(workspace.id), uniqueAddress('otto')]
  await addMember(request, { tenant: workspace.id, email, name: 'Otto Brandt' })
  const mira = await visitor(await signedIn(request, workspace.admin))
  const otto = await visitor(await signedIn(request, email))
  const panel = mira.locator('#second-factor')
  const save = () => panel.getByRole('button', { name: 'Save second factor settings' }).click()

  await mira.goto(to.settings)
  await panel.getByText('Everyone', { exact: true }).click()
  await expect(panel).toContainText('2 of 2 people have none. We email them, and they need one to open Northwind from')
  await expect(panel).toContainText('You have none yourself.')
  await save()
  await expect(mira.getByRole('status')).toContainText('Second factor settings saved.')

  await otto.goto(to.agents)
  await expect(otto.getByRole('main')).toContainText(/From \d+ \w+( \d+)?, you need a second factor to open Northwind\./)
  await otto.getByRole('link', { name: 'Set one up' }).click()
  await otto.getByRole('link', { name: 'Not now' }).click()
  await expect(otto).toHaveURL(to.agents)

  await mira.goto(to.users())
  await mira.getByText('No second factor 2').click()
  await expect(mira.getByRole('row', { name: /Otto Brandt/ })).toContainText('No second factor')

  await mira.goto(to.settings)
  await panel.getByLabel('Days to set one up').fill('0')
  await expect(panel).toContainText('You have none yourself: once this is saved, you need one')
  await save()
  await expect(mira.getByRole('heading', { level: 1 })).toHaveText('Set up a second factor')

  await otto.reload()
  await expect(otto.getByRole('main')).toContainText('You need a second factor to open Northwind.')
  await otto.getByRole('button', { name: 'Email me a link' }).click()
  await expect(otto.getByRole('heading', { level: 1 })).toHaveText('Check your email')
  await otto.goto(await linkTo(request, email))
  await givePassword(otto)
  await setUpApp(otto)
  await otto.goto(to.agents)
  await expect(otto).toHaveURL(to.agents)
  await expect(otto.getByRole('main')).not.toContainText('second factor')
})
