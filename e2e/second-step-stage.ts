import type { APIRequestContext, Page } from '@playwright/test'
import { expect, fillSignIn, PASS_PHRASE, uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'
import { PATHS } from './paths.ts'
import { andThen, go, type Open } from './stage.ts'

export const APP = `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
  SELECT 'app' || id, id, 'totp', 'sealed', created_at, created_at FROM users WHERE email_key = ?`
const PASSKEY = `INSERT INTO credentials (id, user_id, kind, secret, name, details, created_at, changed_at)
  SELECT 'key' || id, id, 'passkey', 'key', 'Phone', '{"transports":["internal"],"backedUp":0}', created_at, created_at FROM users WHERE email_key = ?`

/** Somebody who has these second factors. */
export async function withFactors(request: APIRequestContext, ...factors: string[]) {
  const email = uniqueAddress('yara')
  await addMember(request, { tenant: 'acme', email, name: 'Yara Haddad' })
  for (const factor of factors) await sql(request, factor, email)
  return email
}

export async function typeCode(page: Page, code: string) {
  await page.getByLabel(/^(Code|Recovery code)$/).fill(code)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const afterPassword =
  (...factors: string[]): Open =>
  async ({ request, visitor }) => {
    const page = await go(await visitor(), PATHS.login)
    await fillSignIn(page, await withFactors(request, ...factors), PASS_PHRASE)
    await expect(page.getByText('You are signing in as')).toBeVisible()
    return page
  }

const wrongCodes = (times: number) =>
  andThen(afterPassword(APP), async (page) => {
    for (let i = 0; i < times; i++) {
      await typeCode(page, 'not-a-code')
      await expect(page.getByText(/Incorrect code|none of the five codes/)).toBeVisible()
    }
  })

/** What comes after the password of somebody who has a second factor. */
export const SECOND_STEPS: Record<string, Open> = {
  'second step, app': afterPassword(APP),
  'second step, passkey': afterPassword(PASSKEY),
  'second step, either': afterPassword(APP, PASSKEY),
  'second step, wrong code': wrongCodes(1),
  'second step, one code left': wrongCodes(4),
  'second step, over': async ({ visitor }) => go(await visitor(), `${PATHS.secondStep}?in=none`),
}
