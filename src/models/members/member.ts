import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import {
  type AgentMode,
  countSections,
  type Grants,
  type Role,
  type SectionSettings,
  type Sight,
  sectionsOf,
  sightOf,
} from '../access/access'
import { CONFIGURABLE, type Section } from '../access/section'
import { isLive } from '../identity/session'
import { bounced, isRefused, LATE_MS, mailAt, refusedMail, troubled } from './attention'
import { settingsOf } from './viewer'

/** What the badge in the user table says. */
export const MEMBER_STATES = ['pending', 'bounced', 'expired', 'active', 'disabled'] as const
export type MemberState = (typeof MEMBER_STATES)[number]
/** `attention`: somebody should look after them. */
export type Status = MemberState | 'attention'
export type Filter = { q: string; status: Status | undefined; role: Role | undefined; cursor: string }

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
  /** Of each section that can be given. */
  sights: (Sight & { name: string })[]
  defaults: SectionSettings
  overrides: SectionSettings
  sectionCount: number
  sectionTotal: number
  inviterName: string | null
  invitedAt: number
  expiresAt: number | null
  /** The newest mail of the open invitation; `late` when it is queued for too long. */
  mail: (Mail & { late: boolean }) | null
  lastActiveAt: number | null
}

type Mail = { state: string; at: number; reason: string | null }

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
  raw<MemberRow>(
    db,
    sql`
    ${memberColumns(tenantId, now)} WHERE ${found(tenantId, filter, now)} ${having(filter, now)} ${containing(filter)}
    ORDER BY m.email_key LIMIT ${PAGE_ROWS + 1}`,
  )

/** At most one row, as the user table has it. */
export const memberOf = (db: Db, tenantId: string, id: string, now: number) =>
  raw<MemberRow>(db, sql`${memberColumns(tenantId, now)} WHERE m.tenant_id = ${tenantId} AND m.id = ${id}`)

const memberColumns = (tenantId: string, now: number) => sql`
  SELECT m.id, m.email, m.email_key AS emailKey, u.name, m.role, m.status, m.agent_mode AS agentMode,
    (SELECT count(*) FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id) AS agentCount,
    (SELECT count(*) FROM agents a WHERE a.tenant_id = ${tenantId}) AS agentTotal,
    ${settingsOf(sql`section_defaults d WHERE d.tenant_id = ${tenantId}`)} AS defaults,
    ${settingsOf(sql`member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id`)} AS overrides,
    i.inviter_name AS inviterName, coalesce(i.created_at, m.created_at) AS invitedAt, i.expires_at AS expiresAt,
    (SELECT json_object('state', x.state, 'at', ${mailAt}, 'reason', x.reason) FROM mails x
      WHERE x.invitation_id = i.id ORDER BY x.created_at DESC LIMIT 1) AS mail,
    max(coalesce(m.last_active_at, 0), coalesce((
      SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = m.user_id AND s.tenant_id = m.tenant_id AND ${isLive(now)}), 0)) AS lastActiveAt
  FROM members m LEFT JOIN users u ON u.id = m.user_id
    LEFT JOIN invitations i ON i.member_id = m.id AND i.state = 'open'`

export function toMembers(rows: MemberRow[], now: number): { members: Member[]; next: string | undefined } {
  const page = rows.slice(0, PAGE_ROWS)
  return { members: page.map((row) => toMember(row, now)), next: rows.length > PAGE_ROWS ? page.at(-1)?.emailKey : undefined }
}

export function toMember({ status, defaults, overrides, mail: document, lastActiveAt, ...row }: MemberRow, now: number): Member {
  const grants: Grants = { role: row.role, defaults: JSON.parse(defaults), overrides: JSON.parse(overrides) }
  const mail: Mail | null = document ? JSON.parse(document) : null
  return {
    ...row,
    ...grants,
    sections: sectionsOf(grants),
    sights: CONFIGURABLE.map((section) => ({ name: section.name, ...sightOf(grants, section) })),
    state: status === 'pending' ? invitedState(mail !== null && isRefused(mail), row.expiresAt ?? 0, now) : status,
    sectionCount: countSections(grants),
    sectionTotal: CONFIGURABLE.length,
    mail: mail && { ...mail, late: mail.state === 'queued' && mail.at <= now - LATE_MS },
    lastActiveAt: lastActiveAt || null,
  }
}

/** Bounced before lapsed: a fresh link to the same address would come back as well. */
export function invitedState(refused: boolean, expiresAt: number, now: number): MemberState {
  if (refused) return 'bounced'
  return expiresAt <= now ? 'expired' : 'pending'
}

/** The few in trouble are found by it and then sorted; the plus keeps SQLite from looking for them among everybody in address order. */
function found(tenantId: string, { status, cursor }: Filter, now: number): SQL {
  if (status === 'attention' || status === 'bounced') {
    const few = status === 'bounced' ? bounced(tenantId) : troubled(tenantId, now)
    return sql`m.id IN (${few}) AND +m.tenant_id = ${tenantId} AND +m.email_key > ${cursor}`
  }
  return sql`m.tenant_id = ${tenantId} AND m.email_key > ${cursor}`
}

function having({ status, role }: Filter, now: number): SQL {
  const states: Record<Status, SQL> = {
    attention: sql``,
    bounced: sql``,
    pending: sql`AND m.status = 'pending' AND i.expires_at > ${now} AND NOT ${refusedMail}`,
    expired: sql`AND m.status = 'pending' AND i.expires_at <= ${now} AND NOT ${refusedMail}`,
    active: sql`AND m.status = 'active'`,
    disabled: sql`AND m.status = 'disabled'`,
  }
  return sql`${status ? states[status] : sql``} ${role ? sql`AND m.role = ${role}` : sql``}`
}

function containing({ q }: Filter): SQL {
  const needle = q.trim().toLowerCase()
  // instr, not LIKE: what is typed is text, and no character of it is a wildcard.
  return needle ? sql`AND (instr(m.email_key, ${needle}) OR instr(lower(u.name), ${needle}))` : sql``
}

/** A few people to ask. */
export const adminNames = (db: Db, tenantId: string) =>
  raw<{ name: string }>(
    db,
    sql`
    SELECT coalesce(u.name, m.email) AS name FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.tenant_id = ${tenantId} AND m.role = 'admin' AND m.status = 'active' ORDER BY m.email_key LIMIT 3`,
  )
