import { createHash } from 'node:crypto'
import { type APIRequestContext, type Browser, test as base, expect } from '@playwright/test'
import { send } from '../e2e/app.ts'
import { addMember, sql } from '../e2e/database.ts'
import { signedIn } from '../e2e/session.ts'
import { pathsIn } from '../src/paths.ts'
import { APACHE, PROXIES, SECRET } from './ports.ts'

export { expect }

/** Somebody of Acme, signed in to Latchkey and to no tool. */
export type Somebody = { id: string; email: string }

const PASSED_ON = [APACHE, ...Object.values(PROXIES)]

export const test = base.extend<{ somebody: Somebody }, { apps: undefined }>({
  apps: [
    async ({ playwright }, use, { project }) => {
      const request = await playwright.request.newContext({ baseURL: project.use.baseURL ?? '' })
      for (const app of PASSED_ON) await connect(request, app)
      await request.dispose()
      await use(undefined)
    },
    { scope: 'worker', auto: true },
  ],

  somebody: async ({ request }, use) => {
    const email = `sam-${crypto.randomUUID().slice(0, 8)}@acme.test`
    await addMember(request, { tenant: 'acme', email, name: 'Sam Ødegård' })
    const [[id] = []] = await sql(request, "SELECT id FROM members WHERE email_key = ? AND tenant_id = 'acme'", email)
    await use({ id: String(id), email })
  },
})

/** For Traces, with consent for everybody. */
async function connect(request: APIRequestContext, app: (typeof PASSED_ON)[number]) {
  const addresses = 'back' in app ? [`https://${app.host}/redirect`] : []
  const logout = 'back' in app ? `http://127.0.0.1:${app.back}/redirect?logout=backchannel` : null
  await sql(
    request,
    `INSERT OR IGNORE INTO apps (id, tenant_id, name, section, auth, secret_hash, redirect_uris, after_logout_uris, logout_uri, granted_at, created_at)
     VALUES (?1, 'acme', 'Traces', 'traces', 'secret', ?2, ?3, '[]', nullif(?4, ''), 1, 1)`,
    app.id,
    createHash('sha256').update(SECRET).digest('hex'),
    JSON.stringify(addresses),
    logout ?? '',
  )
  if (!logout) await sql(request, 'INSERT OR IGNORE INTO app_hosts (host, app_id) VALUES (?, ?)', app.host, app.id)
}

/** A browser in which they are signed in to Latchkey. */
export async function browserOf(browser: Browser, request: APIRequestContext, { email }: Somebody) {
  const context = await browser.newContext({ storageState: await signedIn(request, email) })
  return context.newPage()
}

/** Ada turns Traces off for them, or on again. */
export async function setTraces(request: APIRequestContext, { id }: Somebody, access: 'on' | 'off') {
  const ada = await signedIn(request, 'ada@acme.test')
  await send(request, ada, pathsIn('acme').permission(id), [
    ['section', 'traces'],
    ['access', access],
  ])
}

/** They sign out of Latchkey, in another tab. */
export async function signOut(page: import('@playwright/test').Page) {
  const tab = await page.context().newPage()
  await tab.goto('/w/acme/agents')
  await tab.getByRole('button', { name: 'Sign out' }).click()
  await tab.waitForURL('**/login**')
  await tab.close()
}
