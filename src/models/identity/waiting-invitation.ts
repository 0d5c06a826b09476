import { and, eq, gt, isNotNull, isNull } from 'drizzle-orm'
import { sessions, users } from '../../db/schema/identity'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as } from '../../db/select'
import type { Visitor } from './session'

/** The invitations that wait for the person behind a cookie, for a proven address only: of any other we do not know that it is theirs. */
export const waitingInvitationsOf = ({ db, secretHash, now }: Visitor) =>
  db
    .select({
      id: as(invitations.id, 'invitation_id'),
      tenantName: as(tenants.name, 'tenant_name'),
      inviterName: invitations.inviterName,
      expiresAt: as(invitations.expiresAt, 'invitation_expires_at'),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(members, and(eq(members.emailKey, users.emailKey), eq(members.status, 'pending')))
    .innerJoin(
      invitations,
      and(eq(invitations.memberId, members.id), eq(invitations.state, 'open'), gt(invitations.expiresAt, now)),
    )
    .innerJoin(tenants, and(eq(tenants.id, members.tenantId), isNull(tenants.suspendedAt)))
    .where(and(eq(sessions.secretHash, secretHash), isNotNull(users.provedAt)))
    .orderBy(tenants.name)
    .limit(20)

export type WaitingInvitation = Awaited<ReturnType<typeof waitingInvitationsOf>>[number]
