import type { APIRequestContext, BrowserContext, Page } from '@playwright/test'
import { SECTIONS } from '../src/models/access/section.ts'
import { test as base, expect, invite, uniqueAddress } from './app.ts'
import { addBounced, addEnded, addMember, sql, turnInvitation, turnReset } from './database.ts'
import { faultsOf } from './faults.ts'
import { linkTo } from './mail.ts'
import { PATHS } from './paths.ts'
import { type SignedIn, signedIn } from './session.ts'

type Link = { address: string; url: string }
export type Visit = {
  /** The one page of all these tests, in the hands of somebody else or of nobody. */
  visitor: (as?: SignedIn) => Promise<Page>
  ada: SignedIn
  request: APIRequestContext
  /** Requests of no browser, which can therefore send forms. */
  outside: APIRequestContext
  invited: Link
  forgotten: Link
}
export type Open = (visit: Visit) => Promise<Page>
type Stage = { context: BrowserContext; page: Page; faults: string[] }

export const WIDE = { width: 1280, height: 800 }

/** `invited` and `forgotten` are people with an emailed link each, to join with and to set a password anew. */
export const test = base.extend<{ visit: Visit }, { stage: Stage; invited: Link; forgotten: Link }>({
  // A context and a page for each of so many states took longer than to look at them.
  stage: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({ baseURL: server, viewport: WIDE, reducedMotion: 'reduce' })
      await use({ context, page: await context.newPage(), faults: faultsOf(context, server) })
      await context.close()
    },
    { scope: 'worker' },
  ],
  visit: async ({ stage: { context, page, faults }, ada, request, outside, invited, forgotten }, use) => {
    const visitor = async (as?: SignedIn) => {
      await context.clearCookies()
      if (as) await context.addCookies(as.cookies)
      await page.setViewportSize(WIDE)
      await page.emulateMedia({ colorScheme: 'light' })
      return page
    }
    await use({ visitor, ada, request, outside, invited, forgotten })
    expect(faults.splice(0)).toEqual([])
  },
  invited: [
    async ({ outside, ada }, use) => {
      const address = uniqueAddress('cleo')
      await invite(outside, ada, address, { note: 'We start on Monday at nine. Ask for me at the door.' })
      await use({ address, url: await linkTo(outside, address) })
    },
    { scope: 'worker' },
  ],
  forgotten: [
    async ({ outside }, use) => {
      const address = uniqueAddress('dana')
      await addMember(outside, { tenant: 'acme', email: address, name: 'Dana Weber' })
      await outside.post(PATHS.forgotPassword, { form: { email: address } })
      await use({ address, url: await linkTo(outside, address) })
    },
    { scope: 'worker' },
  ],
})

export const anybody =
  (path: string): Open =>
  async ({ visitor }) =>
    go(await visitor(), path)

export const admin =
  (path: string): Open =>
  async ({ visitor, ada }) =>
    go(await visitor(ada), path)

export async function go(page: Page, path: string) {
  await page.goto(path)
  return page
}

export const invitation =
  (state: Parameters<typeof turnInvitation>[2], as?: 'ada'): Open =>
  async ({ visitor, request, invited, ada }) => {
    await turnInvitation(request, invited.address, state)
    return go(await visitor(as && ada), invited.url)
  }

export const reset =
  (state: Parameters<typeof turnReset>[2]): Open =>
  async ({ visitor, request, forgotten }) => {
    await turnReset(request, forgotten.address, state)
    return go(await visitor(), forgotten.url)
  }

/** The page of a link, after the browser has forgotten which one it opened. */
export const lost =
  (open: Open): Open =>
  async (visit) => {
    const page = await open(visit)
    await page.context().clearCookies()
    await page.reload()
    return page
  }

/** Somebody of Acme with less than everything. */
export const restricted =
  (path: string, ...restrictions: string[]): Open =>
  async ({ request, visitor }) => {
    const email = uniqueAddress('remi')
    await addMember(request, { tenant: 'acme', email, name: 'Remi Faure' })
    for (const restriction of restrictions) await sql(request, restriction, email)
    return go(await visitor(await signedIn(request, email)), path)
  }

/** Where somebody is whose invitation came back. */
export const bounced =
  (path: (memberId: string) => string): Open =>
  async (visit) => {
    const memberId = await addBounced(visit.request, uniqueAddress('gone'))
    return admin(path(memberId))(visit)
  }

/** Where somebody is whose membership has ended. */
export const ended =
  (path: (memberId: string) => string): Open =>
  async (visit) => {
    const memberId = await addEnded(visit.request, uniqueAddress('past'))
    return admin(path(memberId))(visit)
  }

export const NO_AGENTS = "UPDATE members SET agent_mode = 'list' WHERE email_key = ?"
export const NO_SECTIONS = `INSERT INTO member_sections (tenant_id, member_id, section, access)
  SELECT m.tenant_id, m.id, j.value, 'off' FROM members m, json_each('${JSON.stringify(SECTIONS.map(({ slug }) => slug))}') j
  WHERE m.email_key = ?`

/** Goes on from a page to one of its other states. */
export const andThen =
  (open: Open, act: (page: Page) => Promise<void>): Open =>
  async (visit) => {
    const page = await open(visit)
    await act(page)
    return page
  }

export const refusedAt = (page: Page, label: string) =>
  expect(page.getByLabel(label, { exact: true })).toHaveAttribute('aria-invalid', 'true')

export async function openMenu(page: Page) {
  await page
    .getByRole('button', { name: /^More for pia/ })
    .first()
    .click()
  await expect(page.getByRole('button', { name: 'Cancel invitation' }).first()).toBeVisible()
}

/** Where there is a preset that Dov has, and differs from. */
export const supportTeam =
  (path: string): Open =>
  async (visit) => {
    for (const statement of SUPPORT) await sql(visit.request, statement)
    return admin(path)(visit)
  }

const SUPPORT = [
  `INSERT OR IGNORE INTO presets (id, tenant_id, name, name_key, agent_mode, created_at)
    VALUES ('support', 'acme', 'Support team', 'support team', 'all', 1795000000000)`,
  `INSERT OR IGNORE INTO preset_sections (tenant_id, preset_id, section, access)
    SELECT 'acme', 'support', value, 'on' FROM json_each('["agents","traces","logs","eval","session","prompts","mcp-debug"]')`,
  `UPDATE members SET preset_id = 'support', preset_given_at = 1795000000000 WHERE id = 'dov'`,
]

/** The page of a change of many, in one of its states. Nobody runs it. */
export const changed =
  (state: 'queued' | 'done' | 'stopped' | 'outdated'): Open =>
  async (visit) => {
    const id = `change-${state}`
    const spec = '{"change":"make_admin","list":""}'
    await sql(
      visit.request,
      `INSERT OR REPLACE INTO jobs (id, tenant_id, admin_id, kind, spec, total, done, left_out, place, leased_until, state, created_at, finished_at)
       SELECT ?1, 'acme', 'ada', 'change', ?3, 2500, CASE ?2 WHEN 'done' THEN 2500 WHEN 'outdated' THEN 0 ELSE 1000 END, iif(?2 = 'outdated', 0, 2), 'x', 9000000000000, ?2, created_at,
         iif(?2 = 'queued', NULL, created_at) FROM tenants WHERE id = 'acme'`,
      id,
      state,
      spec,
    )
    await sql(
      visit.request,
      `INSERT INTO job_people (job_id, member_id, state, left_for) VALUES (?1, 'ada', 'active', 'already'), (?1, 'dov', 'disabled', 'has_end_date')`,
      id,
    )
    return admin(`/w/acme/access/jobs/${id}`)(visit)
  }
