import type { APIRequestContext, Page } from '@playwright/test'
import { expect, PASS_PHRASE, send } from './app.ts'
import { sql, turnFactorLink } from './database.ts'
import { linkTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'
import { APP, withFactors } from './second-step-stage.ts'
import type { SignedIn } from './session.ts'
import { admin, andThen, anybody, go, type Open } from './stage.ts'

/** Somebody who lost their second factor, for whom an admin asked. @returns their address, and the link in their email */
export async function lostFactor(outside: APIRequestContext, ada: SignedIn) {
  const email = await withFactors(outside, APP)
  const [[id] = []] = await sql(outside, 'SELECT id FROM members WHERE email_key = ?', email)
  await send(outside, ada, `${ACME.member(`${id}`)}/reset-factor`, [])
  return { email, url: await linkTo(outside, email) }
}

export async function givePassword(page: Page, password = PASS_PHRASE) {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
}

const link =
  (state: Parameters<typeof turnFactorLink>[2] = 'open', change?: string): Open =>
  async ({ outside, ada, visitor }) => {
    const { email, url } = await lostFactor(outside, ada)
    await turnFactorLink(outside, email, state)
    if (change) await sql(outside, change, email)
    return go(await visitor(), url)
  }

const NO_PASSWORD = `DELETE FROM credentials WHERE kind = 'password' AND user_id = (SELECT id FROM users WHERE email_key = ?)`
const UNPROVEN = 'UPDATE users SET proved_at = NULL WHERE email_key = ?'

const setUp = andThen(link(), async (page) => {
  await givePassword(page)
  await expect(page.getByLabel('Code that the app shows')).toBeVisible()
})

/** The emailed link to set up a second factor, and what leads to it. */
export const FACTOR_LINKS: Record<string, Open> = {
  'lost second factor': anybody(PATHS.lostSecondFactor),
  'second factor link': link(),
  'second factor link, refused': andThen(link(), async (page) => {
    await givePassword(page, 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('Incorrect password')
  }),
  'second factor link, no password': link('open', NO_PASSWORD),
  'second factor link, set up': setUp,
  'second factor link, set up, refused': andThen(setUp, async (page) => {
    await page.getByLabel('Code that the app shows').fill('000000')
    await page.getByRole('button', { name: 'Set up app' }).click()
    await expect(page.getByLabel('Code that the app shows')).toHaveAttribute('aria-invalid', 'true')
  }),
  'second factor link, used': link('used'),
  'second factor link, expired': link('expired'),
  'second factor link, superseded': link('superseded'),
  'second factor link, unproven': link('open', UNPROVEN),
  'member, asked to reset the second factor': andThen(admin(ACME.member('bob')), async (page) => {
    await page.getByRole('button', { name: /^More for/ }).click()
    await page.getByRole('button', { name: 'Reset second factor' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
}
