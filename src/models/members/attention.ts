import { and, eq, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { invitations } from '../../db/schema/invitations'
import { mails } from '../../db/schema/mail'
import { members } from '../../db/schema/members'
import { DAY_MS, END_WARNING_MS, MINUTE_MS } from '../../limits'

/** By then the Queue and its sweep have tried several times. */
export const LATE_MS = 15 * MINUTE_MS
/** An invitation refused longer ago has expired as well, and is found by that. */
const LONGEST_LIFETIME_MS = 30 * DAY_MS

/** The invitation of a pending member that still works or has expired; there is at most one. */
export const open = alias(invitations, 'i')
export const theirOpen = and(eq(open.memberId, members.id), eq(open.state, 'open'))

const mail = alias(mails, 'x')

/** The emails that will not arrive, in the very words of the index `mails_refused`, or SQLite would not use it. */
const REFUSED_STATES = ['bounced', 'complained', 'failed']
/** Of an email `x`. */
export const isRefusedMail = sql.raw(`x.state IN (${REFUSED_STATES.map((state) => `'${state}'`).join(', ')})`)

export const isRefused = ({ state }: { state: string }) => REFUSED_STATES.includes(state)

/** When an email `x` came into its state; of one that is queued: since when it is. */
const mailAt = sql`iif(${mail.state} = 'queued', ${mail.createdAt},
  coalesce((SELECT max(e.at) FROM mail_events e WHERE e.mail_id = ${mail.id}), ${mail.sentAt}, ${mail.createdAt}))`

/** Of an invitation: its email waited until the link had expired. One that was refused is no such, and would be refused again. */
export const wentUnsent = (invitationId: SQL) =>
  sql`coalesce((SELECT max(s.sent_at IS NOT NULL OR s.state = 'failed') FROM mails s WHERE s.invitation_id = ${invitationId}), 1) = 0`

/** The newest email of the `open` invitation, as JSON. */
export const newestMail = sql`(
  SELECT json_object('state', ${mail.state}, 'at', ${mailAt}, 'reason', ${mail.reason}, 'detail', ${mail.detail},
    'unsent', iif(${mail.state} IN ('queued', 'dropped'), ${wentUnsent(sql`${open.id}`)}, 0))
  FROM mails x WHERE ${mail.invitationId} = ${open.id} ORDER BY ${mail.createdAt} DESC LIMIT 1)`

/** Whether the newest email of the `open` invitation was refused. */
export const refusedMail = sql`EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = ${open.id} AND ${isRefusedMail} AND ${newest()})`

/** The members whose open invitation bounced. */
export const bounced = (tenantId: string, since = 0) =>
  membersWith(tenantId, sql`INDEXED BY mails_refused`, sql`${isRefusedMail} AND x.created_at > ${since}`)

export const waiting = (tenantId: string, now: number) =>
  membersWith(tenantId, sql`INDEXED BY mails_waiting`, sql`x.state = 'queued' AND x.created_at <= ${now - LATE_MS}`)

/** The members whose open invitation has expired. */
export const expired = (tenantId: string, now: number) => sql`
  SELECT i.member_id FROM invitations i INDEXED BY invitations_open
  WHERE i.tenant_id = ${tenantId} AND i.state = 'open' AND i.expires_at <= ${now}`

/** The members whose membership ends within the days in which both sides are warned. */
export const endsSoon = (tenantId: string, now: number) => sql`
  SELECT e.id AS member_id FROM members e INDEXED BY members_ending
  WHERE e.tenant_id = ${tenantId} AND e.status = 'active' AND e.ends_at IS NOT NULL AND e.ends_at > ${now} AND e.ends_at <= ${now + END_WARNING_MS}`

/** The members whose open invitation works, bounced or not. */
export const working = (tenantId: string, now: number) => sql`
  SELECT i.member_id FROM invitations i INDEXED BY invitations_open
  WHERE i.tenant_id = ${tenantId} AND i.state = 'open' AND i.expires_at > ${now}`

/** Of the `open` invitation. */
export const isExpired = (now: number) => sql`${open.expiresAt} <= ${now}`

/** Whether the newest email of the `open` invitation waits for too long. */
export const isLate = (now: number) => sql`EXISTS (
  SELECT 1 FROM mails x WHERE x.invitation_id = ${open.id} AND x.state = 'queued' AND x.created_at <= ${now - LATE_MS} AND ${newest()})`

/** The invited people whom an admin should look after: SELECTs that start from the trouble, so that they cost nothing where there is none. */
const troubles = (tenantId: string, now: number) => [
  bounced(tenantId, now - LONGEST_LIFETIME_MS),
  waiting(tenantId, now),
  expired(tenantId, now),
]

export const troubled = (tenantId: string, now: number) => sql.join(troubles(tenantId, now), sql` UNION `)

/** From the emails towards the members: an open invitation has a member. */
function membersWith(tenantId: string, index: SQL, trouble: SQL) {
  return sql`
    SELECT i.member_id FROM mails x ${index} CROSS JOIN invitations i ON i.id = x.invitation_id
    WHERE x.tenant_id = ${tenantId} AND ${trouble} AND i.state = 'open' AND ${newest()}`
}

function newest() {
  return sql`NOT EXISTS (SELECT 1 FROM mails n WHERE n.invitation_id = x.invitation_id AND n.created_at > x.created_at)`
}
