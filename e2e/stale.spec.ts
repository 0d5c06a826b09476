import type { APIRequestContext, Page } from '@playwright/test'
import { expect, invite, rowOf, setPassword, test, uniqueAddress } from './app.ts'
import { addMember } from './database.ts'
import { linkTo } from './mail.ts'
import { pathsOf } from './paths.ts'
import { type SignedIn, signedIn } from './session.ts'
import { addWorkspace, type Workspace } from './workspace.ts'

const OTTO = 'Otto Falk'

type Visitor = (as?: SignedIn) => Promise<Page>

/** Two admins of a workspace that nobody else touches, each in a browser of their own. */
async function twoAdmins(request: APIRequestContext, visitor: Visitor, name: string) {
  const workspace = await addWorkspace(request, name)
  const email = uniqueAddress('otto')
  await addMember(request, { tenant: workspace.id, email, name: OTTO, role: 'admin' })
  const mira = await visitor(await signedIn(request, workspace.admin))
  const otto = await visitor(await signedIn(request, email))
  return { mira, otto, workspace, to: pathsOf(workspace.id) }
}

async function addUser(request: APIRequestContext, { id }: Workspace, name: string) {
  const email = uniqueAddress(name.split(' ')[0]?.toLowerCase() ?? '')
  await addMember(request, { tenant: id, email, name })
  return email
}

test('an invitation that was accepted meanwhile is not cancelled: the page says so, and asks anew', async ({
  visitor,
  page,
  request,
  outside,
}) => {
  const workspace = await addWorkspace(request, 'Tyrell')
  const as = await signedIn(request, workspace.admin)
  const mira = await visitor(as)
  const address = uniqueAddress('tilde')
  await invite(outside, as, address, { workspace: workspace.id })
  // A row far down, seen from which the top of the page is out of sight.
  await mira.setViewportSize({ width: 320, height: 400 })
  const row = await rowOf(mira, address, workspace.id)
  await page.goto(await linkTo(request, address))
  await page.getByLabel('Your name').fill('Tilde Roos')
  await setPassword(page)
  await expect(page.getByRole('main')).toContainText('Your password is set.')

  await row.getByRole('button', { name: `More for ${address}` }).click()
  await mira.getByRole('button', { name: 'Cancel invitation' }).click()
  await mira.getByRole('dialog').getByRole('button', { name: 'Cancel invitation' }).click()
  const sentence = mira.getByText(/^Tilde Roos accepted at \d\d:\d\d UTC\. Delete Tilde Roos instead\?$/)
  await expect(sentence).toBeInViewport()
  await expect(mira.getByRole('dialog')).toBeHidden()
  await expect(row).toContainText(/Tilde Roos.*Active/s)
})

test('somebody who was deleted meanwhile is told of, in place of the page that is gone', async ({ visitor, request }) => {
  const { mira, otto, workspace, to } = await twoAdmins(request, visitor, 'Cyberdyne')
  const address = await addUser(request, workspace, 'Ulla Berg')
  await (await rowOf(mira, address, workspace.id)).getByRole('link', { name: 'Ulla Berg' }).click()
  await expect(mira.getByRole('heading', { level: 1 })).toHaveText('Ulla Berg')
  const row = await rowOf(otto, address, workspace.id)
  await row.getByRole('button', { name: 'More for Ulla Berg' }).click()
  await otto.getByRole('button', { name: 'Delete' }).click()
  await otto.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(otto.getByRole('status')).toContainText('Ulla Berg is deleted from this workspace.')

  await mira.getByRole('button', { name: 'More for Ulla Berg' }).click()
  await mira.getByRole('button', { name: 'Make Tenant Admin' }).click()
  await expect(mira.getByText(/^Otto Falk deleted .+ at \d\d:\d\d UTC\. Nothing was changed\.$/)).toBeVisible()
  await expect(mira).toHaveURL(to.users())
  await expect(mira.getByRole('main')).toBeFocused()
  await expect(mira.getByRole('heading', { level: 1 })).toHaveText('Access Management')
})

test('settings that two admins change at once are merged, and where both changed one, it asks', async ({ visitor, request }) => {
  const { mira, otto, to } = await twoAdmins(request, visitor, 'Weyland')
  const save = async (admin: Page, panel: string) => admin.getByRole('button', { name: `Save ${panel}` }).click()
  for (const admin of [mira, otto]) await admin.goto(to.settings)
  await otto.getByLabel('Traces').fill('https://traces.example.test')
  await save(otto, 'section links')
  await expect(otto.getByRole('status')).toContainText('Section links saved.')
  await mira.getByLabel('Workspace name').fill('Weyland Works')
  await save(mira, 'general settings')
  await expect(mira.getByRole('status')).toContainText('General settings saved.')
  await expect(mira.getByLabel('Traces')).toHaveValue('https://traces.example.test/')

  await otto.getByLabel('Workspace name').fill('Weyland Corp')
  await save(otto, 'general settings')
  await expect(otto.getByText(/^Mira Solberg changed these settings at \d\d:\d\d UTC, after you opened this page\./)).toBeVisible()
  await expect(otto.getByLabel('Workspace name')).toHaveAccessibleDescription(/“Weyland Works” now, and you entered “Weyland Corp”/)
  await save(otto, 'general settings')
  await expect(otto.getByRole('status')).toContainText('General settings saved.')
  await expect(otto.getByRole('navigation', { name: 'Workspace', exact: true })).toContainText('Weyland Corp')
})

test('an undo after somebody else has changed it says who, and changes nothing', async ({ visitor, request }) => {
  const { mira, otto, workspace } = await twoAdmins(request, visitor, 'Oscorp')
  const address = await addUser(request, workspace, 'Vera Lund')
  const [row, theirs] = [await rowOf(mira, address, workspace.id), await rowOf(otto, address, workspace.id)]
  await row.getByRole('button', { name: 'More for Vera Lund' }).click()
  await mira.getByRole('button', { name: 'Make Tenant Admin' }).click()
  await expect(mira.getByRole('status')).toContainText('Vera Lund is now a Tenant Admin.')
  await otto.reload()
  await theirs.getByRole('button', { name: 'More for Vera Lund' }).click()
  await otto.getByRole('button', { name: 'Make Tenant User' }).click()
  await expect(otto.getByRole('status')).toContainText('Vera Lund is now a Tenant User.')

  await mira.getByRole('button', { name: 'Undo' }).click()
  await expect(mira.getByRole('alert')).toContainText('Not undone: Otto Falk changed it since.')
  await expect(row.getByRole('cell', { name: 'Tenant User' })).toBeVisible()
})
