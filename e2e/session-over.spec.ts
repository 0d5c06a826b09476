import { enter, expect, fillSignIn, PASS_PHRASE, rowOf, test, uniqueAddress } from './app.ts'
import { addMember, endSessions } from './database.ts'
import { ACME, PATHS } from './paths.ts'

test('an invitation sent after the session is over comes back at sign-in, and is sent by one more press', async ({
  page,
  request,
}) => {
  const [address, invited] = [uniqueAddress('olin'), uniqueAddress('petra')]
  await addMember(request, { tenant: 'acme', email: address, name: 'Olin Vik', role: 'admin' })
  await enter(page, address)
  await page.goto(ACME.invite())
  await page.getByLabel('Email address').fill(invited)
  await page.getByLabel('Note (optional)').fill('Welcome aboard.')
  await endSessions(request, address)
  await page.getByRole('button', { name: 'Send Invite' }).click()
  const reason = 'You were signed out after 30 minutes. Nothing was sent. Sign in to get back what you typed.'
  await expect(page.getByText(reason)).toBeVisible()

  await fillSignIn(page, address, PASS_PHRASE)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Send this now?')
  await expect(page.getByRole('main')).toContainText(invited)
  await expect(page.getByRole('main')).toContainText('Welcome aboard.')
  await page.getByRole('button', { name: 'Send now' }).click()
  await expect(page.getByRole('status')).toContainText(`Invitation sent to ${invited}.`)
  await expect(await rowOf(page, invited)).toContainText('Invite Pending')
})

test('a change in place after the session is over leaves the page alone and says so', async ({ page, request }) => {
  const address = uniqueAddress('rune')
  await addMember(request, { tenant: 'acme', email: address, name: 'Rune Dahl', role: 'admin' })
  await enter(page, address)
  await page.goto(ACME.permissions({ q: 'bob@acme.test' }))
  const cell = page.getByRole('group', { name: 'Traces for Bob Okafor' })
  await endSessions(request, address)
  await cell.getByRole('button', { name: 'Off', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('You were signed out after 30 minutes. Nothing was sent.')
  await expect(cell.getByRole('button', { name: 'Default: on' })).toHaveAttribute('aria-pressed', 'true')

  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Open sign-in in a new tab' }).click()
  const tab = await opened
  await fillSignIn(tab, address, PASS_PHRASE)
  await expect(tab).toHaveURL(ACME.permissions({ q: 'bob@acme.test' }))
  await cell.getByRole('button', { name: 'Off', exact: true }).click()
  await expect(page.getByRole('status')).toContainText('Traces is now off for Bob Okafor.')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('status')).toContainText('was undone.')
})

test('sign-in says why, where a workspace wants a newer one', async ({ admin, page, request }) => {
  const address = uniqueAddress('siri')
  await addMember(request, { tenant: 'acme', email: address, name: 'Siri Moe' })
  await enter(page, address)
  await page.goto(ACME.agents)
  const row = await rowOf(admin, address)
  await row.getByRole('button', { name: /^More for/ }).click()
  await admin.getByRole('button', { name: 'Sign out of this workspace' }).click()
  await admin.getByRole('dialog', { name: 'Sign out Siri Moe?' }).getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(admin.getByRole('status')).toContainText('Siri Moe has to sign in again to enter this workspace.')
  await page.reload()
  await expect(page).toHaveURL(PATHS.loginAgain(ACME.agents))
  await expect(page.getByText('You were signed out of this workspace. Sign in again to open it.')).toBeVisible()
  await fillSignIn(page, address, PASS_PHRASE)
  await expect(page).toHaveURL(ACME.agents)
})
