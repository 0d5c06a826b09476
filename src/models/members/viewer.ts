import { and, desc, eq, isNull, ne, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { sessions, users } from '../../db/schema/identity'
import { members, visits } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as, flag, json, maybe } from '../../db/select'
import { SESSION } from '../../limits'
import { type AgentMode, type Role, type SectionSettings, sectionsOf } from '../access/access'
import type { Section } from '../access/section'
import { sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import type { Act } from '../core/act'
import { type FactorPolicy, type FactorState, factorStateOf } from '../identity/factor-policy'
import { isExpired, isFresh, isLive, isTouchDue, touchSession, type Visitor } from '../identity/session'
import { isActive, isEnded, statusAt } from './active'

/** What a page of a workspace is asked for with: the session that the cookie names and the workspace that the path names, neither looked up yet. */
export type Place = Visitor & { tenantId: string }

/** The active member behind a session, with everything that decides what they may see, as the database says now. */
export type Viewer = {
  sessionId: string
  userId: string
  memberId: string
  tenantId: string
  tenantName: string
  email: string
  name: string | null
  role: Role
  agentMode: AgentMode
  sections: Section[]
  /** The slugs of the sections that lead to a tool. */
  connected: string[]
  /** They proved who they are within the last ten minutes. */
  fresh: boolean
  /** Of this workspace. */
  factor: FactorState
  /** Whom it asks for a second factor. */
  factorPolicy: FactorPolicy
  workspaces: Workspace[]
}

/** `id` is what stands in its URLs. */
export type Workspace = { id: string; name: string }

/** Why somebody is not let in. `over`: the session was idle too long, `expired`: it was too old, `ended`: it is gone, `tries`: ten wrong proofs ended it, `again`: this workspace wants a sign-in newer than the session, `past_end`: the membership has ended. */
export type Stranger = {
  reason: 'nobody' | 'ended' | 'tries' | 'over' | 'expired' | 'again' | 'no_member' | 'past_end'
  userId?: string
  tenantName?: string
  sessionId?: string
}

type ViewerRow = Awaited<ReturnType<typeof viewerOf>>[number]

/** At most one row, the person's; without a member where they do not belong to the workspace, or nobody may enter it. */
export const viewerOf = ({ db, secretHash, now, tenantId }: Visitor & { tenantId: string | SQL }) =>
  db
    .select({
      sessionId: as(sessions.id, 'session_id'),
      startedAt: as(sessions.createdAt, 'started_at'),
      lastSeenAt: sessions.lastSeenAt,
      live: flag(isLive(now), 'live'),
      expired: flag(isExpired(now), 'expired'),
      fresh: flag(isFresh(now), 'fresh'),
      userId: as(users.id, 'user_id'),
      email: as(users.email, 'user_email'),
      name: as(users.name, 'user_name'),
      lastTenantId: users.lastTenantId,
      factors: users.factors,
      factorAt: sessions.factorAt,
      memberId: maybe(members.id, 'member_id'),
      role: maybe(members.role, 'role'),
      agentMode: maybe(members.agentMode, 'agent_mode'),
      validFrom: maybe(members.validFrom, 'valid_from'),
      joinedAt: maybe(members.joinedAt, 'joined_at'),
      ended: flag(isEnded(now), 'ended'),
      tenantId: maybe(tenants.id, 'tenant_id'),
      tenantName: maybe(tenants.name, 'tenant_name'),
      policy: maybe(tenants.factorPolicy, 'factor_policy'),
      policyAt: maybe(tenants.factorPolicyAt, 'factor_policy_at'),
      graceDays: maybe(tenants.factorGraceDays, 'factor_grace_days'),
      visitedAt: maybe(visits.lastAt, 'visited_at'),
      defaults: json<SectionSettings>(sectionDefaultsOf(tenants.id), 'defaults'),
      overrides: json<SectionSettings>(sectionOverridesOf(tenants.id, members.id), 'overrides'),
      connected: json<string[]>(connectedIn(tenants.id), 'connected'),
      workspaces: json<Workspace[]>(openTo(sql`${users.id}`, now), 'workspaces'),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(members, and(eq(members.userId, users.id), eq(members.tenantId, tenantId), ne(members.status, 'disabled')))
    .leftJoin(tenants, and(eq(tenants.id, members.tenantId), isNull(tenants.suspendedAt)))
    .leftJoin(visits, and(eq(visits.sessionId, sessions.id), eq(visits.tenantId, tenants.id)))
    .where(eq(sessions.secretHash, secretHash))

/** As JSON: the sections of a workspace that lead to a tool. */
const connectedIn = (tenantId: SQLWrapper) =>
  sql`(SELECT json_group_array(c.section) FROM section_urls c WHERE c.tenant_id = ${tenantId})`

/** The workspaces that are open to a user, by name, as JSON. */
const openTo = (userId: SQL, now: number) => sql`(
  SELECT json_group_array(json_object('id', id, 'name', name)) FROM (
    SELECT t.id, t.name FROM members x JOIN tenants t ON t.id = x.tenant_id AND t.suspended_at IS NULL
    WHERE x.user_id = ${userId} AND ${isActive(now, 'x')} ORDER BY t.name, t.id))`

/** The workspace that a user was in last and that is still open to them, as SQL for its id. */
export const lastWorkspaceOf = ({ secretHash, now }: Pick<Visitor, 'secretHash' | 'now'>) => sql`(
  SELECT x.tenant_id FROM sessions s JOIN users u ON u.id = s.user_id JOIN members x ON x.user_id = u.id AND ${isActive(now, 'x')}
    AND x.valid_from <= s.created_at JOIN tenants t ON t.id = x.tenant_id AND t.suspended_at IS NULL
  WHERE s.secret_hash = ${secretHash}
  ORDER BY x.tenant_id IS u.last_tenant_id DESC, x.last_active_at DESC, x.joined_at DESC LIMIT 1)`

/** Why a session that is not live is over. */
export const endOf = ({ expired }: { expired: boolean }) => (expired ? 'expired' : 'over')

/** Who was found, or why nobody who may enter. */
export function toViewer(row: ViewerRow | undefined): Viewer | Stranger {
  if (!row) return { reason: 'ended' }
  const { sessionId, userId, email, name, fresh, connected, workspaces, memberId, role, agentMode, tenantId, tenantName } = row
  if (!row.live) return { reason: endOf(row), userId, sessionId }
  if (!memberId || !role || !agentMode || !tenantId || !tenantName) return { reason: 'no_member', userId, sessionId }
  if (row.ended) return { reason: 'past_end', userId, sessionId, tenantName }
  if (row.startedAt < (row.validFrom ?? 0)) return { reason: 'again', userId, sessionId }
  const sections = sectionsOf({ role, defaults: row.defaults, overrides: row.overrides })
  const factor = factorStateOf(row, { ...row, policy: row.policy ?? 'optional', role })
  const member = { memberId, tenantId, tenantName, role, agentMode, sections, factorPolicy: row.policy ?? ('optional' as const) }
  return { sessionId, userId, email, name, fresh, factor, connected, workspaces, ...member }
}

/** Whether anything of `recordVisit` has to be written, so that most pages write nothing. */
export const isVisitDue = (row: ViewerRow, now: number) =>
  isTouchDue(row, now) || (row.visitedAt ?? 0) <= now - SESSION.touchMs || row.lastTenantId !== row.tenantId

/** Notes that a member is here: for the idle time of the session, for *last active*, and for where `/` leads. Written after the answer. */
export const recordVisit = (act: Pick<Act, 'db' | 'now'>, { sessionId, userId, memberId, tenantId }: Viewer) =>
  act.db.batch([
    touchSession(act, { userId, sessionId }),
    act.db
      .insert(visits)
      .select(
        act.db
          .select({
            sessionId: sessions.id,
            tenantId: members.tenantId,
            memberId: sql<string>`${members.id}`.as('member_id'),
            enteredAt: sql<number>`${act.now}`.as('entered_at'),
            lastAt: sql<number>`${act.now}`.as('last_at'),
          })
          .from(members)
          .innerJoin(sessions, eq(sessions.userId, members.userId))
          .where(and(eq(members.id, memberId), eq(sessions.id, sessionId), isActive(act.now), isLive(act.now))),
      )
      .onConflictDoUpdate({ target: [visits.sessionId, visits.tenantId], set: { lastAt: act.now } }),
    act.db
      .update(members)
      .set({ lastActiveAt: act.now })
      .where(and(eq(members.id, memberId), isActive(act.now))),
    act.db
      .update(users)
      .set({ lastTenantId: tenantId })
      .where(and(eq(users.id, userId), sql`${users.lastTenantId} IS NOT ${tenantId}`)),
  ])

/** The id of the member behind a place, for reads that ride in the same batch as the viewer. */
export const memberIdOf = ({ secretHash, tenantId }: Pick<Place, 'secretHash' | 'tenantId'>) => sql`(
  SELECT m.id FROM sessions s JOIN members m ON m.user_id = s.user_id AND m.tenant_id = ${tenantId}
  WHERE s.secret_hash = ${secretHash})`

export const nameOrEmail = ({ name, email }: { name: string | null; email: string }) => name ?? email

/** What the person's memberships are, open or not: the open ones first, of them the one used last. */
export const membershipsOf = ({ db, secretHash, now }: Visitor) =>
  db
    .select({
      tenantId: as(tenants.id, 'tenant_id'),
      tenantName: as(tenants.name, 'tenant_name'),
      memberId: as(members.id, 'member_id'),
      role: members.role,
      status: statusAt(now).as('status'),
      endsAt: members.endsAt,
      notices: members.notices,
      suspended: flag(sql`${tenants.suspendedAt} IS NOT NULL`, 'suspended'),
      joinedAt: members.joinedAt,
      lastActiveAt: members.lastActiveAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(members, eq(members.userId, users.id))
    .innerJoin(tenants, eq(tenants.id, members.tenantId))
    .where(eq(sessions.secretHash, secretHash))
    .orderBy(
      sql`${isActive(now)} DESC`,
      sql`${members.tenantId} IS ${users.lastTenantId} DESC`,
      desc(members.lastActiveAt),
      tenants.name,
    )

export type Membership = Awaited<ReturnType<typeof membershipsOf>>[number]
