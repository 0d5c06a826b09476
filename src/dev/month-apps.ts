import { DAY_MS, MINUTE_MS } from '../limits.ts'
import { inserts } from './seed.ts'

type App = { id: string; name: string; days: number; section?: string; agent_id?: string; resource?: string; back: string }

/** Tools that nobody runs: a secret is nowhere. */
const APPS: App[] = [
  { id: 'seeded-grafana', name: 'Grafana', days: 8, section: 'traces', back: 'https://grafana.acme.test/login/generic_oauth' },
  {
    id: 'seeded-langfuse',
    name: 'Langfuse',
    days: 7,
    section: 'eval',
    back: 'https://langfuse.acme.test/api/auth/callback/custom',
  },
  {
    id: 'seeded-release-notes',
    name: 'Release Notes over MCP',
    days: 6,
    agent_id: 'agent-release-notes',
    resource: 'https://release-notes.acme.test/mcp',
    back: 'http://127.0.0.1/callback',
  },
]

function appOf({ days, back, ...app }: App, now: number) {
  const at = now - days * DAY_MS
  const proof = app.agent_id ? { auth: 'none' } : { auth: 'secret', secret_hash: '0'.repeat(64), secret_at: at }
  return inserts('apps', [
    { tenant_id: 'acme', ...app, ...proof, redirect_uris: JSON.stringify([back]), after_logout_uris: '[]', created_at: at },
  ])
}

/** Bob has agreed to Grafana, is signed in to it, and has asked for Langfuse since he lacks Eval. */
export const connecting = (now: number) => [
  ...APPS.flatMap((app) => appOf(app, now)),
  ...inserts('subjects', [{ tenant_id: 'acme', user_id: 'user-bob', sub: 'seeded-name-of-bob' }]),
  ...inserts('app_consents', [
    { member_id: 'bob', app_id: 'seeded-grafana', scope: 'openid profile email groups offline_access', at: now - 5 * DAY_MS },
  ]),
  ...inserts('app_grants', [
    {
      id: 'seeded-grant',
      tenant_id: 'acme',
      app_id: 'seeded-grafana',
      member_id: 'bob',
      user_id: 'user-bob',
      session_id: 'seeded-session',
      offline: 1,
      session_at: now - 5 * DAY_MS,
      sid: 'seeded-sid',
      sub: 'seeded-name-of-bob',
      scope: 'openid profile email groups offline_access',
      created_at: now - 5 * DAY_MS,
      used_at: now - 5 * MINUTE_MS,
    },
  ]),
  ...inserts('access_requests', [
    { member_id: 'bob', app_id: 'seeded-langfuse', tenant_id: 'acme', asked_at: now - 20 * MINUTE_MS },
  ]),
]

/** For the activity log. */
export const CONNECTED = APPS.map(({ name, days, section, back }) => ({
  days,
  after: {
    app: name,
    auth: section ? 'secret' : 'none',
    redirect_uris: back,
    ...(section ? { section } : { agent: 'Release Notes' }),
  },
}))
