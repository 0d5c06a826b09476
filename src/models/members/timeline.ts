import { and, desc, eq, sql } from 'drizzle-orm'
import { invitations } from '../../db/schema/invitations'
import { mailEvents, mails } from '../../db/schema/mail'
import type { MailReason } from '../mail/mail-reason'
import type { Place } from './viewer'

/** Of how many invitations, and of how many emails, a member's page tells; the newest ones. */
const ROWS = 20
const EVENTS = 200
/** As many moments are on the page. */
export const MOMENTS = 40

export const invitationsOf = ({ db, tenantId }: Place, memberId: string) =>
  db
    .select({
      state: invitations.state,
      expiresAt: invitations.expiresAt,
      closedAt: invitations.closedAt,
      openedAt: invitations.openedAt,
    })
    .from(invitations)
    .where(and(eq(invitations.memberId, memberId), eq(invitations.tenantId, tenantId)))
    .orderBy(desc(invitations.createdAt))
    .limit(ROWS)

export const mailsOf = ({ db, tenantId }: Place, memberId: string) =>
  db
    .select({
      id: mails.id,
      kind: mails.kind,
      to: mails.toEmail,
      state: mails.state,
      reason: mails.reason,
      detail: mails.detail,
      attempts: mails.attempts,
      createdAt: mails.createdAt,
      sentAt: mails.sentAt,
    })
    .from(mails)
    .where(and(eq(mails.memberId, memberId), eq(mails.tenantId, tenantId), wentTo(memberId)))
    .orderBy(desc(mails.createdAt))
    .limit(ROWS)

/** The mails by which a member is found: to the address of now, or with an invitation of theirs to an earlier one. */
const wentTo = (memberId: string) => sql`(${mails.toKey} = (SELECT m.email_key FROM members m WHERE m.id = ${memberId})
  OR ${mails.invitationId} IN (SELECT i.id FROM invitations i WHERE i.member_id = ${memberId}))`

export const mailEventsOf = (at: Place, memberId: string) => {
  const newest = mailsOf(at, memberId).as('newest')
  return at.db
    .select({
      mailId: mailEvents.mailId,
      kind: mailEvents.kind,
      attempt: mailEvents.attempt,
      reason: mailEvents.reason,
      detail: mailEvents.detail,
      at: mailEvents.at,
    })
    .from(newest)
    .crossJoin(mailEvents)
    .where(eq(mailEvents.mailId, newest.id))
    .orderBy(desc(mailEvents.at))
    .limit(EVENTS)
}

type InvitationRow = Awaited<ReturnType<typeof invitationsOf>>[number]
type MailRow = Awaited<ReturnType<typeof mailsOf>>[number]
type EventRow = Awaited<ReturnType<typeof mailEventsOf>>[number]
type Ending = Exclude<InvitationRow['state'], 'open'>

/** Something that happened to an invitation or to an email. */
export type MomentKind = EventRow['kind'] | MailRow['state'] | Ending | 'opened' | 'expired'

export type Moment = {
  kind: MomentKind
  at: number
  /** What was emailed and where to; of an invitation's own moments nothing. */
  mail?: { id: string; kind: MailRow['kind']; to: string }
  why?: { reason: MailReason | null; detail: string | null }
  /** The first and the last of our attempts that ended in this way. */
  attempts?: { from: number; to: number }
}

/** One chronology of all of them, newest first. */
export function timelineOf(invitations: InvitationRow[], mails: MailRow[], events: EventRow[], now: number): Moment[] {
  const moments = [
    ...invitations.flatMap((invitation) => momentsOf(invitation, now)),
    ...mails.flatMap((mail) => momentsOfMail(mail, events)),
  ]
  return folded(moments.toSorted((a, b) => b.at - a.at || ORDER.indexOf(b.kind) - ORDER.indexOf(a.kind)))
}

/** Of moments in the same millisecond the earlier first: a resend closes one link and queues the email of the next. */
const ORDER: MomentKind[] = [
  'expired',
  'superseded',
  'cancelled',
  'declined',
  'queued',
  'postponed',
  'dropped',
  'failed',
  'sent',
  'deferred',
  'delivered',
  'bounced',
  'complained',
  'opened',
  'accepted',
]

function momentsOf({ state, expiresAt, closedAt, openedAt }: InvitationRow, now: number): Moment[] {
  const expired = expiresAt <= Math.min(now, closedAt ?? now)
  return [
    ...(openedAt ? [{ kind: 'opened' as const, at: openedAt }] : []),
    ...(expired ? [{ kind: 'expired' as const, at: expiresAt }] : []),
    ...(state !== 'open' && closedAt ? [{ kind: state, at: closedAt }] : []),
  ]
}

function momentsOfMail({ id, kind, to, createdAt, ...row }: MailRow, events: EventRow[]): Moment[] {
  const mail = { id, kind, to }
  const own = events
    .filter(({ mailId }) => mailId === id)
    .map((event, i, all) => momentOf(event, lastOf(event, all.slice(0, i), row)))
  return [
    { kind: 'queued', at: createdAt, mail },
    ...(own.length ? own.map((moment) => ({ mail, ...moment })) : settled({ createdAt, ...row }).map((one) => ({ mail, ...one }))),
  ]
}

const momentOf = ({ kind, attempt, reason, detail, at }: EventRow, last: number): Moment => ({
  kind,
  at,
  why: { reason, detail },
  ...(attempt ? { attempts: { from: attempt, to: last } } : {}),
})

/** Of the attempts that failed for one reason only the first is an event: they went on until there was another, which is `later`. */
function lastOf({ kind, attempt }: EventRow, later: EventRow[], { attempts }: Pick<MailRow, 'attempts'>) {
  const next = later.findLast((event) => event.attempt)?.attempt
  return kind === 'postponed' ? Math.max(attempt ?? 0, next ? next - 1 : attempts) : (attempt ?? 0)
}

/** An email from before events were kept tells no more than what became of it. */
const settled = ({
  state,
  reason,
  detail,
  createdAt,
  sentAt,
}: Pick<MailRow, 'state' | 'reason' | 'detail' | 'createdAt' | 'sentAt'>): Moment[] =>
  state === 'queued' ? [] : [{ kind: state, at: sentAt ?? createdAt, why: { reason, detail } }]

/** Attempts one after the other that failed for the same reason are one moment, at the time of the last. */
function folded(moments: Moment[]): Moment[] {
  const kept: Moment[] = []
  for (const moment of moments) {
    const later = kept.at(-1)
    if (later?.attempts && moment.attempts && isSameFailure(later, moment)) later.attempts.from = moment.attempts.from
    else kept.push(moment)
  }
  return kept
}

const isSameFailure = (a: Moment, b: Moment) =>
  a.kind === 'postponed' &&
  b.kind === 'postponed' &&
  a.mail?.id === b.mail?.id &&
  a.why?.reason === b.why?.reason &&
  a.why?.detail === b.why?.detail
