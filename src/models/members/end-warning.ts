import { type SQLWrapper, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { END_WARNING_MS, HOUR_MS } from '../../limits'
import type { Act } from '../core/act'
import { wantsNotices } from '../invitations/notice'
import { isSuppressed } from '../invitations/suppression'
import { queueMail } from '../mail/queue-mail'
import { isActive } from './active'
import { nameOfMember } from './their-name'

/** Of one run of the Cron; the rest is due in the next. */
const WARNED = 500
/** Everybody is due at midnight, so that an admin was told today of everybody who is due later in the day. */
const TOLD_MS = 20 * HOUR_MS
/** How many an email lists. */
const LISTED = 50

/** In the words of the index `members_due`, or SQLite would not use it. */
const dueForWarning = (now: number) => sql`(
  SELECT id FROM members INDEXED BY members_due WHERE status = 'active' AND ends_at IS NOT NULL AND (end_warn_at IS NULL) = 0
    AND coalesce(end_warn_at, ends_at) <= ${now} ORDER BY coalesce(end_warn_at, ends_at) LIMIT ${WARNED})`

/**
 * Warns whoever's membership ends soon, and the admins of their workspace who take notices, once and in one email each. Whoever is past their end
 * already is warned no more. @returns the mails to tell the Queue of
 */
export async function warnOfEnds({ db, now }: Act): Promise<string[]> {
  const due = dueForWarning(now)
  const soon = sql`m.id IN ${due} AND ${isActive(now, 'm')} AND ${isOpen}`
  const people = from(
    sql`members m WHERE ${soon} AND NOT ${isSuppressed({ tenantId: sql`m.tenant_id`, emailKey: sql`m.email_key` })}`,
    'm',
  )
  const admins = from(
    sql`(SELECT DISTINCT m.tenant_id AS workspace FROM members m WHERE ${soon}) w
      CROSS JOIN members m ON m.tenant_id = w.workspace AND ${wantsNotices('m')}
    WHERE NOT EXISTS (SELECT 1 FROM mails y WHERE y.to_key = m.email_key AND y.created_at > ${now - TOLD_MS} AND y.member_id = m.id AND y.kind = 'endings')`,
    'm',
  )
  const id = sql`lower(hex(randomblob(16)))`
  const [warned, told] = await db.batch([
    queueMail(db, { id, kind: 'ending', now }, people),
    queueMail(db, { id, kind: 'endings', now }, admins),
    raw(db, sql`UPDATE members SET end_warn_at = NULL WHERE id IN ${due}`),
  ])
  return [...warned, ...told].map(({ id }) => id)
}

/** Nobody is emailed for a workspace that is suspended. */
const isOpen = sql`EXISTS (SELECT 1 FROM tenants t WHERE t.id = m.tenant_id AND t.suspended_at IS NULL)`

/** One of those whose membership ends soon. */
export type Ending = { name: string | null; email: string; endsAt: number; memberId: string }

type MailOf = { kind: SQLWrapper; tenantId: SQLWrapper; memberId: SQLWrapper; createdAt: SQLWrapper }

/** When the membership of whom a mail is for ends, or NULL. */
export const endOf = ({ memberId }: Pick<MailOf, 'memberId'>) =>
  sql`(SELECT w.ends_at FROM members w WHERE w.id = ${memberId} AND w.status = 'active')`

/** Of a mail to an admin who still takes notices: whose memberships end soon, the first to end first, as a JSON array. */
export const endingsIn = (mail: MailOf) => sql`CASE ${mail.kind} WHEN 'endings' THEN (
    SELECT json_group_array(json_object('name', e.name, 'email', e.email, 'endsAt', e.ends_at, 'memberId', e.id)) FROM (
      SELECT ${nameOfMember} AS name, m.email, m.ends_at, m.id FROM ${ending(mail)} ORDER BY m.ends_at, m.email_key LIMIT ${LISTED}) e)
  ELSE '[]' END`

export const endingCount = (mail: MailOf) =>
  sql`CASE ${mail.kind} WHEN 'endings' THEN (SELECT count(*) FROM ${ending(mail)}) ELSE 0 END`

const ending = ({ tenantId, memberId, createdAt }: MailOf) => sql`members m INDEXED BY members_ending
  WHERE m.tenant_id = ${tenantId} AND m.status = 'active' AND m.ends_at IS NOT NULL AND m.ends_at > ${createdAt}
    AND m.ends_at <= ${createdAt} + ${END_WARNING_MS} AND EXISTS (SELECT 1 FROM members a WHERE a.id = ${memberId} AND ${wantsNotices('a')})`
