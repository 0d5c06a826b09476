import { browserOf, expect, setTraces, signOut, test } from './people.ts'
import { APACHE, LATCHKEY } from './ports.ts'

const TOOL = `https://${APACHE.host}/d/1`

test('mod_auth_openidc lets somebody through to where they were going, and knows who they are', async ({
  browser,
  request,
  somebody,
}) => {
  const page = await browserOf(browser, request, somebody)
  await page.goto(TOOL)
  await expect(page).toHaveURL(TOOL)
  const shown = page.locator('pre')
  await expect(shown).toContainText(`"oidc_claim_email": "${somebody.email}"`)
  await expect(shown).toContainText('"oidc_claim_groups": "role:user,section:traces"')
  await expect(shown).toContainText('"oidc_claim_workspace": "acme"')
})

test('mod_auth_openidc lets nobody through without access, and hears nothing of them', async ({ browser, request, somebody }) => {
  await setTraces(request, somebody, 'off')
  const page = await browserOf(browser, request, somebody)
  expect((await page.goto(TOOL))?.status()).toBe(403)
  expect(page.url()).toContain(LATCHKEY)
  await setTraces(request, somebody, 'on')
  await page.reload()
  await expect(page).toHaveURL(TOOL)
})

test('mod_auth_openidc is told when access is taken away, and lets them through no more', async ({
  browser,
  request,
  somebody,
}) => {
  const page = await browserOf(browser, request, somebody)
  await page.goto(TOOL)
  await setTraces(request, somebody, 'off')
  await expect(async () => {
    expect((await page.goto(TOOL))?.status()).toBe(403)
    expect(page.url()).toContain(LATCHKEY)
  }).toPass({ timeout: 15_000 })
})

test('mod_auth_openidc is told when somebody signs out of Latchkey', async ({ browser, request, somebody }) => {
  const page = await browserOf(browser, request, somebody)
  await page.goto(TOOL)
  await signOut(page)
  await expect(async () => {
    await page.goto(TOOL)
    expect(page.url()).toContain(`${LATCHKEY}/login`)
  }).toPass({ timeout: 15_000 })
})
