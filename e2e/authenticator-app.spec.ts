import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { BOTH, expect, fillSignIn, PASS_PHRASE, test, uniqueAddress } from './app.ts'
import { addMember } from './database.ts'
import { mailTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'
import { scannedApp } from './scanned-app.ts'
import { signedIn } from './session.ts'

const STEP_MS = 30_000

async function secondStep(page: Page, email: string, code: string) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.goto(PATHS.login)
  await fillSignIn(page, email, PASS_PHRASE)
  await page.getByLabel('Code', { exact: true }).fill(code)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test(
  'a person sets up an authenticator app, saves the recovery codes, and signs in with either',
  BOTH,
  async ({ page, request }) => {
    const email = uniqueAddress('yara')
    await addMember(request, { tenant: 'acme', email, name: 'Yara Haddad' })
    await page.context().addCookies((await signedIn(request, email)).cookies)
    await page.goto(PATHS.account)
    await page.getByRole('link', { name: 'Set up an authenticator app' }).click()

    await page.emulateMedia({ colorScheme: 'dark' })
    const app = await scannedApp(page)
    expect([app.issuer, app.label]).toEqual(['Latchkey', email])
    const sameSecret = new RegExp(`[?&]secret=${app.secret.base32}(&|$)`)
    await expect(page.getByRole('link', { name: 'Open on this device' })).toHaveAttribute('href', sameSecret)
    expect(await page.getByLabel('Or type this key into the app').innerText()).toBe(
      app.secret.base32.replaceAll(/.{4}(?=.)/g, '$& '),
    )
    const code = page.getByLabel('Code that the app shows')
    await code.fill('000000')
    await page.getByRole('button', { name: 'Set up app' }).click()
    await expect(code).toHaveAccessibleDescription(/Incorrect code/)
    expect((await scannedApp(page)).secret.base32).toBe(app.secret.base32)
    await code.fill(app.generate())
    await page.getByRole('button', { name: 'Set up app' }).click()

    await expect(page.getByRole('heading', { name: 'Save your recovery codes' })).toBeVisible()
    const codes = (await page.getByLabel(/^Recovery codes for/).inputValue()).split('\n')
    expect(codes).toHaveLength(10)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
    expect(await readFile(await file.path(), 'utf8')).toContain(codes.join('\r\n'))
    await page.getByRole('link', { name: 'I have saved them' }).click()
    await expect(page.getByText('10 codes are left.')).toBeVisible()
    expect((await mailTo(request, email)).subject).toMatch(/authenticator app|second factor/i)

    // The next one, since that of now was used up.
    await secondStep(page, email, app.generate({ timestamp: Date.now() + STEP_MS }))
    await expect(page).toHaveURL(ACME.agents)
    await secondStep(page, email, codes[0]?.toLowerCase().replaceAll('-', ' ') ?? '')
    await expect(page).toHaveURL(PATHS.account)
    await expect(page.getByRole('status')).toContainText('You used a recovery code.')
    await expect(page.getByText('9 codes are left.')).toBeVisible()
  },
)
