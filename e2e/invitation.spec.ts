import {
  BOTH,
  enter,
  expect,
  fillSignIn,
  invite,
  NEW_PASSWORD,
  PASS_PHRASE,
  rowOf,
  setPassword,
  signIn,
  test,
  uniqueAddress,
} from './app.ts'
import { addMember } from './database.ts'
import { linkTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'

test(
  'an invited person sets a password, signs in and lands on Agents, and the admin sees them Active',
  BOTH,
  async ({ page, visitor, request }) => {
    const address = uniqueAddress('nell')
    const admin = await visitor()
    await signIn(admin, 'ada@acme.test')
    await expect(admin.getByRole('heading', { level: 1, name: 'Agents' })).toBeVisible()
    await admin.getByRole('link', { name: 'Access Management' }).click()
    await admin.getByRole('link', { name: 'Invite User' }).click()
    await admin.getByLabel('Email address').fill(address)
    await admin.getByLabel('Note (optional)').fill('See you on Monday.')
    await admin.getByRole('button', { name: 'Send Invite' }).click()
    await expect(admin.getByRole('status')).toContainText(`Invitation sent to ${address}.`)
    await expect(await rowOf(admin, address)).toContainText('Invite Pending')

    await page.goto(await linkTo(request, address))
    await expect(page).toHaveURL(PATHS.invitationPage)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Join Acme')
    await expect(page.getByRole('main')).toContainText('See you on Monday.')
    await expect(page.getByRole('main')).toContainText('Tenant User')
    await page.getByLabel('Your name').fill('Nell Oduya')
    await setPassword(page)

    await expect(page).toHaveURL(PATHS.loginFrom)
    await expect(page.getByRole('main')).toContainText('Your password is set.')
    await expect(page.getByLabel('Email address')).toHaveValue(address)
    await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page).toHaveURL(ACME.agents)
    await expect(page.getByRole('heading', { name: 'Support Triage' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Access Management' })).toHaveCount(0)

    const row = await rowOf(admin, address)
    await expect(row).toContainText('Nell Oduya')
    await expect(row).toContainText('Active')
  },
)

test('a name that is pasted with an address has a field of its own, and is what the person is called until they join', async ({
  admin,
  page,
  request,
}) => {
  const address = uniqueAddress('nora')
  await admin.goto(ACME.invite())
  await admin.getByLabel('Email address').fill(`Nora New <${address}>`)
  await admin.getByLabel('Email address').press('Tab')
  await expect(admin.getByLabel('Email address')).toHaveValue(address)
  await expect(admin.getByLabel('Name (optional)')).toHaveValue('Nora New')
  await expect(admin.getByLabel('Name (optional)')).toBeFocused()
  await expect(admin.getByRole('complementary', { name: 'What Nora New sees' })).toBeVisible()
  await admin.getByRole('button', { name: 'Send Invite' }).click()
  await expect(await rowOf(admin, address)).toContainText('Nora New')

  await page.goto(await linkTo(request, address))
  await expect(page.getByLabel('Your name')).toHaveValue('Nora New')
})

test('opening a link, however often and by whatever, changes nothing', async ({ admin, page, request, newcomer }) => {
  const { address, link } = await newcomer('olga')

  await request.head(link)
  await request.get(link, { headers: { 'Sec-Purpose': 'prefetch' } })
  for (const _ of ['first', 'second']) {
    await page.goto(link)
    await expect(page).toHaveURL(PATHS.invitationPage)
    await expect(page.getByRole('button', { name: 'Set My Password' })).toBeVisible()
  }
  await expect(await rowOf(admin, address)).toContainText('Invite Pending')
})

test('the timeline tells of a person who uses the form, and not of a script that pretends to', async ({
  admin,
  page,
  newcomer,
}) => {
  const { address, link } = await newcomer('omar')
  await page.goto(link)
  const form = page.locator('[data-opened]')
  for (const input of ['keydown', 'pointerdown', 'click']) await form.dispatchEvent(input, { bubbles: true })
  await (await rowOf(admin, address)).getByRole('link', { name: address }).click()
  const told = admin.getByText('Form used in a browser')
  await expect(admin.getByText('Invitation queued')).toBeVisible()
  await expect(told).toHaveCount(0)

  const opened = page.waitForResponse(PATHS.invitationOpened)
  await page.getByLabel('Your name').fill('Omar')
  await page.getByLabel('Password', { exact: true }).press('Tab')
  await opened
  await admin.reload()
  await expect(told).toHaveCount(1)
})

test('a refused password keeps the draft and says why', BOTH, async ({ page, newcomer }) => {
  const { link } = await newcomer('paul', { role: 'admin' })
  await page.goto(link)
  await page.getByLabel('Your name').fill('Paul Ngata')
  await setPassword(page, 'again again again again')

  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/Avoid repeated characters/)
  await expect(page.getByLabel('Your name')).toHaveValue('Paul Ngata')
  await setPassword(page)
  await expect(page).toHaveURL(PATHS.loginFrom)
})

test('somebody with an account elsewhere signs in with it and joins with one button', async ({ page, request, outside, ada }) => {
  const address = uniqueAddress('quinn')
  await addMember(request, { tenant: 'globex', email: address, name: 'Quinn Moreau' })
  await invite(outside, ada, address)

  await page.goto(await linkTo(request, address))
  await page.getByRole('link', { name: 'Sign in to join' }).click()
  await fillSignIn(page, address, PASS_PHRASE)
  await page.getByRole('button', { name: 'Join Acme' }).click()

  await expect(page).toHaveURL(ACME.agents)
  await expect(page.getByRole('heading', { name: 'Support Triage' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Acme (switch workspace)' })).toBeVisible()
})

test('signed in as somebody else, the page shows both addresses and offers to sign out and go on', async ({
  page: bob,
  newcomer,
}) => {
  const { address, link } = await newcomer('rosa')
  await enter(bob, 'bob@acme.test')

  await bob.goto(link)
  await expect(bob.getByRole('main')).toContainText(`This invitation is for ${address}. You are signed in as bob@acme.test.`)
  await bob.getByRole('button', { name: `Sign out and continue as ${address}` }).click()
  await expect(bob).toHaveURL(PATHS.invitationPage)
  await expect(bob.getByRole('button', { name: 'Set My Password' })).toBeVisible()
})
