import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { invitations, mailEvents, mails } from '../../db/schema'

/** Of how many invitations, and of how many mails, a member's page tells; the newest ones. */
const ROWS = 20
const EVENTS = 200
/** As many moments stand on the page. */
export const MOMENTS = 40

type MailKind = typeof mails.$inferSelect.kind
type EventKind = typeof mailEvents.$inferSelect.kind
type Ending = Exclude<typeof invitations.$inferSelect.state, 'open'>

/** Something that happened to an invitation or to a mail. */
export type MomentKind = EventKind | Ending | 'queued' | 'opened' | 'lapsed'

export type Moment = {
  kind: MomentKind
  at: number
  /** What was mailed and where to; of an invitation's own moments nothing. */
  mail?: { id: string; kind: MailKind; to: string }
  reason?: string | null
  /** The first and the last of our attempts that ended in this way. */
  attempts?: { from: number; to: number }
}

export type InvitationRow = {
  state: Ending | 'open'
  expiresAt: number
  closedAt: number | null
  openedAt: number | null
}
export type MailRow = {
  id: string
  kind: MailKind
  to: string
  state: Exclude<EventKind, 'postponed'> | 'queued'
  reason: string | null
  createdAt: number
  sentAt: number | null
}
export type EventRow = { mailId: string; kind: EventKind; attempt: number | null; reason: string | null; at: number }

/** The plus keeps SQLite from walking the whole workspace by time, which it takes for the quicker way to the newest. */
export const invitationsOf = (db: Db, tenantId: string, memberId: string) =>
  raw<InvitationRow>(
    db,
    sql`
    SELECT state, expires_at AS expiresAt, closed_at AS closedAt, opened_at AS openedAt
    FROM invitations WHERE member_id = ${memberId} AND +tenant_id = ${tenantId} ORDER BY created_at DESC LIMIT ${ROWS}`,
  )

export const mailsOf = (db: Db, tenantId: string, memberId: string) =>
  raw<MailRow>(
    db,
    sql`
    SELECT x.id, x.kind, x.to_email AS "to", x.state, x.reason, x.created_at AS createdAt, x.sent_at AS sentAt
    FROM mails x WHERE ${newestMails(tenantId, memberId)}`,
  )

export const mailEventsOf = (db: Db, tenantId: string, memberId: string) =>
  raw<EventRow>(
    db,
    sql`
    SELECT e.mail_id AS mailId, e.kind, e.attempt, e.reason, e.at
    FROM (SELECT x.id FROM mails x WHERE ${newestMails(tenantId, memberId)}) m CROSS JOIN mail_events e ON e.mail_id = m.id
    ORDER BY e.at DESC LIMIT ${EVENTS}`,
  )

const newestMails = (tenantId: string, memberId: string) =>
  sql`x.member_id = ${memberId} AND +x.tenant_id = ${tenantId} ORDER BY x.created_at DESC LIMIT ${ROWS}`

/** One chronology of all of them, newest first. */
export function timelineOf(invitations: InvitationRow[], mails: MailRow[], events: EventRow[], now: number): Moment[] {
  const moments = [
    ...invitations.flatMap((invitation) => momentsOf(invitation, now)),
    ...mails.flatMap((mail) => momentsOfMail(mail, events)),
  ]
  return folded(moments.toSorted((a, b) => b.at - a.at || ORDER.indexOf(b.kind) - ORDER.indexOf(a.kind)))
}

/** Of moments in the same millisecond the earlier first: a resend closes one link and queues the mail of the next. */
const ORDER: MomentKind[] = [
  'lapsed',
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
  const lapsed = expiresAt <= Math.min(now, closedAt ?? now)
  return [
    ...(openedAt ? [{ kind: 'opened' as const, at: openedAt }] : []),
    ...(lapsed ? [{ kind: 'lapsed' as const, at: expiresAt }] : []),
    ...(state !== 'open' && closedAt ? [{ kind: state, at: closedAt }] : []),
  ]
}

function momentsOfMail({ id, kind, to, createdAt, ...row }: MailRow, events: EventRow[]): Moment[] {
  const mail = { id, kind, to }
  const own = events.filter(({ mailId }) => mailId === id)
  return [
    { kind: 'queued', at: createdAt, mail },
    ...(own.length
      ? own.map((event) => ({ mail, ...momentOf(event) }))
      : settled({ createdAt, ...row }).map((one) => ({ mail, ...one }))),
  ]
}

const momentOf = ({ kind, attempt, reason, at }: EventRow): Moment => ({
  kind,
  at,
  reason,
  ...(attempt ? { attempts: { from: attempt, to: attempt } } : {}),
})

/** A mail from before events were kept tells no more than what became of it. */
const settled = ({ state, reason, createdAt, sentAt }: Pick<MailRow, 'state' | 'reason' | 'createdAt' | 'sentAt'>): Moment[] =>
  state === 'queued' ? [] : [{ kind: state, at: sentAt ?? createdAt, reason }]

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
  a.kind === 'postponed' && b.kind === 'postponed' && a.mail?.id === b.mail?.id && a.reason === b.reason
