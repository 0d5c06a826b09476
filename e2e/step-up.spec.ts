import type { APIRequestContext, Page } from '@playwright/test'
import { BOTH, expect, PASS_PHRASE, rowOf, test, uniqueAddress } from './app.ts'
import { addMember, outdateProof, sql } from './database.ts'
import { ACME } from './paths.ts'
import { signedIn } from './session.ts'

async function addAdmin(request: APIRequestContext) {
  const address = uniqueAddress('mara')
  await addMember(request, { tenant: 'acme', email: address, name: 'Mara Lund', role: 'admin' })
  return address
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
  await expect(page.getByText('Nothing was sent yet. It is sent once you confirm.')).toBeVisible()
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
  },
)
