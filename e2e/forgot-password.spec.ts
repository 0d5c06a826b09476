import type { Page } from '@playwright/test'
import { expect, fillSignIn, invite, NEW_PASSWORD, setPassword, signedIn, test, uniqueAddress } from './app.ts'
import { addMember, coolDown } from './database.ts'
import { linkTo, mailsTo, mailTo } from './mail.ts'

test('an active person sets a new password by mail: every session ends, a notice follows, the link works once', async ({
  page,
  visitor,
  request,
}) => {
  const address = uniqueAddress('walt')
  await addMember(request, { tenant: 'acme', email: address, name: 'Walt Brandt' })
  const elsewhere = await visitor(await signedIn(request, address))
  await elsewhere.goto('/agents')
  await expect(elsewhere).toHaveURL('/agents')

  await forget(page, address)
  const link = await linkTo(request, address)
  await page.goto(link)
  await expect(page).toHaveURL('/reset-password')
  await setPassword(page, 'too short')
  await expect(page.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(/Use at least 15 characters/)
  await setPassword(page)
  await expect(page.getByRole('status')).toContainText('Your new password is set.')
  await expect(page.getByLabel('Email address')).toHaveValue(address)

  await elsewhere.reload()
  await expect(elsewhere).toHaveURL('/login?next=%2Fagents')
  await fillSignIn(elsewhere, address, NEW_PASSWORD)
  await expect(elsewhere).toHaveURL('/agents')
  expect((await mailTo(request, address, 2)).subject).toMatch(/password was changed/i)
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link was used already')
})

test('a pending person who forgot gets a fresh invitation, and nobody can tell who is known', async ({ admin, page, request }) => {
  const pending = uniqueAddress('xenia')
  const unknown = uniqueAddress('nobody')
  await invite(admin, pending)
  await linkTo(request, pending)
  await coolDown(request, pending)

  const answers = [await forget(page, unknown), await forget(page, 'dov@acme.test'), await forget(page, pending)]
  expect(new Set(answers).size).toBe(1)
  await page.goto(await linkTo(request, pending, 2))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Join Acme')
  expect(await mailsTo(request, unknown)).toEqual([])
  expect(await mailsTo(request, 'dov@acme.test')).toEqual([])
})

/** Asks for a link from the sign-in page on. @returns what the answer says */
async function forget(page: Page, address: string) {
  await page.goto('/login')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('Email address').fill(address)
  await page.getByRole('button', { name: 'Mail me a link' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your mail')
  return page.getByRole('main').innerText()
}
