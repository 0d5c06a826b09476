import { expect } from './app.ts'
import { sql } from './database.ts'
import { PATHS } from './paths.ts'
import { admin, andThen, anybody, NO_SECTIONS, type Open, restricted } from './stage.ts'

const SPANS = {
  client_id: 'spans',
  redirect_uri: 'https://spans.acme.example/callback',
  response_type: 'code',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
}
const asked = (scope: string, client_id = 'spans') => `${PATHS.authorize}?${new URLSearchParams({ ...SPANS, client_id, scope })}`
const ALL = 'openid profile email groups offline_access'

/** An app that nobody has agreed to for everybody, and one for what only admins see. */
const CONNECTED = `INSERT OR IGNORE INTO apps (id, tenant_id, name, section, for_admins, auth, redirect_uris, after_logout_uris, created_at)
  VALUES ('spans', 'acme', 'Spans', 'traces', 0, 'none', '["https://spans.acme.example/callback"]', '[]', 1),
    ('costs', 'acme', 'Costs', 'billing', 1, 'none', '["https://spans.acme.example/callback"]', '[]', 1)`

const connected =
  (open: Open): Open =>
  async (visit) => {
    await sql(visit.request, CONNECTED)
    return open(visit)
  }

export const APP_SIGN_INS: Record<string, Open> = {
  'app, asks for consent': connected(admin(asked(ALL))),
  'app, changed meanwhile': connected(async (visit) => {
    const page = await admin(asked('openid'))(visit)
    await sql(visit.request, "UPDATE apps SET version = version + 1 WHERE id = 'spans'")
    await page.getByRole('button', { name: 'Allow' }).click()
    await expect(page.getByText('was changed while this page was open')).toBeVisible()
    return page
  }),
  'app, no access': connected(restricted(asked(ALL), NO_SECTIONS)),
  'app, for admins': connected(restricted(asked(ALL, 'costs'), NO_SECTIONS)),
  'app, not known': anybody(asked(ALL, 'nothing')),
  'app, signed out of': connected(admin(`${PATHS.appLogout}?client_id=spans`)),
  'app, signed out': connected(
    andThen(restricted(`${PATHS.appLogout}?client_id=spans`), async (page) => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
    }),
  ),
  'app, stayed signed in': connected(
    andThen(admin(`${PATHS.appLogout}?client_id=spans`), async (page) => {
      await page.getByRole('button', { name: 'Stay signed in' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are still signed in')
    }),
  ),
}
