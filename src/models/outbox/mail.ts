import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { mails } from '../../db/schema'
import { type AgentMode, type Role, sectionsOf } from '../access/access'
import type { Claims } from '../identity/token'
import { type NoticeEntry, noticeCount, noticesIn } from '../invitations/notice-mail'
import { mayInvite } from '../invitations/suppression'
import { settingsOf } from '../members/viewer'

type Mail = typeof mails.$inferSelect

/** What a letter says; `link` holds the claims of the link that is signed when the mail is sent. */
export type LetterContext =
  | {
      kind: 'invitation' | 'fresh_invitation' | 'reminder'
      link: Claims
      workspace: string
      inviter: string
      access: { role: Role; sections: string[]; agentMode: AgentMode; agentCount: number }
      note: string | null
    }
  | { kind: 'password_reset'; link: Claims }
  | { kind: 'password_changed'; changedAt: number }
  | { kind: 'notice'; workspace: string; notices: NoticeEntry[]; more: number }
  | { kind: 'test'; workspace: string }

/** A queued mail that is ours for `LEASE_MS`; without `letter` its occasion has passed, and nobody needs it any more. */
export type LeasedMail = { id: string; attempts: number; to: string; letter: LetterContext | undefined; leftAlone: boolean }

/** Longer than one delivery can take (the provider's timeout and two writes), so that a live consumer never loses its lease. */
export const LEASE_MS = 60_000
/** The Queue's own time to deliver before the sweep takes a mail for lost. */
const GRACE_MS = 60_000
/** A notice has no link that lapses; it is given up after as long as an invitation lives by default. */
const NOTICE_LIFETIME_MS = 72 * 60 * 60_000
const SWEEP_ROWS = 100

/** Takes a queued mail for `LEASE_MS`; undefined when somebody else holds it or it needs no sending. */
export async function leaseMail(db: Db, mailId: string, now: number): Promise<LeasedMail | undefined> {
  const [leased, contexts] = await db.batch([takeLease(db, mailId, now), contextOf(db, mailId)])
  const [mail] = leased
  return mail && { ...mail, letter: letterOf(contexts[0], now), leftAlone: isLeftAlone(contexts[0], now) }
}

/** Ids of mails that the Queue should have delivered by now: it dropped them, or their consumer died. */
export async function lostMails(db: Db, now: number): Promise<string[]> {
  const due = now - GRACE_MS
  const rows = await raw<{ id: string }>(
    db,
    sql`
    SELECT id FROM mails WHERE state = 'queued' AND leased_until <= ${due} AND created_at <= ${due}
    ORDER BY leased_until LIMIT ${SWEEP_ROWS}`,
  )
  return rows.map(({ id }) => id)
}

const takeLease = (db: Db, mailId: string, now: number) =>
  raw<{ id: string; attempts: number; to: string }>(
    db,
    sql`
    UPDATE mails SET leased_until = ${now + LEASE_MS}, attempts = attempts + 1
    WHERE id = ${mailId} AND state = 'queued' AND leased_until <= ${now} RETURNING id, attempts, to_email AS "to"`,
  )

type Context = {
  kind: Mail['kind']
  createdAt: number
  workspace: string | null
  inviter: string | null
  note: string | null
  role: Role | null
  agentMode: AgentMode | null
  agentCount: number
  defaults: string
  overrides: string
  linkId: string | null
  linkJti: string | null
  linkState: string | null
  linkFrom: number | null
  linkUntil: number | null
  suppressed: number
  notices: string
  noticeCount: number
}

/** A mail has one link at most: that of its invitation or of its reset. What the person will see is read when the mail is written. */
const contextOf = (db: Db, mailId: string) =>
  raw<Context>(
    db,
    sql`
    SELECT x.kind, x.created_at AS createdAt, t.name AS workspace, i.inviter_name AS inviter, i.note, m.role, m.agent_mode AS agentMode,
      (SELECT count(*) FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id) AS agentCount,
      ${settingsOf(sql`section_defaults d WHERE d.tenant_id = m.tenant_id`)} AS defaults,
      ${settingsOf(sql`member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id`)} AS overrides,
      coalesce(i.id, r.id) AS linkId, coalesce(i.jti, r.jti) AS linkJti, coalesce(i.state, r.state) AS linkState,
      coalesce(i.created_at, r.created_at) AS linkFrom, coalesce(i.expires_at, r.expires_at) AS linkUntil,
      NOT ${mayInvite(sql`x.to_key`)} AS suppressed,
      ${noticesIn(sql`x.id`)} AS notices, ${noticeCount(sql`x.id`, sql`x.member_id`)} AS noticeCount
    FROM mails x LEFT JOIN invitations i ON i.id = x.invitation_id LEFT JOIN members m ON m.id = i.member_id
      LEFT JOIN tenants t ON t.id = x.tenant_id LEFT JOIN password_resets r ON r.id = x.password_reset_id
    WHERE x.id = ${mailId}`,
  )

/** Its link still stands, only its address may not be invited any more. */
const isLeftAlone = (context: Context | undefined, now: number) =>
  context?.suppressed === 1 && context.inviter !== null && usableLink(context, now) !== undefined

function letterOf(context: Context | undefined, now: number): LetterContext | undefined {
  if (!context) return undefined
  const { kind, workspace, inviter, note } = context
  if (kind === 'password_changed' || kind === 'notice' || kind === 'test') return newsOf(kind, context, now)
  const claims = usableLink(context, now)
  if (!claims) return undefined
  if (kind === 'password_reset') return { kind, link: claims }
  if (context.suppressed) return undefined
  const access = accessOf(context)
  return access && workspace && inviter ? { kind, link: claims, access, workspace, inviter, note } : undefined
}

/** A mail without a link is given up once its news are old. */
function newsOf(kind: 'password_changed' | 'notice' | 'test', context: Context, now: number): LetterContext | undefined {
  const { createdAt, workspace } = context
  if (createdAt + NOTICE_LIFETIME_MS <= now) return undefined
  if (kind === 'password_changed') return { kind, changedAt: createdAt }
  if (kind === 'notice') return noticesOf(context)
  return workspace ? { kind, workspace } : undefined
}

/** Without any: whoever they were for is told nothing any more. */
function noticesOf({ workspace, notices: json, noticeCount }: Context): LetterContext | undefined {
  const notices: NoticeEntry[] = JSON.parse(json)
  return workspace && noticeCount > 0 ? { kind: 'notice', workspace, notices, more: noticeCount - notices.length } : undefined
}

function accessOf({ role, agentMode, agentCount, defaults, overrides }: Context) {
  if (!role || !agentMode) return undefined
  const sections = sectionsOf({ role, defaults: JSON.parse(defaults), overrides: JSON.parse(overrides) })
  return { role, agentMode, agentCount, sections: sections.map(({ name }) => name) }
}

function usableLink({ linkId, linkJti, linkState, linkFrom, linkUntil }: Context, now: number): Claims | undefined {
  if (!linkId || !linkJti || !linkFrom || !linkUntil) return undefined
  return linkState === 'open' && linkUntil > now ? { id: linkId, jti: linkJti, iat: linkFrom, exp: linkUntil } : undefined
}
