import { BOTH, expect, NEW_PASSWORD, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { linkTo, mailTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'

const PHONE = { width: 320, height: 640 }

test('somebody with a phone joins by the link in a QR code and lands on Agents', BOTH, async ({ admin, page, request }) => {
  const address = uniqueAddress('joy')
  await admin.goto(ACME.joinLinks)
  await admin.getByRole('link', { name: 'New join link' }).click()
  await admin.getByLabel('Name (optional)').fill('Open day')
  await admin.getByRole('button', { name: 'Create link' }).click()
  await expect(admin.getByRole('img', { name: 'QR code of the link' })).toBeVisible()
  const link = await admin.getByLabel('Link', { exact: true }).inputValue()
  await admin.reload()
  await expect(admin.getByLabel('Link', { exact: true })).toHaveCount(0)

  await page.setViewportSize(PHONE)
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Join Acme')
  await page.getByLabel('Email address').fill(address)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email')

  await page.goto(await linkTo(request, address))
  await page.getByLabel('Your name').fill('Joy Park')
  await setPassword(page)
  await expect(page).toHaveURL(PATHS.loginFrom)
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(ACME.agents)
  // Its stylesheet is another one than that of the pages before.
  await page.waitForLoadState()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
  await expect(await rowOf(admin, address)).toContainText('Active')
})

test('a request is approved in its row, and the person goes on from the email', async ({ admin, page, request }) => {
  const address = uniqueAddress('rae')
  await admin.goto(ACME.newJoinLink)
  await admin.getByRole('radio', { name: /^An admin approves each person/ }).check()
  await admin.getByRole('button', { name: 'Create link' }).click()
  await page.goto(await admin.getByLabel('Link', { exact: true }).inputValue())
  await page.getByLabel('Email address').fill(address)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await page.goto(await linkTo(request, address))
  await page.getByLabel('Your name').fill('Rae Lind')
  await page.getByRole('button', { name: 'Ask to join Acme' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Waiting for approval')

  await admin.goto(ACME.requests)
  await admin
    .getByRole('row')
    .filter({ hasText: address })
    .getByRole('button', { name: /^Approve/ })
    .click()
  await expect(admin.getByRole('status')).toContainText('Rae Lind can now join. We emailed them.')
  expect((await mailTo(request, address, 2)).subject).toContain('approved your request to join Acme')
  await page.goto(await linkTo(request, address, 2))
  await expect(page.getByLabel('Your name')).toHaveValue('Rae Lind')
})
