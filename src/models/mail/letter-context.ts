import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { factorLinks, passwordResets } from '../../db/schema/identity'
import { invitations } from '../../db/schema/invitations'
import { joinProofs } from '../../db/schema/join-links'
import { mails } from '../../db/schema/mail'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as, flag, json, maybe } from '../../db/select'
import type { SectionSettings } from '../access/access'
import { sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import type { FactorRule } from '../identity/factor-policy'
import { type NoticeEntry, noticeCount, noticesIn } from '../invitations/notice-mail'
import { isSuppressed } from '../invitations/suppression'
import { type Ending, endingCount, endingsIn, endOf } from '../members/end-warning'
import { factorRuleOf } from '../members/factor-reminder'
import type { AboutAccess, AboutAccount } from './letter'

/** A mail has one link at most: that of its invitation, of its reset, of its use of a join link, or of a second factor. What the person will see is read when the mail is written. A suspended workspace is none, so that nobody is emailed for it. */
export const letterContextsOf = (db: Db, mailIds: string[]) =>
  db
    .select({
      id: as(mails.id, 'mail_id'),
      kind: as(mails.kind, 'mail_kind'),
      to: mails.toEmail,
      createdAt: as(mails.createdAt, 'mail_at'),
      about: sql<AboutAccount & AboutAccess>`coalesce(${mails.about}, '{}')`
        .mapWith((text: string): AboutAccount & AboutAccess => JSON.parse(text))
        .as('about'),
      askedIn: sql<string | null>`(SELECT a.name FROM tenants a WHERE a.id = ${mails.about} ->> 'askedIn')`.as('asked_in'),
      workspaceId: maybe(tenants.id, 'workspace_id'),
      workspaceName: maybe(tenants.name, 'workspace_name'),
      inviter: maybe(invitations.inviterName, 'inviter'),
      answerTo: sql<string | null>`(
        SELECT a.email FROM members a WHERE a.id = ${invitations.inviterId} AND a.tenant_id = ${tenants.id} AND a.status = 'active'
          AND ${tenants.replyToInviter} = 1)`.as('answer_to'),
      isAnew: flag(
        sql`EXISTS (SELECT 1 FROM mails p WHERE p.to_key = ${mails.toKey} AND p.member_id = ${mails.memberId}
          AND p.invitation_id <> ${mails.invitationId} AND p.created_at < ${mails.createdAt}
            AND p.sent_at IS NOT NULL)`,
        'is_anew',
      ),
      asked: flag(sql`${members.joinLinkId} IS NOT NULL`, 'asked'),
      note: maybe(invitations.note, 'note'),
      role: maybe(members.role, 'role'),
      agentMode: maybe(members.agentMode, 'agent_mode'),
      endsAt: maybe(members.endsAt, 'ends_at'),
      agentCount: sql<number>`(
        SELECT count(*) FROM member_agents g WHERE g.tenant_id = ${members.tenantId} AND g.member_id = ${members.id})`.as(
        'agent_count',
      ),
      defaults: json<SectionSettings>(sectionDefaultsOf(members.tenantId), 'defaults'),
      overrides: json<SectionSettings>(sectionOverridesOf(members.tenantId, members.id), 'overrides'),
      linkJti: sql<string | null>`coalesce(${invitations.jti}, ${passwordResets.jti}, ${joinProofs.jti}, ${factorLinks.jti})`.as(
        'link_jti',
      ),
      linkState: sql<
        string | null
      >`coalesce(${invitations.state}, ${passwordResets.state}, ${joinProofs.state}, ${factorLinks.state})`.as('link_state'),
      linkFrom: sql<
        number | null
      >`coalesce(${invitations.createdAt}, ${passwordResets.createdAt}, ${joinProofs.createdAt}, ${factorLinks.createdAt})`.as(
        'link_from',
      ),
      linkUntil: sql<
        number | null
      >`coalesce(${invitations.expiresAt}, ${passwordResets.expiresAt}, ${joinProofs.expiresAt}, ${factorLinks.expiresAt})`.as(
        'link_until',
      ),
      hasAccount: flag(
        sql`EXISTS (SELECT 1 FROM users u WHERE u.email_key = ${mails.toKey} AND u.proved_at IS NOT NULL)`,
        'has_account',
      ),
      suppressed: flag(isSuppressed({ tenantId: sql`${mails.tenantId}`, emailKey: sql`${mails.toKey}` }), 'suppressed'),
      notices: json<NoticeEntry[]>(noticesIn(mails.id), 'notices'),
      ownEnd: sql<number | null>`${endOf(mails)}`.as('own_end'),
      factorRule: json<FactorRule | null>(sql`coalesce(${factorRuleOf(mails)}, 'null')`, 'factor_rule'),
      endings: json<Ending[]>(endingsIn(mails), 'endings'),
      endingCount: sql<number>`${endingCount(mails)}`.as('ending_count'),
      noticeCount: sql<number>`${noticeCount(mails.id, mails.memberId)}`.as('notice_count'),
    })
    .from(mails)
    .leftJoin(invitations, eq(invitations.id, mails.invitationId))
    .leftJoin(members, eq(members.id, invitations.memberId))
    .leftJoin(tenants, and(eq(tenants.id, mails.tenantId), isNull(tenants.suspendedAt)))
    .leftJoin(passwordResets, eq(passwordResets.id, mails.passwordResetId))
    .leftJoin(joinProofs, eq(joinProofs.id, mails.joinProofId))
    .leftJoin(factorLinks, eq(factorLinks.id, mails.factorLinkId))
    .where(inArray(mails.id, mailIds))

/** All that is known of a mail when it is written. */
export type MailContext = Awaited<ReturnType<typeof letterContextsOf>>[number]
