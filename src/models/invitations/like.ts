import { and, eq } from 'drizzle-orm'
import { invitations } from '../../db/schema/invitations'
import { members } from '../../db/schema/members'
import { json } from '../../db/select'
import type { SectionSettings } from '../access/access'
import { agentListOf, sectionOverridesOf } from '../access/section-settings'
import type { Place } from '../members/viewer'

/** At most one row: what a pending person was given, for another invitation like theirs. */
export const invitationLike = ({ db, tenantId }: Place, memberId: string) =>
  db
    .select({
      role: members.role,
      agentMode: members.agentMode,
      endsAt: members.endsAt,
      presetId: members.presetId,
      note: invitations.note,
      overrides: json<SectionSettings>(sectionOverridesOf(members.tenantId, members.id), 'overrides'),
      agents: json<string[]>(agentListOf(members.tenantId, members.id), 'agents'),
    })
    .from(members)
    .innerJoin(invitations, and(eq(invitations.memberId, members.id), eq(invitations.state, 'open')))
    .where(and(eq(members.tenantId, tenantId), eq(members.id, memberId)))
