import { expect } from './app.ts'
import { PATHS } from './paths.ts'
import { pageOf } from './person-stage.ts'
import { andThen, type Open } from './stage.ts'

const APP = `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
  SELECT 'app' || id, id, 'totp', 'sealed', created_at, created_at FROM users WHERE email_key = ?`
const PROVEN = `UPDATE sessions SET factor = 'totp', factor_at = expires_at WHERE user_id = (SELECT id FROM users WHERE email_key = ?)`

const settingUp = (...statements: string[]) => pageOf(PATHS.authenticatorApp, ...statements)

/** An authenticator app, from its QR code to the recovery codes. */
export const AUTHENTICATOR_APPS: Record<string, Open> = {
  'authenticator app': settingUp(),
  'authenticator app, refused': andThen(settingUp(), async (page) => {
    await page.getByLabel('Code that the app shows').fill('000000')
    await page.getByRole('button', { name: 'Set up app' }).click()
    await expect(page.getByLabel('Code that the app shows')).toBeFocused()
  }),
  'authenticator app, replaced': settingUp(APP, PROVEN),
  'authenticator app, too late': andThen(settingUp(), async (page) => {
    await page.locator('input[name="setup"]').evaluate((input) => input.setAttribute('value', 'of another session'))
    await page.getByRole('button', { name: 'Set up app' }).click()
    await expect(page.getByRole('alert')).toContainText('That page was too old.')
  }),
  'recovery codes': andThen(settingUp(APP, PROVEN), async (page) => {
    await page.goto(PATHS.account)
    await page.getByRole('button', { name: 'Make new codes' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click()
    await expect(page.getByRole('heading', { name: 'Save your recovery codes' })).toBeVisible()
  }),
}
