import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/connect'
import { type AgentMode, countSections, type Grants, type Role, type SectionSettings, sectionsOf } from './access'
import { CONFIGURABLE, type Section } from './section'
import { isLive } from './session'
import { settingsOf } from './viewer'

/** What the badge in the user table says. */
export type MemberState = 'pending' | 'expired' | 'active' | 'disabled'
export type Filter = { q: string; status: MemberState | undefined; role: Role | undefined; cursor: string }

export type Member = {
  emailKey: string
  id: string
  email: string
  name: string | null
  role: Role
  state: MemberState
  agentMode: AgentMode
  agentCount: number
  agentTotal: number
  sections: Section[]
  defaults: SectionSettings
  overrides: SectionSettings
  sectionCount: number
  sectionTotal: number
  inviterName: string | null
  invitedAt: number
  expiresAt: number | null
  mail: { state: string; at: number; reason: string | null } | null
  lastActiveAt: number | null
}

export type MemberRow = {
  id: string
  email: string
  emailKey: string
  name: string | null
  role: Role
  status: 'pending' | 'active' | 'disabled'
  agentMode: AgentMode
  agentCount: number
  agentTotal: number
  defaults: string
  overrides: string
  inviterName: string | null
  invitedAt: number
  expiresAt: number | null
  mail: string | null
  lastActiveAt: number | null
}

export const PAGE_ROWS = 50

/** One page of the user table in address order, after the filter's cursor; a row more than a page tells that there is another. */
export const membersPage = (db: Db, tenantId: string, filter: Filter, now: number) =>
  db.all<MemberRow>(sql`
    ${memberColumns(tenantId, now)} WHERE m.tenant_id = ${tenantId} AND m.email_key > ${filter.cursor} ${having(filter, now)}
    ORDER BY m.email_key LIMIT ${PAGE_ROWS + 1}`)

/** At most one row, as the user table has it. */
export const memberOf = (db: Db, tenantId: string, id: string, now: number) =>
  db.all<MemberRow>(sql`${memberColumns(tenantId, now)} WHERE m.tenant_id = ${tenantId} AND m.id = ${id}`)

const memberColumns = (tenantId: string, now: number) => sql`
  SELECT m.id, m.email, m.email_key AS emailKey, u.name, m.role, m.status, m.agent_mode AS agentMode,
    (SELECT count(*) FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id) AS agentCount,
    (SELECT count(*) FROM agents a WHERE a.tenant_id = ${tenantId}) AS agentTotal,
    ${settingsOf(sql`section_defaults d WHERE d.tenant_id = ${tenantId}`)} AS defaults,
    ${settingsOf(sql`member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id`)} AS overrides,
    i.inviter_name AS inviterName, coalesce(i.created_at, m.created_at) AS invitedAt, i.expires_at AS expiresAt,
    (SELECT json_object('state', x.state, 'at', coalesce(x.sent_at, x.created_at), 'reason', x.reason) FROM mails x
      WHERE x.member_id = m.id ORDER BY x.created_at DESC LIMIT 1) AS mail,
    max(coalesce(m.last_active_at, 0), coalesce((
      SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = m.user_id AND s.tenant_id = m.tenant_id AND ${isLive(now)}), 0)) AS lastActiveAt
  FROM members m LEFT JOIN users u ON u.id = m.user_id
    LEFT JOIN invitations i ON i.member_id = m.id AND i.state = 'open'`

export function toMembers(rows: MemberRow[], now: number): { members: Member[]; next: string | undefined } {
  const page = rows.slice(0, PAGE_ROWS)
  return { members: page.map((row) => toMember(row, now)), next: rows.length > PAGE_ROWS ? page.at(-1)?.emailKey : undefined }
}

export function toMember({ status, defaults, overrides, mail, lastActiveAt, ...row }: MemberRow, now: number): Member {
  const grants: Grants = { role: row.role, defaults: JSON.parse(defaults), overrides: JSON.parse(overrides) }
  return {
    ...row,
    ...grants,
    sections: sectionsOf(grants),
    state: status === 'pending' && (row.expiresAt ?? 0) <= now ? 'expired' : status,
    sectionCount: countSections(grants),
    sectionTotal: CONFIGURABLE.length,
    mail: mail ? JSON.parse(mail) : null,
    lastActiveAt: lastActiveAt || null,
  }
}

function having({ q, status, role }: Filter, now: number): SQL {
  const states: Record<MemberState, SQL> = {
    pending: sql`AND m.status = 'pending' AND i.expires_at > ${now}`,
    expired: sql`AND m.status = 'pending' AND i.expires_at <= ${now}`,
    active: sql`AND m.status = 'active'`,
    disabled: sql`AND m.status = 'disabled'`,
  }
  const needle = q.trim().toLowerCase()
  // instr, not LIKE: what is typed is text, and no character of it is a wildcard.
  const search = needle ? sql`AND (instr(m.email_key, ${needle}) OR instr(lower(u.name), ${needle}))` : sql``
  return sql`${status ? states[status] : sql``} ${role ? sql`AND m.role = ${role}` : sql``} ${search}`
}

/** A few people to ask. */
export const adminNames = (db: Db, tenantId: string) =>
  db.all<{ name: string }>(sql`
    SELECT coalesce(u.name, m.email) AS name FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.tenant_id = ${tenantId} AND m.role = 'admin' AND m.status = 'active' ORDER BY m.email_key LIMIT 3`)
