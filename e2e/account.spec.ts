import { BOTH, enter, expect, fillSignIn, NEW_PASSWORD, PASS_PHRASE, signIn, test, uniqueAddress } from './app.ts'
import { addMember } from './database.ts'
import { mailTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'
import { signedIn } from './session.ts'

test('a person saves a name and ends a session elsewhere', async ({ page, visitor, request }) => {
  const address = uniqueAddress('yara')
  await addMember(request, { tenant: 'acme', email: address, name: 'Yara Before' })
  const elsewhere = await visitor(await signedIn(request, address))
  await enter(page, address)
  await page.goto(PATHS.home)
  await page.getByRole('link', { name: 'Yara Before' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Yara After')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(page.getByRole('status')).toContainText('Your name is saved.')
  await expect(page.getByRole('link', { name: 'Yara After' })).toBeVisible()

  const ends = page.getByRole('button', { name: /^End / })
  await expect(ends).toHaveCount(1)
  await ends.click()
  await expect(page.getByRole('status')).toContainText('That session has ended.')
  await expect(ends).toHaveCount(0)
  await expect(page.getByText('This session')).toBeVisible()
  await elsewhere.goto(ACME.agents)
  await expect(elsewhere).toHaveURL(PATHS.loginEnded(ACME.agents))
})

test('a person changes the password, which an email tells them and every other session learns', async ({
  page,
  visitor,
  request,
}) => {
  const address = uniqueAddress('zoe')
  await addMember(request, { tenant: 'acme', email: address, name: 'Zoe Lind' })
  const elsewhere = await visitor(await signedIn(request, address))
  await enter(page, address)
  await page.goto(PATHS.account)
  await page.getByText('Change your password').click()
  const change = async (current: string) => {
    await page.getByLabel('Current password', { exact: true }).fill(current)
    await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await change('not my pass phrase')
  await expect(page.getByLabel('Current password', { exact: true })).toHaveAccessibleDescription('Incorrect password.')
  await change(PASS_PHRASE)
  await expect(page.getByRole('status')).toContainText('Your password has been changed, and every other session has ended.')

  await elsewhere.goto(PATHS.account)
  await expect(elsewhere).toHaveURL(PATHS.loginEnded(PATHS.account))
  expect((await mailTo(request, address)).subject).toMatch(/password was changed/i)
})

test('signing out ends the session, and a wrong password says what to do', async ({ page, visitor, request }) => {
  const address = uniqueAddress('abel')
  await addMember(request, { tenant: 'acme', email: address, name: 'Abel Cruz' })
  await signIn(page, address)
  const kept = await visitor(await page.context().storageState())
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page.getByRole('status')).toContainText('You are signed out.')
  await kept.goto(PATHS.account)
  await expect(kept).toHaveURL(PATHS.loginEnded(PATHS.account))
  await page.goto(PATHS.account)
  await expect(page).toHaveURL(PATHS.loginBefore(PATHS.account))

  await fillSignIn(page, address, 'not my pass phrase')
  await expect(page.getByRole('alert')).toContainText('Incorrect email or password.')
  await expect(page.getByLabel('Email address')).toHaveValue(address)
  await fillSignIn(page, address, PASS_PHRASE)
  await expect(page).toHaveURL(PATHS.account)
})

test(
  'a sign-in from another browser is emailed, and so is one from a browser that was forgotten',
  BOTH,
  async ({ page, visitor, request }) => {
    const address = uniqueAddress('ines')
    await addMember(request, { tenant: 'acme', email: address, name: 'Ines Roth' })
    await signIn(page, address)
    const other = await visitor()
    await other.setExtraHTTPHeaders({ 'CF-Connecting-IP': '203.0.113.80' })
    await signIn(other, address)
    expect((await mailTo(request, address)).subject).toBe('New sign-in to your account')

    await other.goto(PATHS.account)
    await expect(other.locator('#browsers li')).toHaveCount(2)
    await other
      .locator('#browsers')
      .getByRole('button', { name: /^Forget/ })
      .click()
    await expect(other.getByRole('status')).toContainText('That browser is forgotten.')
    await expect(other.locator('#browsers li')).toHaveCount(1)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await signIn(page, address)
    expect((await mailTo(request, address, 2)).subject).toBe('New sign-in to your account')
  },
)
