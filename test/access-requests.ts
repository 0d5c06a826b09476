import { run } from './database'
import { connected } from './tool'

export const ASKED_AT = 1000

/** Somebody of either workspace lacks Traces, which an app is for, and has asked for it. */
export async function seededAccessRequest(tenant: 'acme' | 'globex' = 'acme') {
  const [member, app] = tenant === 'acme' ? ['bob', 'traces'] : ['dan', 'traces-of-globex']
  await run(
    `INSERT OR IGNORE INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
     VALUES ('dan', 'globex', 'dan@globex.test', 'dan@globex.test', 'user', 'pending', 'all', 1)`,
  )
  await run('DELETE FROM apps WHERE id = ?', app)
  await connected({ id: app, tenant_id: tenant })
  await lacksTraces(member, tenant)
  await asked(member, app, tenant)
  return { member, app }
}

export const lacksTraces = (member: string, tenant = 'acme') =>
  run(
    `INSERT INTO member_sections (tenant_id, member_id, section, access, at) VALUES (?, ?, 'traces', 'off', 1)
     ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = 'off'`,
    tenant,
    member,
  )

export const asked = (member: string, app: string, tenant = 'acme', at = ASKED_AT) =>
  run(
    `INSERT INTO access_requests (member_id, app_id, tenant_id, asked_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (member_id, app_id) DO UPDATE SET state = 'waiting', asked_at = excluded.asked_at`,
    member,
    app,
    tenant,
    at,
  )
