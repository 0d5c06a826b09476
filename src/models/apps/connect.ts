import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { explain, explained, type ReasonOf, type Rule, refuses } from '../../db/rules'
import { APPS } from '../../limits'
import { SECTIONS } from '../access/section'
import { recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomSecret, sha256 } from '../core/random'
import type { Subject } from './app'
import type { AppFacts } from './draft'
import { connectedEntry } from './entries'
import { takenRules } from './taken'

export type ConnectReason = ReasonOf<ReturnType<typeof rulesOf>>

/** `secret`: of an app that proves itself by one; it is nowhere else. */
export type Connected = { id: string; secret: string | undefined } | { id: string; reason: ConnectReason }

/**
 * Connects a tool, which can ask who somebody is from now on. Of its secret only SHA-256 is kept. @param form names the form that was filled in,
 * so that one that is sent twice connects one app: `connected` is said of the second.
 */
export async function connectApp(act: MemberAct, subject: Subject, facts: AppFacts, form: string): Promise<Connected> {
  // Nobody can choose the id of an app, above all not that of another workspace.
  const id = (await sha256(`${act.tenantId} ${form}`)).slice(0, 32)
  const secret = facts.auth === 'secret' ? randomSecret() : undefined
  const rules = rulesOf(act, id, subject, facts)
  const allowed = sql`NOT ${refuses(rules)}`
  const [[told], , made] = await act.db.batch([
    explain(act.db, rules),
    recordWorkspace(act, 'app_connected', { after: connectedEntry(act, subject, facts) }, allowed),
    insertApp(act, { id, secretHash: secret ? await sha256(secret) : null }, { ...subject, ...facts }, allowed),
    insertHosts(act, facts.hosts, sql`a.id = ${id} AND a.created_at = ${act.now}`),
  ])
  return made.length === 1 ? { id, secret } : { id, reason: explained(rules, told).reason }
}

const rulesOf = ({ tenantId }: MemberAct, id: string, { agentId }: Subject, facts: AppFacts) =>
  [
    ['connected', sql`EXISTS (SELECT 1 FROM apps a WHERE a.id = ${id})`],
    [
      'unknown_agent',
      sql`(${agentId} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agents g WHERE g.tenant_id = ${tenantId} AND g.id = ${agentId}))`,
    ],
    ...takenRules(id, facts),
    ['too_many', sql`(SELECT count(*) FROM apps a WHERE a.tenant_id = ${tenantId}) >= ${APPS}`],
  ] as const satisfies readonly Rule[]

const isForAdmins = (section: string | null) => SECTIONS.some(({ slug, kind }) => slug === section && kind === 'admin_only')

const insertApp = (
  { db, tenantId, now }: MemberAct,
  { id, secretHash }: { id: string; secretHash: string | null },
  { section, agentId, ...facts }: Subject & AppFacts,
  when: SQL,
) =>
  raw<{ id: string }>(
    db,
    sql`
    INSERT INTO apps (id, tenant_id, name, section, for_admins, agent_id, auth, secret_hash, secret_at, jwks, pkce, redirect_uris,
      after_logout_uris, logout_uri, resource, created_at)
    SELECT ${id}, ${tenantId}, ${facts.name}, ${section}, ${Number(isForAdmins(section))}, ${agentId}, ${facts.auth}, ${secretHash},
      ${secretHash && now}, ${facts.jwks && JSON.stringify(facts.jwks)}, ${Number(facts.pkce)}, ${JSON.stringify(facts.redirectUris)},
      ${JSON.stringify(facts.afterLogoutUris)}, ${facts.logoutUri}, ${facts.resource}, ${now}
    WHERE ${when} RETURNING id`,
  )

/** For the app `a` of which the condition holds. */
export const insertHosts = ({ db }: MemberAct, hosts: string[], when: SQL) =>
  raw(
    db,
    sql`INSERT INTO app_hosts (host, app_id) SELECT j.value, a.id FROM apps a, json_each(${JSON.stringify(hosts)}) j WHERE ${when} ON CONFLICT DO NOTHING`,
  )
