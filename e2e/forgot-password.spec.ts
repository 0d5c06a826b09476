import type { Page } from '@playwright/test'
import { expect, fillSignIn, invite, NEW_PASSWORD, setPassword, test, uniqueAddress } from './app.ts'
import { addMember, coolDown } from './database.ts'
import { linkTo, mailsTo, mailTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'
import { signedIn } from './session.ts'

test('an active person sets a new password by email: every session ends, a notice follows, the link works once', async ({
  page,
  visitor,
  request,
}) => {
  const address = uniqueAddress('walt')
  await addMember(request, { tenant: 'acme', email: address, name: 'Walt Brandt' })
  const elsewhere = await visitor(await signedIn(request, address))
  await elsewhere.goto(ACME.agents)
  await expect(elsewhere).toHaveURL(ACME.agents)

  await forget(page, address)
  const link = await linkTo(request, address)
  await page.goto(link)
  await expect(page).toHaveURL(PATHS.resetPage)
  await setPassword(page, 'too short')
  await expect(page.getByLabel('New password', { exact: true })).toHaveAccessibleDescription(/Use at least 15 characters/)
  await setPassword(page)
  await expect(page.getByRole('main')).toContainText('Your new password is set.')
  await expect(page.getByLabel('Email address')).toHaveValue(address)

  await elsewhere.reload()
  await expect(elsewhere).toHaveURL(PATHS.loginEnded(ACME.agents))
  await fillSignIn(elsewhere, address, NEW_PASSWORD)
  await expect(elsewhere).toHaveURL(ACME.agents)
  expect((await mailTo(request, address, 2)).subject).toMatch(/password was changed/i)
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link has already been used')
})

test('a pending person who forgot gets the invitation again, a disabled one a reset, and nobody can tell who is known', async ({
  page,
  request,
  outside,
  ada,
}) => {
  const pending = uniqueAddress('xenia')
  const unknown = uniqueAddress('nobody')
  await invite(outside, ada, pending)
  await linkTo(request, pending)
  await coolDown(request, pending)

  const answers = [await forget(page, unknown), await forget(page, 'dov@acme.test'), await forget(page, pending)]
  expect(new Set(answers).size).toBe(1)
  expect(await linkTo(request, pending, 2)).toBe(await linkTo(request, pending))
  await page.goto(await linkTo(request, pending))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Join Acme')
  expect(await mailsTo(request, unknown)).toEqual([])
  expect((await mailTo(request, 'dov@acme.test')).subject).toMatch(/password/i)
})

/** Asks for a link from the sign-in page on. @returns what the answer says */
async function forget(page: Page, address: string) {
  await page.goto(PATHS.login)
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('Email address').fill(address)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your email')
  return page.getByRole('main').innerText()
}
