import { createHash, randomBytes } from 'node:crypto'
import type { APIRequestContext, Page } from '@playwright/test'
import { BOTH, expect, PASS_PHRASE, rowOf, test, uniqueAddress } from './app.ts'
import { addMember, outdateProof, sql } from './database.ts'
import { mailTo } from './mail.ts'
import { deviceOf } from './passkey-device.ts'
import { ACME, PATHS, pathsOf } from './paths.ts'
import { signedIn } from './session.ts'
import { addWorkspace } from './workspace.ts'

async function addAdmin(request: APIRequestContext) {
  const address = uniqueAddress('mara')
  await addMember(request, { tenant: 'acme', email: address, name: 'Mara Lund', role: 'admin' })
  return address
}

const CREDENTIAL = `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
  SELECT ?1 || id, id, ?1, ?2, created_at, created_at FROM users WHERE email_key = ?3`

/** Somebody has an authenticator app that was lost. @returns a recovery code of theirs */
async function hasCodes(request: APIRequestContext, email: string) {
  const code = randomBytes(12).toString('hex').toUpperCase()
  await sql(request, CREDENTIAL, 'totp', 'sealed', email)
  await sql(request, CREDENTIAL, 'recovery', createHash('sha256').update(code).digest('hex'), email)
  return code
}

/** Sends an invitation for a Tenant Admin that took more than ten minutes to fill in. */
async function inviteLate(page: Page, request: APIRequestContext, inviter: string) {
  const invited = uniqueAddress('petra')
  await page.goto(ACME.invite())
  await page.getByLabel('Email address').fill(invited)
  await page.getByLabel('Tenant Admin').check()
  await page.getByLabel('Note (optional)').fill('Welcome aboard.')
  await outdateProof(request, inviter)
  await page.getByRole('button', { name: 'Send Invite' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it’s you')
  await expect(page.getByText('Nothing has been sent yet. It is sent once you confirm.')).toBeVisible()
  return invited
}

const emailsTo = async (request: APIRequestContext, address: string) =>
  (await sql(request, 'SELECT count(*) FROM mails WHERE to_key = ?', address))[0]?.[0]

test(
  'an invitation of a Tenant Admin goes on once it is confirmed with the password, and is sent once',
  BOTH,
  async ({ visitor, request, scripted }) => {
    const mara = await addAdmin(request)
    const page = await visitor(await signedIn(request, mara))
    const invited = await inviteLate(page, request, mara)
    await page.getByLabel('Password', { exact: true }).fill('not my pass phrase')
    await page.getByRole('button', { name: 'Confirm' }).click()
    await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription('Incorrect password.')
    await page.getByLabel('Password', { exact: true }).fill(PASS_PHRASE)
    await page.getByRole('button', { name: 'Confirm' }).click()
    if (!scripted) {
      await expect(page.getByText('Nothing is sent until you choose Continue.')).toBeVisible()
      await page.getByRole('button', { name: 'Continue' }).click()
    }
    await expect(page.getByRole('status')).toContainText(`Invitation sent to ${invited}.`)
    await expect(await rowOf(page, invited)).toContainText('Tenant Admin')
    expect(await emailsTo(request, invited)).toBe(1)
    expect((await mailTo(request, invited)).text).toContain('Welcome aboard.')
  },
)

test('a change in the user table goes on once it is confirmed with a code, in the list as it was filtered', async ({
  visitor,
  request,
}) => {
  const [mara, bo] = [await addAdmin(request), uniqueAddress('bo')]
  await addMember(request, { tenant: 'acme', email: bo, name: 'Bo Lind' })
  const code = await hasCodes(request, mara)
  const page = await visitor(await signedIn(request, mara))
  await sql(request, 'UPDATE sessions SET factor_at = expires_at WHERE user_id = (SELECT id FROM users WHERE email_key = ?)', mara)
  const row = await rowOf(page, bo)
  await outdateProof(request, mara)
  await row.getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('button', { name: 'Make Tenant Admin' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirm it’s you')
  await expect(page.getByLabel('Password', { exact: true })).toHaveCount(0)
  await page.getByLabel('Code from your authenticator app').fill(code.toLowerCase())
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('status')).toContainText('Bo Lind is now a Tenant Admin.')
  await expect(page).toHaveURL(ACME.users({ q: bo }))
  await page.goBack()
  await expect(page.getByRole('row').filter({ hasText: bo })).toContainText('Tenant Admin')
})

test('what waits for a proof leaves what is typed elsewhere on its page, and goes on by a button', async ({ visitor, request }) => {
  const workspace = await addWorkspace(request, 'Northwind')
  const page = await visitor(await signedIn(request, workspace.admin))
  const notice = page.locator('#notice')
  await page.goto(pathsOf(workspace.id).settings)
  await page.getByLabel('Workspace name').fill('Northwind GmbH')
  await outdateProof(request, workspace.admin)
  await page.locator('#second-factor').getByText('Everyone', { exact: true }).click()
  await page.getByRole('button', { name: 'Save second factor settings' }).click()
  await expect(notice).toContainText('First confirm it’s you. Nothing was sent.')
  await expect(page.getByLabel('Workspace name')).toHaveValue('Northwind GmbH')
  await notice.getByRole('button', { name: 'Confirm and continue' }).click()
  await page.getByLabel('Password', { exact: true }).fill(PASS_PHRASE)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('status')).toContainText('Second factor settings saved.')
})

test('what was asked for goes on once it is confirmed with a passkey', async ({ visitor, request }) => {
  const mara = await addAdmin(request)
  const page = await visitor(await signedIn(request, mara))
  await deviceOf(page)
  await page.goto(PATHS.account)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Save your recovery codes')
  const invited = await inviteLate(page, request, mara)
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await expect(page.getByRole('status')).toContainText(`Invitation sent to ${invited}.`)
  expect(await emailsTo(request, invited)).toBe(1)
})
