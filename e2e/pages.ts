import type { APIRequestContext, Page } from '@playwright/test'
import { SECTIONS } from '../src/models/access/section.ts'
import { test as base, expect, fillSignIn, type SignedIn, setPassword, signedIn, uniqueAddress } from './app.ts'
import { addMember, sql, turnInvitation, turnReset } from './database.ts'
import { linkTo } from './mail.ts'

type Link = { address: string; url: string }
type Visit = {
  visitor: (as?: SignedIn) => Promise<Page>
  ada: SignedIn
  request: APIRequestContext
  invited: Link
  forgotten: Link
}
type Open = (visit: Visit) => Promise<Page>

/** `invited` and `forgotten` are people with a mailed link each, to join with and to set a password anew. */
export const test = base.extend<{ visit: Visit }, { invited: Link; forgotten: Link }>({
  visit: async ({ visitor, ada, request, invited, forgotten }, use) => use({ visitor, ada, request, invited, forgotten }),
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

const anybody =
  (path: string): Open =>
  async ({ visitor }) =>
    go(await visitor(), path)

const admin =
  (path: string): Open =>
  async ({ visitor, ada }) =>
    go(await visitor(ada), path)

async function go(page: Page, path: string) {
  await page.goto(path)
  return page
}

const invitation =
  (state: Parameters<typeof turnInvitation>[2], as?: 'ada'): Open =>
  async ({ visitor, request, invited, ada }) => {
    await turnInvitation(request, invited.address, state)
    return go(await visitor(as && ada), invited.url)
  }

const reset =
  (state: Parameters<typeof turnReset>[2]): Open =>
  async ({ visitor, request, forgotten }) => {
    await turnReset(request, forgotten.address, state)
    return go(await visitor(), forgotten.url)
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

/** Pia's mail came back; afterwards it did not. */
const bounced =
  (path: string): Open =>
  async (visit) => {
    const state =
      "UPDATE mails SET state = ?, reason = 'There is no mailbox at this address.' WHERE invitation_id = 'invitation-pia'"
    await sql(visit.request, state, 'bounced')
    const page = await admin(path)(visit)
    await sql(visit.request, state, 'sent')
    return page
  }

const NO_AGENTS = "UPDATE members SET agent_mode = 'list' WHERE email_key = ?"
const NO_SECTIONS = `INSERT INTO member_sections (tenant_id, member_id, section, access)
  SELECT m.tenant_id, m.id, j.value, 'off' FROM members m, json_each('${JSON.stringify(SECTIONS.map(({ slug }) => slug))}') j
  WHERE m.email_key = ?`

/** Goes on from a page to one of its other states. */
const then =
  (open: Open, act: (page: Page) => Promise<void>): Open =>
  async (visit) => {
    const page = await open(visit)
    await act(page)
    return page
  }

const refusedAt = (page: Page, label: string) =>
  expect(page.getByLabel(label, { exact: true })).toHaveAttribute('aria-invalid', 'true')

async function openMenu(page: Page) {
  await page
    .getByRole('button', { name: /^More for pia/ })
    .first()
    .click()
  await expect(page.getByRole('button', { name: 'Cancel invitation' }).first()).toBeVisible()
}

/** Every page there is, in every state that looks different, and how somebody comes to stand on it. */
export const PAGES: Record<string, Open> = {
  'sign in': anybody('/login'),
  'sign in, refused': then(anybody('/login'), async (page) => {
    await fillSignIn(page, uniqueAddress('eve'), 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('do not belong together')
  }),
  'sign in, too many tries': async ({ visitor, request }) => {
    const email = uniqueAddress('eve')
    const blocked = `INSERT INTO throttles (key, hits, blocked_until, resets_at) VALUES ('sign-in:account:' || ?1, 12, ?2, ?2)`
    await sql(request, blocked, email, String(Date.now() + 120_000))
    const page = await go(await visitor(), '/login')
    await fillSignIn(page, email, 'not my pass phrase')
    await expect(page.getByRole('alert')).toContainText('Too many tries')
    return page
  },
  'forgot password': anybody('/forgot-password'),
  'forgot password, refused': then(anybody('/forgot-password'), async (page) => {
    await page.getByLabel('Email address').fill('eve@localhost')
    await page.getByRole('button', { name: 'Mail me a link' }).click()
    await refusedAt(page, 'Email address')
  }),
  'forgot password, sent': anybody('/forgot-password?sent'),
  'reset password': reset('open'),
  'reset password, refused': then(reset('open'), async (page) => {
    await setPassword(page, 'password password')
    await refusedAt(page, 'New password')
  }),
  'reset password, used': reset('used'),
  'reset password, lapsed': reset('expired'),
  'reset password, superseded': reset('superseded'),
  invitation: invitation('open'),
  'invitation, refused': then(invitation('open'), async (page) => {
    await setPassword(page, 'too short')
    await refusedAt(page, 'Password')
  }),
  'invitation, asked to decline': then(invitation('open'), async (page) => {
    await page.getByRole('button', { name: 'Decline the invitation' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
  'invitation, signed in as somebody else': invitation('open', 'ada'),
  'invitation, accepted': invitation('accepted'),
  'invitation, lapsed': invitation('expired'),
  'invitation, superseded': invitation('superseded'),
  'invitation, cancelled': invitation('cancelled'),
  'invitation, declined': invitation('declined'),
  'no link': anybody('/invitation?token=none'),
  'nothing to set up': anybody('/setup'),

  agents: admin('/agents'),
  'agents, none': restricted('/agents', NO_AGENTS),
  'agent, new': admin('/agents/new'),
  agent: admin('/agents/agent-support-triage'),
  'agent, edit': admin('/agents/agent-support-triage/edit'),
  'section, not connected': admin('/sections/traces'),
  'nothing to see yet': restricted('/', NO_SECTIONS),
  users: admin('/access/users'),
  'users, needing attention': bounced('/access/users?status=attention'),
  'member, bounced': bounced('/access/users/pia'),
  'users, nobody found': admin('/access/users?q=nobody-at-all'),
  'users, menu open': then(admin('/access/users?q=pia'), openMenu),
  'users, asked to cancel': then(admin('/access/users?q=pia'), async (page) => {
    await openMenu(page)
    await page.getByRole('button', { name: 'Cancel invitation' }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
  member: admin('/access/users/bob'),
  'member, invited': admin('/access/users/pia'),
  invite: admin('/access/invitations/new'),
  'invite, refused': then(admin('/access/invitations/new'), async (page) => {
    await page.getByLabel('Email address').fill('bob@acme.test')
    await page.getByRole('button', { name: 'Send Invite' }).click()
    await refusedAt(page, 'Email address')
  }),
  'permission matrix': admin('/access/permissions'),
  'agent access': admin('/access/agents'),
  activity: admin('/access/activity'),
  settings: admin('/access/settings'),
  'mailbox check': admin('/access/mail'),
  account: admin('/account'),
  forbidden: restricted('/access/users'),
  'not found': anybody('/nowhere'),
  mailbox: anybody('/dev/mailbox'),
}
