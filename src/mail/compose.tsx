import type { JSX } from 'hono/jsx/jsx-runtime'
import { shownAddress } from '../../views/components/shown-address'
import { InvitationMail, invitationText } from '../../views/mail/invitation'
import { JoinAnswerMail, JoinMail, joinAnswerText, joinText } from '../../views/mail/join'
import { NoticeMail, newsInWords, noticeText } from '../../views/mail/notice'
import { PasswordChangedMail, passwordChangedText } from '../../views/mail/password-changed'
import { PasswordResetMail, passwordResetText } from '../../views/mail/password-reset'
import { TestMail, testText } from '../../views/mail/test'
import type { Env } from '../env'
import { mailableForm } from '../models/core/address'
import { type Keyring, signerOf } from '../models/identity/keyring'
import { type Claims, type Purpose, signToken } from '../models/identity/token'
import type { NoticeEntry } from '../models/invitations/notice-mail'
import type { LeasedMail } from '../models/mail/lease'
import type { LetterContext } from '../models/mail/letter'
import { MAILED_PATHS, pathsIn, type WorkspacePaths } from '../paths'
import { accessAnswer } from './compose-access'
import { accountNews } from './compose-account'
import { ending, endings } from './compose-ending'
import { factorMail } from './compose-factor'
import { factorReminder } from './compose-factor-reminder'
import type { Letter } from './provider'
import { dateInWords, marksAsTags, nameInSubject, noteInMail, spanInWords, withoutLinks } from './words'

export type Content = Pick<Letter, 'subject' | 'text' | 'replyTo'> & { workspace?: string; html: JSX.Element }
type Of<Kind> = Extract<LetterContext, { kind: Kind }>

/** The letter of an outbox row, with its link signed now: the outbox itself never holds one. */
export async function compose(
  env: Env,
  { id, to }: Pick<LeasedMail, 'id' | 'to'>,
  letter: LetterContext,
  now: number,
): Promise<Letter> {
  const { workspace, html, ...content } = await contentOf(env, shownAddress(to), letter, now)
  const from = { email: env.MAIL_FROM, name: workspace ? `${workspace} via ${env.MAIL_FROM_NAME}` : env.MAIL_FROM_NAME }
  return { id, to: mailableForm(to), from, html: `<!doctype html>${marksAsTags(`${await html}`)}`, ...content }
}

function contentOf(env: Env, to: string, letter: LetterContext, now: number): Promise<Content> | Content {
  if (letter.kind === 'notice') return notice(env, to, letter)
  if (letter.kind === 'ending') return ending(env, to, letter)
  if (letter.kind === 'factor_reminder') return factorReminder(env, to, letter, now)
  if (letter.kind === 'endings') return endings(env, to, letter)
  if (letter.kind === 'test') return test(env, to, letter, now)
  if (letter.kind === 'join') return joining(env, to, letter, now)
  if ('app' in letter) return accessAnswer(env, to, letter)
  if (letter.kind === 'join_approved' || letter.kind === 'join_declined') return answered(env, to, letter)
  if (letter.kind === 'password_changed') return passwordChanged(env, to, letter)
  if (letter.kind === 'factor_link' || letter.kind === 'factor_reset' || letter.kind === 'factor_reset_elsewhere')
    return factorMail(env, to, letter, now)
  if ('about' in letter) return accountNews(env, to, letter)
  if (letter.kind === 'password_reset' || letter.kind === 'address_confirmation') return passwordReset(env, to, letter, now)
  return invitation(env, to, letter, now)
}

async function invitation(
  env: Env,
  to: string,
  letter: Of<'invitation' | 'fresh_invitation' | 'reminder'>,
  now: number,
): Promise<Content> {
  const inviter = nameInSubject(shownAddress(letter.inviter)) ?? 'An admin'
  const workspace = nameInSubject(letter.workspace.name) ?? 'a workspace'
  const occasion = occasionOf(letter)
  const subject = `${OCCASIONS[occasion]}${inviter} ${letter.asked ? 'approved your request to join' : 'invited you to'} ${workspace}`
  const answerTo = letter.answerTo && mailableForm(letter.answerTo)
  const props = {
    ...common(env, { to, subject }),
    ...expiry(letter.link, now),
    occasion,
    inviter: withoutLinks(inviter),
    answerTo: answerTo && shownAddress(answerTo),
    workspace: withoutLinks(workspace),
    access: letter.access,
    note: noteInMail(letter.note),
    asked: letter.asked,
    hasAccount: letter.hasAccount,
    link: await linkOf(env, env.INVITATION_KEYS, 'invitation', letter.link, now),
  }
  const content = { workspace, subject, html: <InvitationMail {...props} />, text: invitationText(props) }
  return answerTo ? { ...content, replyTo: { email: answerTo, name: inviter } } : content
}

const OCCASIONS = {
  invitation: '',
  approved: '',
  resend: 'New link: ',
  fresh_invitation: 'Your fresh link: ',
  reminder: 'Reminder: ',
} as const

function occasionOf({ kind, isAnew, asked }: Of<'invitation' | 'fresh_invitation' | 'reminder'>): keyof typeof OCCASIONS {
  if (kind !== 'invitation') return kind
  if (isAnew) return 'resend'
  return asked ? 'approved' : 'invitation'
}

async function passwordReset(
  env: Env,
  to: string,
  { kind, link: claims, askedAt }: Of<'password_reset' | 'address_confirmation'>,
  now: number,
): Promise<Content> {
  const subject = kind === 'password_reset' ? `Reset your ${env.MAIL_FROM_NAME} password` : 'Confirm your address'
  const link = await linkOf(env, env.RESET_KEYS, 'password_reset', claims, now)
  const props = { ...common(env, { to, subject }), ...expiry(claims, now), occasion: kind, askedAt: dateInWords(askedAt), link }
  return { subject, html: <PasswordResetMail {...props} />, text: passwordResetText(props) }
}

async function joining(
  env: Env,
  to: string,
  { link: claims, workspace: { name }, hasAccount }: Of<'join'>,
  now: number,
): Promise<Content> {
  const workspace = nameInSubject(name) ?? 'a workspace'
  const subject = `Join ${workspace}`
  const link = await linkOf(env, env.JOIN_KEYS, 'join', claims, now)
  const props = { ...common(env, { to, subject }), ...expiry(claims, now), workspace: withoutLinks(workspace), hasAccount, link }
  return { workspace, subject, html: <JoinMail {...props} />, text: joinText(props) }
}

function answered(env: Env, to: string, letter: Of<'join_approved' | 'join_declined'>): Content {
  const workspace = nameInSubject(letter.workspace.name) ?? 'a workspace'
  const approved = letter.kind === 'join_approved'
  const subject = approved ? `You can now use ${workspace}` : `Your request to join ${workspace} was declined`
  const href = `${env.APP_ORIGIN}${pathsIn(letter.workspace.id).home}`
  const props = { ...common(env, { to, subject }), workspace: withoutLinks(workspace), approved, href }
  return { workspace, subject, html: <JoinAnswerMail {...props} />, text: joinAnswerText(props) }
}

function passwordChanged(env: Env, to: string, { changedAt, first }: Of<'password_changed'>): Content {
  const subject = `Your ${env.MAIL_FROM_NAME} password was ${first ? 'set' : 'changed'}`
  const props = {
    ...common(env, { to, subject }),
    first,
    changedAt: dateInWords(changedAt),
    forgot: `${env.APP_ORIGIN}/forgot-password`,
  }
  return { subject, html: <PasswordChangedMail {...props} />, text: passwordChangedText(props) }
}

function notice(env: Env, to: string, { workspace, notices, more }: Of<'notice'>): Content {
  const name = nameInSubject(workspace.name) ?? 'a workspace'
  const pages = pathsIn(workspace.id)
  const news = notices.map(({ app, ...entry }) => ({ ...entry, who: whoIs(entry), app: app ? nameInSubject(app) : undefined }))
  const subject = newsInWords(news, more, name)
  const facts = news.map(({ kind, who, email, at, memberId, app }) => ({
    kind,
    who: withoutLinks(who === shownAddress(email) ? who : `${who} (${shownAddress(email)})`),
    ...(app && { app: withoutLinks(app) }),
    at: dateInWords(at),
    href: hrefOf({ kind, memberId }, pages, env.APP_ORIGIN),
  }))
  const words = { subject, heading: withoutLinks(subject), workspace: withoutLinks(name) }
  const hrefs = { users: `${env.APP_ORIGIN}${pages.users}`, choice: `${env.APP_ORIGIN}/workspaces` }
  const props = { ...words, to, product: env.MAIL_FROM_NAME, notices: facts, more, ...hrefs }
  return { workspace: name, subject, html: <NoticeMail {...props} />, text: noticeText(props) }
}

/** Whoever waits for approval has no page of their own yet. */
function hrefOf({ kind, memberId }: Pick<NoticeEntry, 'kind' | 'memberId'>, pages: WorkspacePaths, origin: string) {
  if (memberId) return `${origin}${pages.member(memberId)}`
  return kind === 'asked' || kind === 'access_asked' ? `${origin}${pages.requests}` : null
}

const whoIs = ({ name, email }: { name: string | null; email: string }) => (name && nameInSubject(name)) || shownAddress(email)

function test(env: Env, to: string, letter: Of<'test'>, now: number): Content {
  const workspace = nameInSubject(letter.workspace.name) ?? 'a workspace'
  const subject = `Test email from ${workspace}`
  const props = {
    subject,
    to,
    product: env.MAIL_FROM_NAME,
    workspace: withoutLinks(workspace),
    sentAt: dateInWords(now),
    checks: `${env.APP_ORIGIN}${pathsIn(letter.workspace.id).checks}`,
  }
  return { workspace, subject, html: <TestMail {...props} />, text: testText(props) }
}

export const common = (env: Env, { to, subject }: { to: string; subject: string }) => ({
  subject,
  to,
  product: env.MAIL_FROM_NAME,
  login: `${env.APP_ORIGIN}/login`,
})

export const expiry = ({ exp }: Claims, now: number) => ({ expiresIn: spanInWords(exp - now), expiresAt: dateInWords(exp) })

/** The URL of a link, signed now. */
export const linkOf = async (env: Env, keys: Keyring, purpose: Purpose, claims: Claims, now: number) =>
  `${env.APP_ORIGIN}${MAILED_PATHS[purpose]}?token=${await signToken(signerOf(keys, now), purpose, claims)}`
