import { enter, expect, fillInvitation, fillSignIn, invite, NEW_PASSWORD, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { addMember, addMembership } from './database.ts'
import { linkTo } from './mail.ts'
import { ACME, PATHS, pathsOf } from './paths.ts'
import { addWorkspace } from './workspace.ts'

test('a form of one workspace acts there, whatever another tab does in another one meanwhile', async ({ page, request }) => {
  const other = await addWorkspace(request, 'Soylent')
  const address = uniqueAddress('ines')
  await addMember(request, { tenant: 'acme', email: address, name: 'Ines Prado', role: 'admin' })
  await addMembership(request, { tenant: other.id, email: address, role: 'admin' })
  await enter(page, address)
  const [toAcme, toOther] = [uniqueAddress('jude'), uniqueAddress('kira')]
  await page.goto(ACME.invite())
  await page.getByLabel('Email address').fill(toAcme)

  const tab = await page.context().newPage()
  await tab.goto(pathsOf(other.id).agents)
  await fillInvitation(tab, toOther, other.id)
  await page.getByRole('button', { name: 'Send Invite' }).click()
  await expect(page).toHaveURL(ACME.users())
  await expect(page.getByRole('status')).toContainText(`Invitation sent to ${toAcme}.`)
  await expect(await rowOf(page, toAcme)).toContainText('Invite Pending')
  await expect(await rowOf(page, toOther)).toHaveCount(0)
  await expect(await rowOf(tab, toOther, other.id)).toContainText('Invite Pending')

  // What a page asks for on its own stays in its workspace, too.
  await page.goto(ACME.permissions({ q: address }))
  await tab.getByRole('link', { name: 'Agents', exact: true }).click()
  await page.getByRole('searchbox').fill(toAcme)
  await expect(page.getByRole('rowheader').filter({ hasText: toAcme })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Workspace', exact: true })).toContainText('Acme')
})

test('two links open in one browser are each accepted on their own page', async ({ admin, page, request, outside, ada }) => {
  const [first, second] = [uniqueAddress('lars'), uniqueAddress('maud')]
  for (const address of [first, second]) await invite(outside, ada, address)
  const tab = await page.context().newPage()
  await page.goto(await linkTo(request, first))
  await tab.goto(await linkTo(request, second))

  await page.getByLabel('Your name').fill('Lars Holm')
  await setPassword(page)
  await expect(page.getByLabel('Email address')).toHaveValue(first)
  await tab.getByLabel('Your name').fill('Maud Ferri')
  await setPassword(tab)
  await expect(tab.getByLabel('Email address')).toHaveValue(second)
  await expect(await rowOf(admin, first)).toContainText(/Lars Holm.*Active/s)
  await expect(await rowOf(admin, second)).toContainText(/Maud Ferri.*Active/s)

  await fillSignIn(page, first, NEW_PASSWORD)
  await expect(page).toHaveURL(ACME.agents)
  await expect(page.getByRole('link', { name: 'Lars Holm' })).toBeVisible()
})

test('a page whose link the browser has forgotten still sends what was typed', async ({ page, newcomer }) => {
  const { address, link } = await newcomer('nils')
  await page.goto(link)
  await page.getByLabel('Your name').fill('Nils Vang')
  await page.context().clearCookies()
  await setPassword(page, 'password password')
  await expect(page.getByLabel('Your name')).toHaveValue('Nils Vang')
  await setPassword(page)
  await expect(page).toHaveURL(PATHS.loginFrom)
  await expect(page.getByLabel('Email address')).toHaveValue(address)
})
