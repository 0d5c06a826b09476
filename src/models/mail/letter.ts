import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { factorLinks, passwordResets } from '../../db/schema/identity'
import { invitations } from '../../db/schema/invitations'
import { joinProofs } from '../../db/schema/join-links'
import { mails } from '../../db/schema/mail'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { as, flag, json, maybe } from '../../db/select'
import { HOUR_MS } from '../../limits'
import { type AgentMode, type Role, type SectionSettings, sectionsOf } from '../access/access'
import { sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import { type FactorRule, factorDueAt } from '../identity/factor-policy'
import type { Claims } from '../identity/token'
import { type NoticeEntry, noticeCount, noticesIn } from '../invitations/notice-mail'
import { isSuppressed } from '../invitations/suppression'
import { type Ending, endingCount, endingsIn, endOf } from '../members/end-warning'
import { factorRuleOf } from '../members/factor-reminder'

type Workspace = { id: string; name: string }

/** What happened to an account that its person is told. */
export const ACCOUNT_NEWS = [
  'factor_added',
  'factor_removed',
  'recovery_codes_made',
  'recovery_code_used',
  'new_browser',
  'factor_was_reset',
] as const
export type AccountNews = (typeof ACCOUNT_NEWS)[number]
/** `name`: what they called a passkey; `userAgent` and `ip`: of the browser in which it was done; `askedIn`: the workspace whose admin asked for it; `first`: of a password. */
export type AboutAccount = {
  factor?: 'passkey' | 'totp'
  name?: string
  userAgent?: string
  ip?: string
  askedIn?: string
  first?: true
}
export type AccountNewsLetter = { kind: AccountNews; at: number; about: AboutAccount }

/** A link to set up a second factor: the first one, or one in the place of the one that they lost. `factor_reset_elsewhere` has none: only the operator can help. */
const FACTOR_MAILS = ['factor_link', 'factor_reset', 'factor_reset_elsewhere'] as const
export type FactorMail = (typeof FACTOR_MAILS)[number]
/** `workspace` is the name of the one whose admin asked; null of the operator. */
export type FactorLetter =
  | { kind: 'factor_link'; link: Claims; askedAt: number }
  | { kind: 'factor_reset'; link: Claims; askedAt: number; workspace: string | null }
  | { kind: 'factor_reset_elsewhere'; askedAt: number; workspace: string | null; hasAccount: boolean }

/** What a letter says; `link` holds the claims of the link that is signed when the mail is sent. */
export type LetterContext =
  | {
      kind: 'invitation' | 'fresh_invitation' | 'reminder'
      link: Claims
      workspace: Workspace
      inviter: string
      /** The inviter's address, unless they are gone or the workspace wants no answers. */
      answerTo: string | null
      /** Somebody at this address was sent an earlier link of theirs. */
      isAnew: boolean
      /** They asked to join by a join link, and an admin approved. */
      asked: boolean
      access: { role: Role; sections: string[]; agentMode: AgentMode; agentCount: number; endsAt?: number | null }
      note: string | null
      /** A proven one: somebody who signs in and joins, and sets no password. */
      hasAccount: boolean
    }
  | { kind: 'password_reset'; link: Claims; askedAt: number }
  | { kind: 'address_confirmation'; link: Claims; askedAt: number }
  | { kind: 'password_changed'; changedAt: number; first: boolean }
  | { kind: 'notice'; workspace: Workspace; notices: NoticeEntry[]; more: number }
  | { kind: 'test'; workspace: Workspace }
  | { kind: 'ending'; workspace: Workspace; endsAt: number }
  | { kind: 'factor_reminder'; workspace: Workspace; dueAt: number }
  | { kind: 'endings'; workspace: Workspace; people: Ending[]; more: number }
  | { kind: 'join'; link: Claims; workspace: Workspace; hasAccount: boolean }
  | { kind: 'join_approved'; workspace: Workspace }
  | { kind: 'join_declined'; workspace: Workspace }
  | AccountNewsLetter
  | FactorLetter

type Context = Awaited<ReturnType<typeof letterContextsOf>>[number]

/** News has no link that expires; it is given up after as long as an invitation lives by default. */
const NEWS_LIFETIME_MS = 72 * HOUR_MS

/** A mail has one link at most: that of its invitation, of its reset, of its use of a join link, or of a second factor. What the person will see is read when the mail is written. A suspended workspace is none, so that nobody is emailed for it. */
export const letterContextsOf = (db: Db, mailIds: string[]) =>
  db
    .select({
      id: as(mails.id, 'mail_id'),
      kind: as(mails.kind, 'mail_kind'),
      to: mails.toEmail,
      createdAt: as(mails.createdAt, 'mail_at'),
      about: sql<AboutAccount>`coalesce(${mails.about}, '{}')`
        .mapWith((text: string): AboutAccount => JSON.parse(text))
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

/** Its link still works, only its address may not be invited any more. */
export const isLeftOut = (context: Context, now: number) =>
  context.suppressed && context.inviter !== null && usableLink(context, now) !== undefined

/** Undefined when nobody needs it any more, or its address may not be emailed. */
export function letterOf(context: Context, now: number): LetterContext | undefined {
  const { kind, inviter, answerTo, isAnew, asked, note, hasAccount } = context
  if (isNews(kind)) return newsOf(kind, context, now)
  if (isFactorMail(kind)) return factorLetter(kind, context, now)
  const link = usableLink(context, now)
  if (!link) return undefined
  if (kind === 'password_reset' || kind === 'address_confirmation') return { kind, link, askedAt: context.createdAt }
  if (context.suppressed) return undefined
  const [access, workspace] = [accessOf(context), workspaceOf(context)]
  if (kind === 'join') return workspace && { kind, link, workspace, hasAccount }
  if (!access || !workspace || !inviter) return undefined
  return { kind, link, access, workspace, inviter, answerTo, isAnew, asked, note, hasAccount }
}

const NEWS = [
  ...(['password_changed', 'notice', 'test', 'ending', 'endings', 'factor_reminder', 'join_approved', 'join_declined'] as const),
  ...ACCOUNT_NEWS,
] as const
type News = (typeof NEWS)[number]
const isAccountNews = (kind: Context['kind']): kind is AccountNews => ACCOUNT_NEWS.some((each) => each === kind)
const isNews = (kind: Context['kind']): kind is News => NEWS.some((each) => each === kind)

/** A mail without a link is given up once its news are old. */
function newsOf(kind: News, context: Context, now: number): LetterContext | undefined {
  const { createdAt } = context
  if (createdAt + NEWS_LIFETIME_MS <= now) return undefined
  if (kind === 'password_changed') return { kind, changedAt: createdAt, first: context.about.first === true }
  if (isAccountNews(kind)) return { kind, at: createdAt, about: context.about }
  const workspace = workspaceOf(context)
  if (!workspace) return undefined
  if (kind === 'ending') return endingOf(context, workspace, now)
  if (kind === 'factor_reminder') return factorReminderOf(context, workspace)
  if (kind === 'endings') return endingsOf(context, workspace)
  return kind === 'notice' ? noticesOf(context, workspace) : { kind, workspace }
}

const isFactorMail = (kind: Context['kind']): kind is FactorMail => FACTOR_MAILS.some((each) => each === kind)

/** Whoever has no account is emailed for an admin's wish alone, so that a complaint of theirs stops it. */
function factorLetter(kind: FactorMail, context: Context, now: number): LetterContext | undefined {
  const { createdAt: askedAt, askedIn: workspace, hasAccount, suppressed } = context
  if (kind === 'factor_reset_elsewhere') {
    const isOld = askedAt + NEWS_LIFETIME_MS <= now
    return isOld || (suppressed && !hasAccount) ? undefined : { kind, askedAt, workspace, hasAccount }
  }
  const link = usableLink(context, now)
  return link && { kind, link, askedAt, workspace }
}

/** Without any: whoever they were for is told nothing any more. */
const noticesOf = ({ notices, noticeCount }: Context, workspace: Workspace): LetterContext | undefined =>
  noticeCount > 0 ? { kind: 'notice', workspace, notices, more: noticeCount - notices.length } : undefined

/** Not once it has ended, or has no end any more. */
const endingOf = ({ ownEnd, suppressed }: Context, workspace: Workspace, now: number): LetterContext | undefined =>
  ownEnd && ownEnd > now && !suppressed ? { kind: 'ending', workspace, endsAt: ownEnd } : undefined

/** Not once they have one, or nobody asks them for one any more. */
function factorReminderOf({ factorRule, suppressed }: Context, workspace: Workspace): LetterContext | undefined {
  const dueAt = factorRule && !suppressed ? factorDueAt(factorRule) : undefined
  return dueAt === undefined ? undefined : { kind: 'factor_reminder', workspace, dueAt }
}

const endingsOf = ({ endings, endingCount }: Context, workspace: Workspace): LetterContext | undefined =>
  endingCount > 0 ? { kind: 'endings', workspace, people: endings, more: endingCount - endings.length } : undefined

const workspaceOf = ({ workspaceId: id, workspaceName: name }: Context): Workspace | undefined =>
  id && name ? { id, name } : undefined

function accessOf({ role, agentMode, agentCount, endsAt, defaults, overrides }: Context) {
  if (!role || !agentMode) return undefined
  const sections = sectionsOf({ role, defaults, overrides })
  return { role, agentMode, agentCount, endsAt, sections: sections.map(({ name }) => name) }
}

function usableLink({ linkJti, linkState, linkFrom, linkUntil }: Context, now: number): Claims | undefined {
  if (!linkJti || !linkFrom || !linkUntil) return undefined
  return linkState === 'open' && linkUntil > now ? { jti: linkJti, iat: linkFrom, exp: linkUntil } : undefined
}
