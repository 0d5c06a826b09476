import { sha256 } from '../src/models/core/random'
import { all, one, run } from './database'
import { connected } from './tool'

/** Apps of Acme by their ids: for a section, for another one, for an agent, and for the whole workspace. */
export const APPS = ['everything', 'logs', 'traces', 'triage']
export const AGENT = 'agent-support-triage'
export const LOGOUT_URI = 'https://tool.example/logout'

/** Connects them, and each can be told of a sign-out. */
export async function connectAll(logout_uri = LOGOUT_URI) {
  const rest = { logout_uri, section: null }
  await connected({ logout_uri })
  await connected({ id: 'logs', name: 'Logs', ...rest, section: 'logs' })
  await connected({ id: 'triage', name: 'Triage', ...rest, agent_id: AGENT })
  await connected({ id: 'everything', name: 'Everything', ...rest })
}

type How = { apps?: string[]; offline?: boolean }

/** Somebody of the cast is signed in to apps of Acme by the newest session of theirs, and each app has a token. */
export async function isSignedInTo(name: string, { apps = APPS, offline = false }: How = {}) {
  const session = await one<{ id: string; at: number }>(
    'SELECT id, created_at AS at FROM sessions WHERE user_id = ? ORDER BY created_at DESC, secret_hash LIMIT 1',
    `user-${name}`,
  )
  for (const app of apps) await grant(name, app, session ?? { id: 'none', at: Date.now() }, offline)
  await run('DELETE FROM access_changes')
}

async function grant(name: string, app: string, session: { id: string; at: number }, offline: boolean) {
  const id = [name, app, ...(offline ? ['offline'] : [])].join(' ')
  await run(
    `INSERT INTO app_grants (id, tenant_id, app_id, client, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
     SELECT ?1, m.tenant_id, ?2, '', m.id, m.user_id, ?3, ?4, ?5, ?1, 'sub-' || m.id, 'openid', ?5, ?5 FROM members m WHERE m.id = ?6`,
    id,
    app,
    session.id + (offline ? ' offline' : ''),
    offline ? 1 : 0,
    session.at,
    name,
  )
  await run(
    "INSERT INTO app_tokens (id, kind, grant_id, payload, created_at, expires_at) VALUES (?, 'RefreshToken', ?, '{}', 1, 9e12)",
    await sha256(id),
    id,
  )
}

/** Which still stand, of each with its tokens. */
export const standing = async () =>
  (
    await all<{ id: string }>(
      'SELECT g.id FROM app_grants g JOIN app_tokens k ON k.grant_id = g.id WHERE g.ended_at IS NULL ORDER BY g.id',
    )
  ).map(({ id }) => id)

/** Of which grants the apps have yet to be told that they are over. */
export const toBeTold = async () => (await all<{ sid: string }>('SELECT sid FROM app_logouts ORDER BY sid')).map(({ sid }) => sid)
