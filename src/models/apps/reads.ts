import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { ACCESS_REQUEST_STATES } from '../../db/schema/access-requests'
import { DAY_MS, SESSION } from '../../limits'
import type { AgentMode, Role, SectionSettings } from '../access/access'
import { agentListOf, sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import { asMember, maySeeAgent } from '../agents/agent'
import { type FactorPolicy, factorStateOf } from '../identity/factor-policy'
import type { Standing } from './answer'
import type { Person } from './claims'

/** How long somebody stays signed in to an app that may use what it has without their session, and does not. */
export const OFFLINE_MS = 30 * DAY_MS

/** A grant, the member behind it and what decides about them, of one row. */
export type GrantRow = {
  grantId: string
  appId: string
  client: string
  tenantId: string
  memberId: string
  userId: string
  sessionId: string
  sid: string
  sub: string
  scope: string
  offline: number
  sessionAt: number
  usedAt: number
  /** The session lives, or is not needed any more. */
  counts: number
  email: string
  name: string | null
  provedAt: number | null
} & MemberRow

type MemberRow = {
  role: Role
  agentMode: AgentMode
  joinedAt: number | null
  factors: number
  factorAt: number
  policy: FactorPolicy
  policyAt: number
  graceDays: number
  defaults: string
  overrides: string
  agents: string
  seesAgent: number
}

/** Over a member `m`, their user `u`, their workspace `t` and an app `a`. */
const MEMBER = sql`m.role, m.agent_mode AS agentMode, m.joined_at AS joinedAt, u.factors, t.factor_policy AS policy, t.factor_policy_at AS policyAt,
  t.factor_grace_days AS graceDays, u.email, u.name, u.proved_at AS provedAt,
  ${sectionDefaultsOf(sql`m.tenant_id`)} AS defaults, ${sectionOverridesOf(sql`m.tenant_id`, sql`m.id`)} AS overrides,
  ${agentListOf(sql`m.tenant_id`, sql`m.id`)} AS agents,
  ${maySeeAgent(asMember({ tenantId: sql`m.tenant_id`, id: sql`m.id`, role: sql`m.role`, agentMode: sql`m.agent_mode` }, sql`a.agent_id`))} AS seesAgent`

/** At most one row: the grant whose id `which` selects, where its member is active and has not been signed out of everything since. */
export const grantBehind = (db: Db, which: SQL, now: number) =>
  raw<GrantRow>(
    db,
    sql`
    SELECT g.id AS grantId, g.app_id AS appId, g.client, g.tenant_id AS tenantId, g.member_id AS memberId, g.user_id AS userId,
      g.session_id AS sessionId, g.sid, g.sub, g.scope, g.offline, g.session_at AS sessionAt, g.used_at AS usedAt,
      max(g.factor_at, coalesce(s.factor_at, 0)) AS factorAt,
      (s.id IS NOT NULL OR g.offline AND g.used_at > ${now - OFFLINE_MS}) AS counts, ${MEMBER}
    FROM app_grants g JOIN apps a ON a.id = g.app_id JOIN members m ON m.id = g.member_id AND m.tenant_id = g.tenant_id AND m.user_id = g.user_id
      JOIN users u ON u.id = m.user_id JOIN tenants t ON t.id = m.tenant_id AND t.suspended_at IS NULL
      LEFT JOIN sessions s ON s.user_id = g.user_id AND s.id = g.session_id AND s.last_seen_at > ${now - SESSION.idleMs} AND s.expires_at > ${now}
    WHERE g.id = (${which}) AND g.ended_at IS NULL AND m.status = 'active' AND (m.ends_at IS NULL OR m.ends_at > ${now})
      AND g.session_at >= m.valid_from AND (g.client = '' OR t.metadata_clients = 1)`,
  )

export type SignedInRow = {
  sessionId: string
  userId: string
  tenantId: string
  tenantName: string
  memberId: string
  email: string
  name: string | null
  provedAt: number | null
  sessionAt: number
  authAt: number
  factor: string | null
  sub: string | null
  consent: string | null
  grantId: string | null
  sid: string | null
  granted: string | null
  /** When they last asked an admin for what the app is for, and what became of it. */
  askedAt: number | null
  request: (typeof ACCESS_REQUEST_STATES)[number] | null
  /** The session began before they were signed out of this workspace. */
  outdated: number
} & MemberRow

/** At most one row: the active member of the app's workspace behind a session, and what they and this app have agreed on. */
export const signedInTo = (
  db: Db,
  { appId, client, secretHash }: { appId: SQL; client: string; secretHash: string },
  now: number,
) =>
  raw<SignedInRow>(
    db,
    sql`
    SELECT s.id AS sessionId, u.id AS userId, m.tenant_id AS tenantId, t.name AS tenantName, m.id AS memberId, s.created_at AS sessionAt, s.factor, s.factor_at AS factorAt,
      max(s.created_at, s.proved_at) AS authAt, s.created_at < m.valid_from AS outdated, x.sub, c.scope AS consent, g.id AS grantId, g.sid, g.scope AS granted, q.asked_at AS askedAt, q.state AS request, ${MEMBER}
    FROM apps a JOIN sessions s ON s.secret_hash = ${secretHash} JOIN users u ON u.id = s.user_id
      JOIN members m ON m.user_id = u.id AND m.tenant_id = a.tenant_id
      JOIN tenants t ON t.id = m.tenant_id AND t.suspended_at IS NULL
      LEFT JOIN subjects x ON x.tenant_id = m.tenant_id AND x.user_id = u.id
      LEFT JOIN app_consents c ON c.member_id = m.id AND c.app_id = a.id AND c.client = ${client}
      LEFT JOIN app_grants g ON g.app_id = a.id AND g.session_id = s.id AND g.client = ${client} AND g.ended_at IS NULL
      LEFT JOIN access_requests q ON q.member_id = m.id AND q.app_id = a.id
    WHERE a.id = (${appId}) AND s.last_seen_at > ${now - SESSION.idleMs} AND s.expires_at > ${now}
      AND m.status = 'active' AND (m.ends_at IS NULL OR m.ends_at > ${now})`,
  )

export const standingOf = (row: MemberRow): Standing => ({
  role: row.role,
  ...settingsOf(row),
  seesAgent: row.seesAgent === 1,
  factor: factorStateOf(row, row),
})

export const personOf = (
  row: MemberRow & { email: string; name: string | null; provedAt: number | null; tenantId: string },
  sub: string,
): Person => ({
  sub,
  email: row.email,
  name: row.name,
  proved: row.provedAt !== null,
  tenantId: row.tenantId,
  role: row.role,
  ...settingsOf(row),
  agents: JSON.parse(row.agents),
})

const settingsOf = ({ defaults, overrides }: MemberRow): { defaults: SectionSettings; overrides: SectionSettings } => ({
  defaults: JSON.parse(defaults),
  overrides: JSON.parse(overrides),
})
