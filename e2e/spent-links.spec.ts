import { BOTH, expect, invite, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { coolDown, holdBack, turnInvitation } from './database.ts'
import { linkTo } from './mail.ts'
import { PATHS, RESEND } from './paths.ts'

test('a resent link works, the older one says so and emails the newest, which goes on working, never twice within a minute', async ({
  admin,
  page,
  request,
  newcomer,
}) => {
  const { address, link: older } = await newcomer('sven')
  const resend = (await rowOf(admin, address)).getByRole('button', { name: 'Resend' })
  await holdBack(request, address)
  const refused = admin.waitForResponse((response) => response.url().endsWith(RESEND))
  await resend.click()
  expect((await refused).status()).toBe(429)
  await expect(admin.getByText(/An email was just sent.*You can try again in \d+ minutes?/s)).toBeVisible()

  await coolDown(request, address)
  await (await rowOf(admin, address)).getByRole('button', { name: 'Resend' }).click()
  await expect(admin.getByRole('status')).toContainText(`Invitation sent again to ${address}. The older link no longer works.`)
  const newer = await linkTo(request, address, 2)

  await page.goto(older)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A newer link was emailed')
  await holdBack(request, address)
  await page.getByRole('button', { name: 'Email me the newest link' }).click()
  await expect(page.getByRole('alert')).toContainText(/You can ask again in/i)
  await coolDown(request, address)
  await page.getByRole('button', { name: 'Email me the newest link' }).click()
  await expect(page.getByRole('status')).toContainText('The link is on its way to you.')

  expect(await linkTo(request, address, 3)).toBe(newer)
  await page.goto(newer)
  await expect(page.getByRole('button', { name: 'Set My Password' })).toBeVisible()
})

test(
  'cancelling asks first, kills the link, and lets the address be invited again',
  BOTH,
  async ({ admin, page, request, outside, ada, scripted }) => {
    const address = uniqueAddress('tara')
    await invite(outside, ada, address)
    const row = await rowOf(admin, address)
    const ask = async () => {
      await row.getByRole('button', { name: `More for ${address}` }).click()
      // Without a script the dots lead to the page of the person.
      if (!scripted) await admin.getByRole('button', { name: `More for ${address}` }).click()
      await admin.getByRole('button', { name: 'Cancel invitation' }).click()
    }
    await ask()
    const dialog = admin.getByRole('dialog', { name: `Cancel the invitation to ${address}?` })
    await expect(dialog).toContainText('The link in the email stops working.')
    await dialog.getByRole('button', { name: 'Keep it' }).click()
    await expect(dialog).toBeHidden()
    await rowOf(admin, address)
    await expect(row).toContainText('Invite Pending')

    await ask()
    await dialog.getByRole('button', { name: 'Cancel invitation' }).click()
    await expect(admin.getByRole('status')).toContainText(`The invitation to ${address} is cancelled.`)
    await expect(row).toHaveCount(0)

    await page.goto(await linkTo(request, address))
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation was withdrawn')
    await invite(outside, ada, address)
    await page.goto(await linkTo(request, address, 2))
    await expect(page.getByRole('button', { name: 'Set My Password' })).toBeVisible()
  },
)

test('declining asks first, removes the person, and lets the address be invited again', async ({
  admin,
  page,
  request,
  outside,
  ada,
  newcomer,
}) => {
  const { address, link } = await newcomer('umar')
  await page.goto(link)
  await page.getByRole('button', { name: 'Decline the invitation' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Decline', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You declined this invitation')
  await expect(await rowOf(admin, address)).toHaveCount(0)

  await invite(outside, ada, address)
  await page.goto(await linkTo(request, address, 2))
  await expect(page.getByRole('button', { name: 'Set My Password' })).toBeVisible()
})

test('an expired link emails a fresh one, and that works once', async ({ admin, page, request, newcomer }) => {
  const { address, link: expired } = await newcomer('vera')
  await turnInvitation(request, address, 'expired')
  await coolDown(request, address)
  await expect(await rowOf(admin, address)).toContainText('Invite Expired')

  await page.goto(expired)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link has expired')
  await page.getByRole('button', { name: 'Email me a fresh link' }).click()
  await expect(page.getByRole('status')).toContainText('The link is on its way to you.')

  const fresh = await linkTo(request, address, 2)
  await page.goto(fresh)
  await setPassword(page)
  await expect(page).toHaveURL(PATHS.loginFrom)
  await page.goto(fresh)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You already accepted this invitation')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(PATHS.login)
})

test('a link that nobody here has signed gets one neutral page', async ({ page }) => {
  for (const path of [
    `${PATHS.invitation}?token=eyJhbGciOiJub25lIn0.e30.`,
    PATHS.invitation,
    `${PATHS.resetPassword}?token=nonsense`,
  ]) {
    const response = await page.goto(path)
    expect(response?.status()).toBe(410)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link cannot be used')
  }
})
