import { and, eq, gt, isNull, type SQLWrapper, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { users } from '../../db/schema/identity'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as, flag, json, maybe } from '../../db/select'
import { LIFT_MS } from '../../limits'
import { type SectionSettings, sectionsOf } from '../access/access'
import { sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import type { Act } from '../core/act'
import { accountState, type OldMembership, oldMemberships } from '../identity/take-over'
import { restrictsDomains } from './domains'
import { type Suppression, suppressionOf } from './suppression'

/** The invitation that a link is for: the one that was emailed, or the one that was copied to be handed over. */
export const byJti = (jti: string) => sql`(${invitations.jti} = ${jti} OR ${invitations.copiedJti} = ${jti})`

/** At most one row: what a link shows before any sign-in; none while the workspace is suspended. A member who is gone leaves address, role and access empty. */
export const invitationOf = (db: Db, jti: string) =>
  db
    .select({
      id: as(invitations.id, 'invitation_id'),
      tenantId: as(tenants.id, 'workspace_id'),
      tenantName: as(tenants.name, 'workspace_name'),
      inviterName: invitations.inviterName,
      note: invitations.note,
      expiresAt: invitations.expiresAt,
      closedAt: invitations.closedAt,
      state: invitations.state,
      status: maybe(members.status, 'status'),
      email: maybe(members.email, 'email'),
      emailKey: maybe(members.emailKey, 'email_key'),
      invitedName: maybe(members.invitedName, 'invited_name'),
      endsAt: maybe(members.endsAt, 'ends_at'),
      role: maybe(members.role, 'role'),
      agentMode: maybe(members.agentMode, 'agent_mode'),
      agentCount:
        sql<number>`(SELECT count(*) FROM member_agents g WHERE g.tenant_id = ${members.tenantId} AND g.member_id = ${members.id})`.as(
          'agent_count',
        ),
      defaults: json<SectionSettings>(sectionDefaultsOf(tenants.id), 'defaults'),
      overrides: json<SectionSettings>(sectionOverridesOf(tenants.id, members.id), 'overrides'),
      accountId: maybe(users.id, 'account_id'),
      account: accountState.as('account_state'),
      memberships: json<OldMembership[]>(oldMemberships, 'memberships'),
      isTheirs: flag(wasMailedTo({ invitationId: invitations.id, emailKey: members.emailKey }), 'is_theirs'),
      isEmailed: flag(sql`${invitations.jti} = ${jti}`, 'is_emailed'),
      restricts: flag(restrictsDomains(sql`${tenants.id}`), 'restricts'),
      suppression: json<Suppression | null>(sql`coalesce(${suppressionOf(invitations)}, 'null')`, 'suppression'),
      newestMailAt: sql<number | null>`(SELECT max(x.created_at) FROM mails x
        WHERE x.to_key = ${members.emailKey} AND x.member_id = ${members.id})`.as('newest_mail_at'),
    })
    .from(invitations)
    .innerJoin(tenants, and(eq(tenants.id, invitations.tenantId), isNull(tenants.suspendedAt)))
    .leftJoin(members, eq(members.id, invitations.memberId))
    .leftJoin(users, eq(users.emailKey, members.emailKey))
    .where(byJti(jti))

/** Whether an invitation went to the address that its member has now. */
export const wasMailedTo = ({ invitationId, emailKey }: { invitationId: SQLWrapper; emailKey: SQLWrapper }) =>
  sql`EXISTS (SELECT 1 FROM mails y WHERE y.invitation_id = ${invitationId} AND y.to_key = ${emailKey})`

/** Whether the workspace of a member `m` may be entered at all: while it is suspended, nobody joins it and nobody is invited to it. */
export const isNotSuspended = sql`EXISTS (SELECT 1 FROM tenants t WHERE t.id = m.tenant_id AND t.suspended_at IS NULL)`

type Row = Awaited<ReturnType<typeof invitationOf>>[number]

/** `ended`: the membership would be over. */
export type InvitationState = Row['state'] | 'expired' | 'ended'
export type Invitation = ReturnType<typeof toInvitation>

export const toInvitation = (
  { defaults, overrides, status, isTheirs, isEmailed, suppression, email, emailKey, role, agentMode, ...row }: Row,
  now: number,
) => ({
  ...row,
  email: email ?? '',
  emailKey: emailKey ?? '',
  role: role ?? 'user',
  agentMode: agentMode ?? 'all',
  suppression: suppression && { reason: suppression.reason, mayLift: isEmailed && suppression.at > now - LIFT_MS },
  state:
    status === 'pending' && isTheirs && isPast(row.endsAt, now)
      ? ('ended' as const)
      : stateOf(row.state, isTheirs ? status : null, row.expiresAt <= now),
  /** It was only ever emailed, so that whoever has it reads what comes to the address. */
  isEmailed,
  /** Those that the person will see, in the sidebar's order. */
  sections: sectionsOf({ role: role ?? 'user', defaults, overrides }),
})

const isPast = (endsAt: number | null, now: number) => endsAt !== null && endsAt <= now

/** Expiry is computed from the clock whenever it is read. A superseded link tells what became of the newest one, unless that went to another address. */
function stateOf(state: Row['state'], status: Row['status'], expired: boolean): InvitationState {
  if (state === 'open') return expired ? 'expired' : 'open'
  if (state !== 'superseded' || status === 'pending') return state
  return status ? 'accepted' : 'cancelled'
}

/** Somebody used the form that an open link leads to: noted once, and only as an observation. */
export const noteOpened = ({ db, now }: Act, jti: string) =>
  db
    .update(invitations)
    .set({ openedAt: now })
    .where(and(byJti(jti), isOpen(now), isNull(invitations.openedAt)))

const isOpen = (now: number) => and(eq(invitations.state, 'open'), gt(invitations.expiresAt, now))
