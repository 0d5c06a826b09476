import { BOTH, expect, fillSignIn, PASS_PHRASE, test } from './app.ts'
import { sql } from './database.ts'
import { givePassword, lostFactor } from './factor-link-stage.ts'
import { linkTo, mailTo } from './mail.ts'
import { deviceOf } from './passkey-device.ts'
import { ACME, PATHS } from './paths.ts'
import { scannedApp } from './scanned-app.ts'
import { APP, withFactors } from './second-step-stage.ts'
import { signedIn } from './session.ts'

test(
  'somebody lost their second factor: an admin has a link emailed, and after the password a new one takes its place',
  BOTH,
  async ({ page, admin, visitor, request }) => {
    const email = await withFactors(request, APP)
    const [[member] = []] = await sql(request, 'SELECT id FROM members WHERE email_key = ?', email)
    const elsewhere = await visitor(await signedIn(request, email))
    await page.goto(PATHS.login)
    await fillSignIn(page, email, PASS_PHRASE)
    await page.getByRole('link', { name: 'Lost your second factor?' }).click()
    await expect(page.getByRole('main')).toContainText('Ask an admin of your workspace')

    await admin.goto(ACME.member(`${member}`))
    await admin.getByRole('button', { name: /^More for/ }).click()
    await admin.getByRole('button', { name: 'Reset second factor' }).click()
    await admin.getByRole('dialog').getByRole('button', { name: 'Email them' }).click()
    await expect(admin.getByRole('status')).toContainText('We emailed Yara Haddad.')

    await page.goto(await linkTo(request, email))
    await givePassword(page)
    await page.getByLabel('Code that the app shows').fill((await scannedApp(page)).generate())
    await page.getByRole('button', { name: 'Set up app' }).click()
    await expect(page.getByRole('heading', { name: 'Save your recovery codes' })).toBeVisible()
    await page.getByRole('link', { name: 'I have saved them' }).click()
    await expect(page).toHaveURL(ACME.agents)

    await elsewhere.goto(ACME.agents)
    await expect(elsewhere).toHaveURL(PATHS.loginEnded(ACME.agents))
    expect((await mailTo(request, email, 2)).subject).toBe('Your second factor was reset')
    await page.goto(await linkTo(request, email))
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link has already been used')
  },
)

test('somebody who lost their app makes a passkey by the emailed link, and signs in with it', async ({
  ada,
  outside,
  request,
  visitor,
}) => {
  const { email, url } = await lostFactor(outside, ada)
  const page = await visitor()
  const { cdp, id: authenticatorId } = await deviceOf(page)
  await page.goto(url)
  await givePassword(page)
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(page.getByRole('alert')).toHaveText('No passkey was created. Try again when you are ready.')
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await page.getByRole('button', { name: 'Create a passkey' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Save your recovery codes')
  await page.getByRole('link', { name: 'I have saved them' }).click()
  await expect(page).toHaveURL(ACME.agents)
  expect((await mailTo(request, email, 2)).subject).toBe('Your second factor was reset')

  await page.goto(PATHS.account)
  await expect(page.locator('#passkeys .mailbox > li')).toHaveCount(1)
  await expect(page.getByRole('link', { name: 'Set up an authenticator app' })).toBeVisible()
  // The sign-in page offers the passkey, and this device takes the offer.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(ACME.agents)
})
