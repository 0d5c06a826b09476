import { newSession } from '../src/models/identity/session'
import { run } from './database'
import { insertSession } from './session'
import { connected } from './tool'

/** Connects Traces to Acme, which this member is signed in to by two sessions, one of them offline, and has agreed to. */
export async function usesTraces(member: 'ada' | 'bob', usedAt = Date.now()) {
  await run("DELETE FROM apps WHERE id = 'traces'")
  await connected()
  await run("INSERT INTO app_consents (member_id, app_id, scope, at) VALUES (?, 'traces', 'openid', 1)", member)
  for (const offline of [0, 1]) await signedInTo(member, { app: 'traces', offline, usedAt })
}

type Grant = { app: string; offline?: number; usedAt?: number; client?: string; tenant?: string }

export async function signedInTo(member: string, { app, offline = 0, usedAt = Date.now(), client = '', tenant = 'acme' }: Grant) {
  const session = await newSession()
  await insertSession(session, `user-${member}`)
  if (client) await run('UPDATE tenants SET metadata_clients = 1 WHERE id = ?', tenant)
  await run(
    `INSERT INTO app_grants (id, tenant_id, app_id, client, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at, look_at)
     VALUES (lower(hex(randomblob(16))), ?, ?, ?, ?, ?, ?, ?, ?, 'sid', 'sub', 'openid', 1, ?, 9e15)`,
    tenant,
    app,
    client,
    member,
    `user-${member}`,
    session.id,
    offline,
    Date.now(),
    usedAt,
  )
  await run('DELETE FROM access_changes')
}
