import type { Page } from '@playwright/test'
import { expect } from './app.ts'
import { sql } from './database.ts'
import { ACME } from './paths.ts'
import { admin, andThen, type Open, refusedAt } from './stage.ts'

/** An app for Traces whose secret has just been rotated, with Bob signed in to it, and others who are not any more. */
const grafana =
  (path: string): Open =>
  async (visit) => {
    for (const statement of GRAFANA) await sql(visit.request, statement)
    return admin(path)(visit)
  }

const GRAFANA = [
  `INSERT OR IGNORE INTO apps (id, tenant_id, name, section, auth, secret_hash, secret_at, former_secret_hash, former_secret_until, redirect_uris,
     after_logout_uris, logout_uri, created_at)
   VALUES ('grafana', 'acme', 'Grafana', 'traces', 'secret', hex(zeroblob(32)), 1795000000000, hex(zeroblob(32)), 4000000000000,
     '["https://grafana.acme.example/login/generic_oauth"]', '["https://grafana.acme.example/login"]', 'https://grafana.acme.example/logout', 1795000000000)`,
  `INSERT OR IGNORE INTO app_grants (id, tenant_id, app_id, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
   SELECT 'grafana-bob', 'acme', 'grafana', id, user_id, 'none', 1, 1795000000000, 'sid', 'sub', 'openid', unixepoch() * 1000, unixepoch() * 1000
   FROM members WHERE id = 'bob'`,
  ...[
    ['refused', 'bob', 'failed', '1', "'refused 400'", '-7200000'],
    ['tried', 'dov', 'waiting', '4', "'status 503'", '-60000'],
    ['told', 'bob', 'sent', '1', 'NULL', '-86400000'],
  ].map(
    ([id, member, state, attempts, detail, ago]) =>
      `INSERT OR IGNORE INTO app_logouts (id, tenant_id, app_id, member_id, uri, sub, sid, state, attempts, detail, due_at, created_at, done_at)
       SELECT 'grafana-${id}', 'acme', 'grafana', '${member}', 'https://grafana.acme.example/logout', 'sub', 'sid', '${state}', ${attempts}, ${detail},
         unixepoch() * 1000 + 600000, unixepoch() * 1000 + ${ago}, iif('${state}' = 'waiting', NULL, unixepoch() * 1000)`,
  ),
]

const openDetails = (page: Page, name: string) => page.locator('summary').filter({ hasText: name }).first().click()

export const APP_PAGES: Record<string, Open> = {
  apps: grafana(ACME.apps),
  'app, what it stands for': admin(ACME.newApp),
  'app, new': andThen(admin(ACME.newAppFor('agent:agent-support-triage')), async (page) => {
    await openDetails(page, 'Signing out, proxies, agent tokens')
    await page.getByRole('radio', { name: /its own key/ }).check()
    await expect(page.getByLabel('Public keys (JWKS)')).toBeVisible()
  }),
  'app, refused': andThen(admin(ACME.newAppFor('section:traces')), async (page) => {
    await page.getByLabel('Name').fill('Grafana')
    await page.getByRole('button', { name: 'Connect app' }).click()
    await refusedAt(page, 'Redirect addresses')
  }),
  'app, its secret': andThen(admin(ACME.newAppFor('section:traces')), async (page) => {
    await page.getByLabel('Name').fill('Grafana')
    await page.getByLabel('Redirect addresses').fill('https://grafana.acme.example/login/generic_oauth')
    await page.getByRole('button', { name: 'Connect app' }).click()
    await expect(page.getByLabel('Client secret')).toHaveValue(/^[\w-]{43}$/)
    await openDetails(page, 'Grafana')
  }),
  app: grafana(ACME.app('grafana')),
  'app, edit': grafana(ACME.editApp('grafana')),
  'app, tried': grafana(ACME.tryApp('grafana')),
  'app, asked to disconnect': andThen(grafana(ACME.app('grafana')), async (page) => {
    await page.getByRole('button', { name: 'Disconnect' }).first().click()
    await expect(page.getByRole('dialog')).toBeVisible()
  }),
}
