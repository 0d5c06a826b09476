import { HOUR_MS } from '../../limits'
import { type AgentMode, type Role, sectionsOf } from '../access/access'
import { factorDueAt } from '../identity/factor-policy'
import type { Claims } from '../identity/token'
import type { NoticeEntry } from '../invitations/notice-mail'
import type { Ending } from '../members/end-warning'
import type { MailContext as Context } from './letter-context'

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
/** The app that was asked for, and the section or the agent that it is for. */
export type AboutAccess = { app?: string; section?: string | null; agent?: string | null }
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
  | { kind: 'access_given'; workspace: Workspace; app: AboutAccess }
  | { kind: 'access_declined'; workspace: Workspace; app: AboutAccess }
  | AccountNewsLetter
  | FactorLetter

/** News has no link that expires; it is given up after as long as an invitation lives by default. */
const NEWS_LIFETIME_MS = 72 * HOUR_MS

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
  ...([
    'password_changed',
    'notice',
    'test',
    'ending',
    'endings',
    'factor_reminder',
    'join_approved',
    'join_declined',
    'access_given',
    'access_declined',
  ] as const),
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
  if (kind === 'access_given' || kind === 'access_declined') return { kind, workspace, app: context.about }
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
