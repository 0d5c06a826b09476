import { expect, invite, PASS_PHRASE, test, uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'
import { linkTo } from './mail.ts'
import { addDevice, deviceOf, takeDevice } from './passkey-device.ts'
import { PATHS } from './paths.ts'
import { signedIn } from './session.ts'

test('a passkey is added and named, signs in with an address and without, and neither unverified nor copied', async ({
  request,
  visitor,
}) => {
  const email = uniqueAddress('yara')
  await addMember(request, { tenant: 'acme', email, name: 'Yara Haddad' })
  const page = await visitor(await signedIn(request, email))
  const { cdp, id: authenticatorId } = await deviceOf(page)
  const signOut = page.getByRole('button', { name: 'Sign out', exact: true })
  const withPasskey = page.getByRole('button', { name: 'Sign in with a passkey' })

  await page.goto(PATHS.account)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Save your recovery codes')
  await page.getByRole('link', { name: 'I have saved them' }).click()
  await expect(page.locator('#passkeys').getByText('Chrome on Windows').first()).toBeVisible()

  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.locator('#passkeys').getByRole('alert')).toHaveText('This device already has a passkey for your account.')
  await page.getByRole('button', { name: 'Rename Chrome on Windows' }).click()
  await page.getByLabel('Name', { exact: true }).last().fill('Laptop')
  await page.getByRole('button', { name: 'Save' }).last().click()
  await expect(page.locator('#passkeys').getByText('Laptop').first()).toBeVisible()

  // Whatever the sign-in page offers of its own accord, the device leaves alone.
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false })
  await signOut.click()
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASS_PHRASE)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Use your passkey, or enter one of your recovery codes.')).toBeVisible()
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true })
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await expect(page).toHaveURL(/\/agents$/)

  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await signOut.click()
  await withPasskey.click()
  await expect(page.getByText('No passkey was used. Try again, or use another way.')).toBeVisible()
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  await withPasskey.click()
  await expect(page).toHaveURL(/\/agents$/)

  // Now it takes the offer, and nobody presses anything.
  const signedOut = page.waitForURL(/\/login/, { waitUntil: 'commit' })
  await signOut.click()
  await signedOut
  await expect(page).toHaveURL(/\/agents$/)

  await sql(
    request,
    "UPDATE credentials SET counter = 1000 WHERE kind = 'passkey' AND user_id = (SELECT id FROM users WHERE email_key = ?)",
    email,
  )
  await signOut.click()
  await expect(page.getByText('there seems to be a copy of it')).toBeVisible()
})

test('of two passkeys on two devices one is removed, and only the other signs in', async ({ request, visitor }) => {
  const email = uniqueAddress('yara')
  await addMember(request, { tenant: 'acme', email, name: 'Yara Haddad' })
  const page = await visitor(await signedIn(request, email))
  const { cdp, id: phone } = await deviceOf(page)
  const rows = page.locator('#passkeys .mailbox > li')

  await page.goto(PATHS.account)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('link', { name: 'I have saved them' }).click()
  await page.getByRole('button', { name: /^Rename/ }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Phone')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  const onPhone = await takeDevice(cdp, phone)
  const laptop = await addDevice(cdp)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(rows).toHaveCount(2)

  await page.getByRole('button', { name: 'Remove Phone' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove passkey' }).click()
  await expect(rows).toHaveCount(1)

  const onLaptop = await takeDevice(cdp, laptop)
  const removed = await addDevice(cdp, onPhone)
  // Chromium offers the passkey to whoever is to sign in, and this device takes the offer.
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('That passkey could not be used.')
  await takeDevice(cdp, removed)
  await addDevice(cdp, onLaptop)
  await page.goto(PATHS.login)
  await expect(page).toHaveURL(/\/agents$/)
})

test('somebody new makes a passkey in the place of a password, and signs in with it', async ({ request, visitor, ada }) => {
  const address = uniqueAddress('nell')
  await invite(request, ada, address)
  const page = await visitor()
  await deviceOf(page)
  await page.goto(await linkTo(request, address))
  await page.getByLabel(/name/i).fill('Nell Aster')
  await page.getByRole('button', { name: 'Create a passkey instead' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Save your recovery codes')
  await page.getByRole('link', { name: 'I have saved them' }).click()
  // The sign-in page offers the passkey, and this device takes the offer.
  await expect(page).toHaveURL(/\/agents$/)
  await page.goto(PATHS.account)
  await expect(page.getByText('You sign in without a password')).toBeVisible()
})
