import type { Page } from '@playwright/test'
import { BOTH, expect, fillSignIn, NEW_PASSWORD, setPassword, test, uniqueAddress } from './app.ts'
import { linkTo, mailTo } from './mail.ts'
import { ACME, PATHS } from './paths.ts'

const CHOSEN = 'Agents, Traces, Eval, Session, and Prompts. 2 agents.'
const SECTIONS = ['Agents', 'Traces', 'Eval', 'Session', 'Prompts']
const AGENTS = ['Contract Reader', 'Onboarding Guide']

test('a person sees exactly what the preview showed, and loses on the next click what an admin takes away', async ({
  admin,
  page,
  request,
}) => {
  test.slow()
  const address = uniqueAddress('iris')
  const preview = previewOf(admin)
  await admin.goto(ACME.users())
  await admin.getByRole('link', { name: 'Invite User' }).click()
  await admin.getByLabel('Email address').fill(address)
  await admin.getByRole('radio', { name: 'Tenant Admin' }).check()
  await expect(preview).toContainText('Billing')
  await admin.getByRole('radio', { name: 'Tenant User' }).check()
  await admin.getByRole('checkbox', { name: 'Logs' }).uncheck()
  await admin.getByRole('checkbox', { name: 'MCP Debug' }).uncheck()
  await admin.getByRole('radio', { name: 'Selected agents' }).check()
  for (const agent of AGENTS) await admin.getByRole('checkbox', { name: agent }).check()
  await expect(preview).toHaveAccessibleName('What this person sees')
  await expect(preview.locator('.nav-item')).toHaveText(SECTIONS)
  await expect(preview.getByRole('listitem')).toHaveText(AGENTS.map((name) => new RegExp(`^${name}`)))
  await admin.getByRole('button', { name: 'Send Invite' }).click()
  await expect(admin.getByRole('status')).toContainText(`Invitation sent to ${address}.`)

  expect((await mailTo(request, address)).text).toContain(`You will see: ${CHOSEN}`)
  await page.goto(await linkTo(request, address))
  await expect(page.getByRole('main')).toContainText(CHOSEN)
  await setPassword(page)
  await fillSignIn(page, address, NEW_PASSWORD)
  await expect(page).toHaveURL(ACME.agents)
  await expect(sidebarOf(page)).toHaveText(SECTIONS)
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(AGENTS)

  await turnOff(admin, address, 'Traces')
  await sidebarOf(page).getByText('Traces').click()
  await expect(page.getByText('You do not have access to this')).toBeVisible()
  await page.goto(ACME.agents)
  await expect(sidebarOf(page)).toHaveText(SECTIONS.filter((name) => name !== 'Traces'))

  await takeAgent(admin, address, 'Contract Reader')
  await page.getByRole('link', { name: 'Contract Reader', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found')
  await page.goto(ACME.agents)
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Onboarding Guide'])

  await turnOff(admin, address, 'Agents')
  await page.getByRole('searchbox', { name: 'Search agents' }).pressSequentially('guide')
  await expect(page.getByText(/You do not have access to this/)).toBeVisible()
  await page.goto(PATHS.home)
  await expect(page).toHaveURL(ACME.section('eval'))
})

test('the preview follows the form, or the button that asks for it', BOTH, async ({ admin, scripted }) => {
  await admin.goto(ACME.invite())
  await admin.getByRole('radio', { name: 'Tenant Admin' }).check()
  const refresh = admin.getByRole('button', { name: 'Update preview' })
  await expect(refresh).toHaveCount(scripted ? 0 : 1)
  if (!scripted) await refresh.click()
  await expect(previewOf(admin)).toContainText('Billing')
})

const previewOf = (admin: Page) => admin.getByRole('complementary', { name: /^What .+ sees$/ })

const sidebarOf = (page: Page) => page.getByRole('navigation', { name: 'Workspace' }).locator('.nav-item')

/** Turns a section off in the Permission Matrix, takes that back, and does it again. */
async function turnOff(admin: Page, address: string, section: string) {
  await admin.goto(ACME.permissions({ q: address }))
  const cell = admin.getByRole('group', { name: `${section} for ${address}` })
  const off = cell.getByRole('button', { name: 'Off', exact: true })
  const byDefault = cell.getByRole('button', { name: 'Default: on' })
  await off.click()
  await expect(off).toHaveAttribute('aria-pressed', 'true')
  await expect(admin.getByRole('row').filter({ hasText: address })).toHaveClass('changed')
  await expect(admin.getByRole('status')).toContainText(`${section} is now off for ${address}.`)
  await admin.getByRole('button', { name: 'Undo' }).click()
  await expect(byDefault).toHaveAttribute('aria-pressed', 'true')
  await off.click()
  await expect(off).toHaveAttribute('aria-pressed', 'true')
}

async function takeAgent(admin: Page, address: string, agent: string) {
  await admin.goto(ACME.agentAccess({ q: address }))
  const toggle = admin.getByRole('button', { name: `${agent} for ${address}` })
  await expect(toggle).toHaveAttribute('aria-pressed', 'true')
  await toggle.click()
  await expect(toggle).toHaveAttribute('aria-pressed', 'false')
  await expect(admin.getByRole('status')).toContainText(`${agent} is now off for ${address}.`)
  await admin.getByRole('button', { name: 'Undo' }).click()
  await expect(toggle).toHaveAttribute('aria-pressed', 'true')
  await toggle.click()
  await expect(toggle).toHaveAttribute('aria-pressed', 'false')
}
