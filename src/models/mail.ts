import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Db } from '../db/connect'
import { invitations, mails, members, passwordResets, tenants } from '../db/schema'
import { type AgentMode, type Role, sectionsOf } from './access'
import type { Claims } from './token'
import { settingsOf } from './viewer'

/** What a letter says; `link` holds the claims of the link that is signed when the mail is sent. */
export type LetterContext =
  | {
      kind: 'invitation' | 'fresh_invitation'
      link: Claims
      workspace: string
      inviter: string
      access: { role: Role; sections: string[]; agentMode: AgentMode; agentCount: number }
      note: string | null
    }
  | { kind: 'password_reset'; link: Claims }
  | { kind: 'password_changed'; changedAt: number }

/** A queued mail that is ours until `lease`; without `letter` its occasion has passed, and nobody needs it any more. */
export type LeasedMail = { id: string; lease: number; attempts: number; to: string; letter: LetterContext | undefined }

/** Longer than one delivery can take (the provider's timeout and two writes), so that a live consumer never loses its lease. */
export const LEASE_MS = 60_000
/** The Queue's own time to deliver before the sweep takes a mail for lost. */
const GRACE_MS = 60_000
/** A notice has no link that lapses; it is given up after as long as an invitation lives by default. */
const NOTICE_LIFETIME_MS = 72 * 60 * 60_000
const SWEEP_ROWS = 100

/** Takes a queued mail for `LEASE_MS`; undefined when somebody else holds it or it needs no sending. */
export async function leaseMail(db: Db, mailId: string, now: number): Promise<LeasedMail | undefined> {
  const lease = now + LEASE_MS
  const [leased, contexts] = await db.batch([takeLease(db, mailId, lease, now), contextOf(db, mailId)])
  const [mail] = leased
  return mail && { ...mail, lease, letter: letterOf(contexts[0], now) }
}

export const markSent = (db: Db, mail: LeasedMail, providerId: string | null, now: number) =>
  settle(db, mail, { state: 'sent', providerId, reason: null, sentAt: now })

/** The mail stays queued, and nobody takes it before `retryAt`. */
export const markForRetry = (db: Db, mail: LeasedMail, reason: string, retryAt: number) =>
  settle(db, mail, { reason, leasedUntil: retryAt })

export const markFailed = (db: Db, mail: LeasedMail, reason: string) => settle(db, mail, { state: 'failed', reason })

/** Its link is dead by now, or its news are old. */
export const markDropped = (db: Db, mail: LeasedMail) => settle(db, mail, { state: 'dropped' })

/** Ids of mails that the Queue should have delivered by now: it dropped them, or their consumer died. */
export async function lostMails(db: Db, now: number): Promise<string[]> {
  const due = now - GRACE_MS
  const rows = await db
    .select({ id: mails.id })
    .from(mails)
    .where(and(queued, lte(mails.leasedUntil, due), lte(mails.createdAt, due)))
    .orderBy(asc(mails.leasedUntil))
    .limit(SWEEP_ROWS)
  return rows.map(({ id }) => id)
}

const queued = eq(mails.state, 'queued')

const takeLease = (db: Db, mailId: string, lease: number, now: number) =>
  db
    .update(mails)
    .set({ leasedUntil: lease, attempts: sql`${mails.attempts} + 1` })
    .where(and(eq(mails.id, mailId), queued, lte(mails.leasedUntil, now)))
    .returning({ id: mails.id, attempts: mails.attempts, to: mails.toEmail })

// A batch returns rows as objects, in which columns of one name collapse into one: every column here has a name of its own.
const contextOf = (db: Db, mailId: string) =>
  db
    .select({
      kind: mails.kind,
      createdAt: mails.createdAt,
      role: members.role,
      agentMode: members.agentMode,
      ...access,
      workspace: tenants.name,
      inviter: invitations.inviterName,
      note: invitations.note,
      ...link,
    })
    .from(mails)
    .leftJoin(invitations, eq(invitations.id, mails.invitationId))
    .leftJoin(members, eq(members.id, invitations.memberId))
    .leftJoin(tenants, eq(tenants.id, invitations.tenantId))
    .leftJoin(passwordResets, eq(passwordResets.id, mails.passwordResetId))
    .where(eq(mails.id, mailId))

/** What the person will be able to see, as the database says when the mail is written. */
const access = {
  agentCount:
    sql<number>`(SELECT count(*) FROM member_agents g WHERE g.tenant_id = ${members.tenantId} AND g.member_id = ${members.id})`.as(
      'agent_count',
    ),
  defaults: settingsOf(sql`section_defaults d WHERE d.tenant_id = ${members.tenantId}`).as('defaults'),
  overrides: settingsOf(sql`member_sections o WHERE o.tenant_id = ${members.tenantId} AND o.member_id = ${members.id}`).as(
    'overrides',
  ),
}

/** A mail has one link at most: that of its invitation or of its reset. */
const link = {
  linkId: sql<string | null>`coalesce(${invitations.id}, ${passwordResets.id})`.as('link_id'),
  linkJti: sql<string | null>`coalesce(${invitations.jti}, ${passwordResets.jti})`.as('link_jti'),
  linkState: sql<string | null>`coalesce(${invitations.state}, ${passwordResets.state})`.as('link_state'),
  linkFrom: sql<number | null>`coalesce(${invitations.createdAt}, ${passwordResets.createdAt})`.as('link_from'),
  linkUntil: sql<number | null>`coalesce(${invitations.expiresAt}, ${passwordResets.expiresAt})`.as('link_until'),
}

type Context = Awaited<ReturnType<typeof contextOf>>[number]

function letterOf(context: Context | undefined, now: number): LetterContext | undefined {
  if (!context) return undefined
  const { kind, createdAt, workspace, inviter, note } = context
  if (kind === 'password_changed') return createdAt + NOTICE_LIFETIME_MS > now ? { kind, changedAt: createdAt } : undefined
  const claims = usableLink(context, now)
  if (!claims) return undefined
  if (kind === 'password_reset') return { kind, link: claims }
  const access = accessOf(context)
  return access && workspace && inviter ? { kind, link: claims, access, workspace, inviter, note } : undefined
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

/** Only the holder of the lease writes, so a consumer that comes back from the dead changes nothing. */
const settle = (db: Db, { id, lease }: LeasedMail, change: Partial<typeof mails.$inferInsert>) =>
  db
    .update(mails)
    .set(change)
    .where(and(eq(mails.id, id), queued, eq(mails.leasedUntil, lease)))
