import type { APIRequestContext, Page } from '@playwright/test'
import { SECTIONS } from '../src/models/section.ts'
import { test as base, expect, fillSignIn, rowOf, setPassword, signedIn, uniqueAddress } from './app.ts'
import { addMember, sql, turnInvitation, turnReset } from './database.ts'
import { linkTo } from './mail.ts'

type Link = { address: string; url: string }

/** Two people with a mailed link each, one to join with and one to set a password anew. */
export const test = base.extend<object, { invited: Link; forgotten: Link }>({
  invited: [
    async ({ outside, ada: _ }, use) => {
      const address = uniqueAddress('cleo')
      const note = 'We start on Monday at nine. Ask for me at the door.'
      const sections = SECTIONS.filter(({ kind }) => kind === 'configurable').map(({ slug }) => ['section', slug])
      const form = new URLSearchParams([['email', address], ['role', 'user'], ['note', note], ['agent_mode', 'all'], ...sections])
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      await outside.post('/access/invitations', { data: form.toString(), headers })
      await use({ address, url: await linkTo(outside, address) })
    },
    { scope: 'worker' },
  ],
  forgotten: [
    async ({ outside }, use) => {
      const address = uniqueAddress('dana')
      await addMember(outside, { tenant: 'acme', email: address, name: 'Dana Weber' })
      await outside.post('/forgot-password', { form: { email: address } })
      await use({ address, url: await linkTo(outside, address) })
    },
    { scope: 'worker' },
  ],
})

type Visit = {
  page: Page
  admin: Page
  request: APIRequestContext
  visitor: (as?: Awaited<ReturnType<typeof signedIn>>) => Promise<Page>
  invited: Link
  forgotten: Link
}
type Open = (visit: Visit) => Promise<Page>

async function go(page: Page, path: string) {
  await page.goto(path)
  return page
}

const anybody =
  (path: string): Open =>
  ({ page }) =>
    go(page, path)

const admin =
  (path: string): Open =>
  ({ admin }) =>
    go(admin, path)

const invitation =
  (state: Parameters<typeof turnInvitation>[2]): Open =>
  async ({ page, request, invited }) => {
    await turnInvitation(request, invited.address, state)
    return go(page, invited.url)
  }

const reset =
  (state: Parameters<typeof turnReset>[2]): Open =>
  async ({ page, request, forgotten }) => {
    await turnReset(request, forgotten.address, state)
    return go(page, forgotten.url)
  }

/** Somebody of Acme with less than everything. */
const restricted =
  (path: string, ...restrictions: string[]): Open =>
  async ({ request, visitor }) => {
    const email = uniqueAddress('remi')
    await addMember(request, { tenant: 'acme', email, name: 'Remi Faure' })
    for (const restriction of restrictions) await sql(request, restriction, email)
    return go(await visitor(await signedIn(request, email)), path)
  }

const NO_AGENTS = "UPDATE members SET agent_mode = 'list' WHERE email_key = ?"
const NO_SECTIONS = `INSERT INTO member_sections (tenant_id, member_id, section, access)
  SELECT m.tenant_id, m.id, s.value, 'off' FROM members m, json_each('${JSON.stringify(SECTIONS.map(({ slug }) => slug))}') s WHERE m.email_key = ?`

/** Every page there is, in every state that looks different, and how somebody comes to stand on it. */
export const PAGES: Record<string, Open> = {
  'sign in': anybody('/login'),
  'sign in, refused': async ({ page }) => {
    await fillSignIn(await go(page, '/login'), uniqueAddress('eve'), 'not my pass phrase')
    await expect(page.getByRole('alert')).toBeVisible()
    return page
  },
  'sign in, too many tries': async ({ page, request }) => {
    const email = uniqueAddress('eve')
    const blocked = `INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('sign-in:account:' || ?1, 12, ?2, ?2)`
    await sql(request, blocked, email, String(Date.now() + 120_000))
    await fillSignIn(await go(page, '/login'), email, 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('Too many tries')
    return page
  },
  'forgot password': anybody('/forgot-password'),
  'forgot password, refused': async ({ page }) => {
    await go(page, '/forgot-password')
    await page.getByLabel('Email address').fill('eve@localhost')
    await page.getByRole('button', { name: 'Mail me a link' }).click()
    await expect(page.getByLabel('Email address')).toHaveAttribute('aria-invalid', 'true')
    return page
  },
  'forgot password, sent': anybody('/forgot-password?sent'),
  'reset password': reset('open'),
  'reset password, refused': async (visit) => {
    const page = await reset('open')(visit)
    await setPassword(page, 'too short')
    await expect(page.getByLabel('New password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
    return page
  },
  'reset password, used': reset('used'),
  'reset password, lapsed': reset('expired'),
  'reset password, superseded': reset('superseded'),
  invitation: invitation('open'),
  'invitation, refused': async (visit) => {
    const page = await invitation('open')(visit)
    await setPassword(page, 'too short')
    await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
    return page
  },
  'invitation, asked to decline': async (visit) => {
    const page = await invitation('open')(visit)
    await page.getByRole('button', { name: 'Decline the invitation' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    return page
  },
  'invitation, signed in as somebody else': async ({ admin, request, invited }) => {
    await turnInvitation(request, invited.address, 'open')
    return go(admin, invited.url)
  },
  'invitation, accepted': invitation('accepted'),
  'invitation, lapsed': invitation('expired'),
  'invitation, superseded': invitation('superseded'),
  'invitation, cancelled': invitation('cancelled'),
  'invitation, declined': invitation('declined'),
  'no link': anybody('/invitation?token=none'),

  agents: admin('/agents'),
  'agents, none': restricted('/agents', NO_AGENTS),
  'agent, new': admin('/agents/new'),
  agent: admin('/agents/agent-support-triage'),
  'agent, edit': admin('/agents/agent-support-triage/edit'),
  'section, not connected': admin('/sections/traces'),
  'nothing to see yet': restricted('/', NO_SECTIONS),
  users: admin('/access/users'),
  'users, nobody found': admin('/access/users?q=nobody-at-all'),
  'users, menu open': async ({ admin, request, invited }) => {
    await turnInvitation(request, invited.address, 'open')
    const row = await rowOf(admin, invited.address)
    await row.getByRole('button', { name: /^More for/ }).click()
    await expect(row.getByRole('button', { name: 'Cancel invitation' })).toBeVisible()
    return admin
  },
  'users, asked to cancel': async (visit) => {
    const page = await PAGES['users, menu open']?.(visit)
    await page?.getByRole('button', { name: 'Cancel invitation' }).first().click()
    await expect(visit.admin.getByRole('dialog')).toBeVisible()
    return visit.admin
  },
  member: admin('/access/users/bob'),
  'member, invited': admin('/access/users/pia'),
  invite: admin('/access/invitations/new'),
  'invite, refused': async ({ admin }) => {
    await go(admin, '/access/invitations/new')
    await admin.getByLabel('Email address').fill('bob@acme.test')
    await admin.getByRole('button', { name: 'Send Invite' }).click()
    await expect(admin.getByLabel('Email address')).toHaveAttribute('aria-invalid', 'true')
    return admin
  },
  'permission matrix': admin('/access/permissions'),
  'agent access': admin('/access/agents'),
  activity: admin('/access/activity'),
  settings: admin('/access/settings'),
  account: admin('/account'),
  forbidden: restricted('/access/users'),
  'not found': anybody('/nowhere'),
  mailbox: anybody('/dev/mailbox'),
}
