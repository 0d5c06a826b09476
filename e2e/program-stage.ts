import { expect } from './app.ts'
import { sql } from './database.ts'
import { admin, andThen, type Open } from './stage.ts'

const AGENT = 'https://triage.acme.example/mcp'
const HOST = 'https://assistant.example'

/** A program that names itself, and that Latchkey has read just now, asks an admin to be let in to an agent. */
const program =
  (clientId: string, redirectUri: string): Open =>
  async (visit) => {
    for (const statement of CONNECTED) await sql(visit.request, statement)
    return admin(asking(clientId, redirectUri))(visit)
  }

const CONNECTED = [
  "UPDATE tenants SET metadata_clients = 1 WHERE id = 'acme'",
  `INSERT OR IGNORE INTO apps (id, tenant_id, name, agent_id, auth, redirect_uris, after_logout_uris, resource, created_at)
   VALUES ('triage', 'acme', 'Support triage', 'agent-support-triage', 'none', '[]', '[]', '${AGENT}', 1795000000000)`,
  `INSERT OR REPLACE INTO metadata_clients (id, redirect_uris, read_at)
   SELECT '${HOST}/client.json', '["http://127.0.0.1/callback","${HOST}/callback"]', unixepoch() * 1000`,
]

const asking = (clientId: string, redirectUri: string) =>
  `/oauth/authorize?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    resource: AGENT,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })}`

const isAsked = andThenSees('Let a program use Support triage?')

export const PROGRAM_PAGES: Record<string, Open> = {
  'program on this computer': isAsked(program(`${HOST}/client.json`, 'http://127.0.0.1:33418/callback')),
  'program of a website': isAsked(program(`${HOST}/client.json`, `${HOST}/callback`)),
  'program, refused': andThenSees('This program cannot be let in')(program('https://192.0.2.7/client.json', `${HOST}/callback`)),
}

function andThenSees(heading: string) {
  return (open: Open) => andThen(open, async (page) => expect(page.getByRole('heading', { name: heading })).toBeVisible())
}
