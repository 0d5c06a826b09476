import { Hono } from 'hono'
import { getCookie } from 'hono/cookie'

type Env = { Bindings: { DB: D1Database } }

/** Who asks, and 50 people: as few columns of each as make sense. */
const VIEWER = `
  SELECT m.role FROM sessions s JOIN members m ON m.user_id = s.user_id JOIN tenants t ON t.id = m.tenant_id
  WHERE s.secret_hash = ? AND m.tenant_id = ? AND m.status = 'active' AND s.last_seen_at > ? AND s.expires_at > ?`
const PEOPLE = `
  SELECT m.email, u.name, m.role, m.status, m.last_active_at FROM members m LEFT JOIN users u ON u.id = m.user_id
  WHERE m.tenant_id = ? AND m.status = 'active' ORDER BY m.email_key LIMIT 50`

const app = new Hono<Env>()

app.get('/healthz', (c) => c.text('ok'))

app.get('/w/:workspace/access/users', async (c) => {
  const workspace = c.req.param('workspace')
  const now = Date.now()
  const [secret = ''] = (getCookie(c, '__Host-session') ?? '').split('.')
  const [viewers, people] = await c.env.DB.batch<Record<string, string | number | null>>([
    c.env.DB.prepare(VIEWER).bind(await hashOf(secret), workspace, now - 30 * 60_000, now),
    c.env.DB.prepare(PEOPLE).bind(workspace),
  ])
  if (viewers?.results[0]?.role !== 'admin') return c.notFound()
  const rows = (people?.results ?? []).map((one) => `<tr>${Object.values(one).map(cell).join('')}</tr>`)
  return c.html(`<!doctype html><title>Users</title><table>${rows.join('')}</table>`)
})

export default app

const cell = (value: string | number | null) => `<td>${value ?? ''}</td>`

const hashOf = async (secret: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))).toHex()
