import { expect, NEW_PASSWORD, PASS_PHRASE, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { addMember, outdateProof } from './database.ts'
import { ACME } from './paths.ts'
import { signedIn } from './session.ts'

test('a link is copied from the row with one press, after confirming who one is, and used by whoever it was handed to', async ({
  newcomer,
  page,
  request,
  visitor,
}) => {
  const { address } = await newcomer('hal')
  const mara = uniqueAddress('mara')
  await addMember(request, { tenant: 'acme', email: mara, name: 'Mara Lund', role: 'admin' })
  const admin = await visitor(await signedIn(request, mara))
  await admin.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await outdateProof(request, mara)
  await (await rowOf(admin, address)).getByRole('button', { name: /^More for/ }).click()
  await admin.getByRole('link', { name: 'Copy link' }).click()
  await expect(admin).toHaveTitle(/Confirm it’s you/)
  await admin.getByLabel('Password', { exact: true }).fill(PASS_PHRASE)
  await admin.getByRole('button', { name: 'Confirm' }).click()
  await admin.getByRole('button', { name: 'Copy link' }).click()
  await admin.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(admin.getByText('Copied.')).toBeVisible()
  const link = await admin.evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(await admin.getByLabel(/^Link for/).inputValue())

  await page.goto(link)
  await setPassword(page)
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(ACME.agents)
  await expect(await rowOf(admin, address)).toContainText('Active')
})
