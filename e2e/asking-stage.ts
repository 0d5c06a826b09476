import { uniqueAddress } from './app.ts'
import { addMember, sql } from './database.ts'
import { ACME, PATHS } from './paths.ts'
import { pageOf } from './person-stage.ts'
import { admin, type Open } from './stage.ts'

const CALLBACK = 'https://langfuse.acme.example/api/auth/callback'
export const LANGFUSE = `INSERT OR IGNORE INTO apps (id, tenant_id, name, section, auth, secret_hash, redirect_uris, after_logout_uris, created_at)
  SELECT 'langfuse', 'acme', 'Langfuse', 'eval', 'secret', hex(zeroblob(32)), '["${CALLBACK}"]', '[]', 1795000000000 WHERE ?1 IS NOT NULL`
const BUDGET = `INSERT OR IGNORE INTO apps (id, tenant_id, name, section, for_admins, auth, secret_hash, redirect_uris, after_logout_uris, created_at)
  SELECT 'budget', 'acme', 'Budget', 'billing', 1, 'secret', hex(zeroblob(32)), '["${CALLBACK}"]', '[]', 1795000000000 WHERE ?1 IS NOT NULL`
const TRIAGE = `INSERT OR IGNORE INTO apps (id, tenant_id, name, agent_id, auth, secret_hash, redirect_uris, after_logout_uris, created_at)
  SELECT 'triage', 'acme', 'Triage over MCP', 'agent-support-triage', 'none', NULL, '["${CALLBACK}"]', '[]', 1795000000000 WHERE ?1 IS NOT NULL`
const METADATA = `UPDATE tenants SET metadata_clients = 1 WHERE id = 'acme' AND ?1 IS NOT NULL`

export const NO_EVAL = `INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
  SELECT 'acme', id, 'eval', 'off', 'ada', created_at FROM members WHERE tenant_id = 'acme' AND email_key = ?1`
const NO_TRIAGE = "UPDATE members SET agent_mode = 'list' WHERE tenant_id = 'acme' AND email_key = ?1"

const asked = (app: string, hoursAgo: number, state = 'waiting') =>
  `INSERT INTO access_requests (member_id, app_id, tenant_id, state, asked_at)
   SELECT id, '${app}', 'acme', '${state}', unixepoch() * 1000 - ${hoursAgo * 3_600_000} FROM members WHERE tenant_id = 'acme' AND email_key = ?1`

const signedIn = (app: string, minutesAgo: number, client = '') =>
  `INSERT INTO app_grants (id, tenant_id, app_id, client, member_id, user_id, session_id, offline, session_at, sid, sub, scope, created_at, used_at)
   SELECT lower(hex(randomblob(8))), 'acme', '${app}', '${client}', id, user_id, lower(hex(randomblob(8))), 1, unixepoch() * 1000, 'sid', 'sub', 'openid',
     unixepoch() * 1000, unixepoch() * 1000 - ${minutesAgo * 60_000} FROM members WHERE tenant_id = 'acme' AND email_key = ?1`

const agreed = (app: string, client = '') =>
  `INSERT INTO app_consents (member_id, app_id, client, scope, at)
   SELECT id, '${app}', '${client}', 'openid', unixepoch() * 1000 - 86400000 FROM members WHERE tenant_id = 'acme' AND email_key = ?1`

const CLIENT = 'https://claude.example/oauth/client.json'
const SIGNED_IN = [
  LANGFUSE,
  TRIAGE,
  METADATA,
  signedIn('langfuse', 5),
  signedIn('triage', 90, CLIENT),
  agreed('langfuse'),
  agreed('triage', CLIENT),
]

const somebody =
  (path: (id: string) => string, ...statements: string[]): Open =>
  async (visit) => {
    const [id, email] = [crypto.randomUUID(), uniqueAddress('yara')]
    await addMember(visit.request, { tenant: 'acme', email, name: 'Yara Haddad' })
    await sql(visit.request, 'UPDATE members SET id = ?1 WHERE email_key = ?2', id, email)
    for (const statement of statements) await sql(visit.request, statement, email)
    return admin(path(id))(visit)
  }

export const sentBy = (app: string) =>
  `/oauth/authorize?${new URLSearchParams({
    client_id: app,
    response_type: 'code',
    scope: 'openid profile email groups',
    redirect_uri: CALLBACK,
    state: 'state',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })}`

export const ASKING: Record<string, Open> = {
  'no access to an app': pageOf(sentBy('langfuse'), LANGFUSE, NO_EVAL),
  'no access to an app, asked': pageOf(sentBy('langfuse'), LANGFUSE, NO_EVAL, asked('langfuse', 2)),
  'no access to an app, declined': pageOf(sentBy('langfuse'), LANGFUSE, NO_EVAL, asked('langfuse', 2, 'declined')),
  'no access to an app, asked long ago': pageOf(sentBy('langfuse'), LANGFUSE, NO_EVAL, asked('langfuse', 50)),
  'no access to an app of admins': pageOf(sentBy('budget'), BUDGET),
  'requests for access, none': admin(ACME.accessRequests),
  'requests for access': somebody(
    () => ACME.accessRequests,
    LANGFUSE,
    TRIAGE,
    NO_EVAL,
    NO_TRIAGE,
    asked('langfuse', 2),
    asked('triage', 30),
  ),
  'users, somebody asks for access': somebody(() => ACME.users(), LANGFUSE, NO_EVAL, asked('langfuse', 2)),
  'member, apps': somebody(ACME.member, ...SIGNED_IN),
  'member, no access to apps': somebody(ACME.member, LANGFUSE, TRIAGE, BUDGET, NO_EVAL, NO_TRIAGE),
  'account, apps': pageOf(PATHS.account, ...SIGNED_IN),
}
