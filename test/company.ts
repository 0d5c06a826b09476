import { COMPANY, FOUND } from './company-rows'
import { run } from './database'

/** The company of `COMPANY`. */
export async function company() {
  for (const statement of COMPANY) await run(statement)
}

/** As many more pending people in Acme, each with a link, a mail, an entry, two sections and two agents of their own. */
export async function grow(from: number, to: number) {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to}),
    p AS (SELECT i, 'person-' || substr('0000' || i, -5) AS id FROM n)`
  await run(`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
    ${numbers} SELECT id, 'acme', id || '@acme.test', id || '@acme.test', 'user', 'pending', 'list', 1 FROM p`)
  await run(`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
    ${numbers} SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 9999999999999 FROM p`)
  await run(`INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
    ${numbers} SELECT 'x-' || id, 'acme', id, 'invitation', id, id, 'i-' || id, 1, 'sent' FROM p`)
  await run(`INSERT INTO activity (id, tenant_id, at, kind, actor_id, member_id, member_email)
    ${numbers} SELECT 'e-' || id, 'acme', i, 'invited', 'ada', id, id FROM p`)
  for (const section of ['traces', 'logs'])
    await run(
      `INSERT INTO member_sections (tenant_id, member_id, section, access) ${numbers} SELECT 'acme', id, '${section}', 'off' FROM p`,
    )
  for (const agent of ['agent-support-triage', 'agent-contract-reader'])
    await run(`INSERT INTO member_agents ${numbers} SELECT 'acme', id, '${agent}' FROM p`)
  await run(FOUND)
}

/** Bytes on the wire. */
export async function gzipped(text: string) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return (await new Response(stream).arrayBuffer()).byteLength
}
