import { expect, invite, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { coolDown, turnInvitation } from './database.ts'
import { linkTo } from './mail.ts'

test('a resent link works, the older one says so and mails the newest, never twice within a minute', async ({
  admin,
  page,
  request,
}) => {
  const address = uniqueAddress('sven')
  await invite(admin, address)
  const older = await linkTo(request, address)
  const resend = (await rowOf(admin, address)).getByRole('button', { name: 'Resend' })
  const refused = admin.waitForResponse((response) => response.url().endsWith('/resend'))
  await resend.click()
  expect((await refused).status()).toBe(429)
  await expect(admin.getByText(/A mail just went out.*You can try again in (1 minute|2 minutes)/s)).toBeVisible()

  await coolDown(request, address)
  await (await rowOf(admin, address)).getByRole('button', { name: 'Resend' }).click()
  await expect(admin.getByRole('status')).toContainText('Invitation sent again. The older link no longer works.')
  const newer = await linkTo(request, address, 2)

  await page.goto(older)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A newer link was mailed')
  await page.getByRole('button', { name: 'Mail me the newest link' }).click()
  await expect(page.getByRole('alert')).toContainText(/You can ask again in/i)
  await coolDown(request, address)
  await page.getByRole('button', { name: 'Mail me the newest link' }).click()
  await expect(page.getByRole('status')).toContainText('A fresh link is on its way to you.')

  await page.goto(newer)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A newer link was mailed')
  await page.goto(await linkTo(request, address, 3))
  await expect(page.getByRole('button', { name: 'Set my password' })).toBeVisible()
})

test('cancelling asks first, kills the link, and lets the address be invited again', async ({ admin, page, request }) => {
  const address = uniqueAddress('tara')
  await invite(admin, address)
  const row = await rowOf(admin, address)
  await row.getByRole('button', { name: `More for ${address}` }).click()
  await row.getByRole('button', { name: 'Cancel invitation' }).click()
  const dialog = admin.getByRole('dialog', { name: 'Cancel this invitation?' })
  await expect(dialog).toContainText(`The link in the mail to ${address} stops working at once.`)
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect(dialog).toBeHidden()
  await expect(row).toContainText('Invite Pending')

  await row.getByRole('button', { name: `More for ${address}` }).click()
  await row.getByRole('button', { name: 'Cancel invitation' }).click()
  await dialog.getByRole('button', { name: 'Cancel invitation' }).click()
  await expect(admin.getByRole('status')).toContainText('Invitation cancelled.')
  await expect(row).toHaveCount(0)

  await page.goto(await linkTo(request, address))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation was withdrawn')
  await invite(admin, address)
  await page.goto(await linkTo(request, address, 2))
  await expect(page.getByRole('button', { name: 'Set my password' })).toBeVisible()
})

test('declining asks first, removes the person, and lets the address be invited again', async ({ admin, page, request }) => {
  const address = uniqueAddress('umar')
  await invite(admin, address)
  await page.goto(await linkTo(request, address))
  await page.getByRole('button', { name: 'Decline the invitation' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Decline', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You declined this invitation')
  await expect(await rowOf(admin, address)).toHaveCount(0)

  await invite(admin, address)
  await page.goto(await linkTo(request, address, 2))
  await expect(page.getByRole('button', { name: 'Set my password' })).toBeVisible()
})

test('a lapsed link mails a fresh one, and that works once', async ({ admin, page, request }) => {
  const address = uniqueAddress('vera')
  await invite(admin, address)
  const lapsed = await linkTo(request, address)
  await turnInvitation(request, address, 'expired')
  await coolDown(request, address)
  await expect(await rowOf(admin, address)).toContainText('Invite Expired')

  await page.goto(lapsed)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation has lapsed')
  await page.getByRole('button', { name: 'Mail me a fresh link' }).click()
  await expect(page.getByRole('status')).toContainText('A fresh link is on its way to you.')

  const fresh = await linkTo(request, address, 2)
  await page.goto(fresh)
  await setPassword(page)
  await expect(page).toHaveURL('/login')
  await page.goto(fresh)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This invitation was accepted already')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expect(page).toHaveURL('/login')
})

test('a link that nobody here has signed gets one neutral page', async ({ page }) => {
  for (const path of ['/invitation?token=eyJhbGciOiJub25lIn0.e30.', '/invitation', '/reset-password?token=nonsense']) {
    const response = await page.goto(path)
    expect(response?.status()).toBe(410)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link cannot be used')
  }
})
