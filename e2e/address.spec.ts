import { expect, NEW_PASSWORD, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { linkTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'

for (const name of ['jürgen', 'o’brien'])
  test(`${name}@... is invited, sets a password and signs in, and the browser refuses none of the forms`, async ({
    admin,
    page,
    request,
  }) => {
    const address = uniqueAddress(name)
    await admin.goto(ACME.users())
    await admin.getByRole('link', { name: 'Invite User' }).click()
    await admin.getByLabel('Email address').fill(address)
    await admin.getByRole('button', { name: 'Send Invite' }).click()
    if (name === 'o’brien') {
      await expect(admin.getByRole('button', { name: `Use ${address.replace('’', "'")}` })).toBeVisible()
      await admin.getByRole('button', { name: 'Send Invite' }).click()
    }
    await expect(admin.getByRole('status')).toContainText(`Invitation sent to ${address}.`)

    await page.goto(await linkTo(request, address))
    await setPassword(page)
    await page.goto(PATHS.login)
    await page.getByLabel('Email address').fill(address)
    await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expect(page).toHaveURL(ACME.agents)
    await expect(await rowOf(admin, address)).toContainText('Active')

    await page.goto(PATHS.forgotPassword)
    await page.getByLabel('Email address').fill(address)
    await page.getByRole('button', { name: 'Email me a link' }).click()
    if (name === 'o’brien') await page.getByRole('button', { name: 'Email me a link' }).click()
    await expect(page.getByRole('heading', { name: 'Check your email' })).toBeVisible()
  })
