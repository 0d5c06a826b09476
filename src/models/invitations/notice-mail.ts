import { type SQLWrapper, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'
import { queueMail } from '../mail/queue-mail'
import { type NoticeKind, wantsNotices } from './notice'

/** Of one run of the Cron; the rest is due in the next. Not more than the Queue takes at once. */
const DUE = 100

/** How many an email lists. */
const LISTED = 50

/** What became of one invitation; the member is gone after a refusal. */
export type NoticeEntry = { kind: NoticeKind; name: string | null; email: string; at: number; memberId: string | null }

/**
 * Gathers what waits for one person into one email, however many runs there are at once. What waits for somebody who is told nothing any more
 * goes. @returns the mails to tell the Queue of
 */
export async function gatherNotices({ db, now }: Act): Promise<string[]> {
  const ids = sql`json_each(${JSON.stringify(Array.from({ length: DUE }, () => crypto.randomUUID()))})`
  const due = sql`(SELECT DISTINCT member_id FROM (
    SELECT member_id FROM notices WHERE mail_id IS NULL AND due_at <= ${now} ORDER BY due_at LIMIT ${DUE}))`
  const recipients = from(
    sql`(SELECT member_id, row_number() OVER () - 1 AS place FROM ${due}) d
      JOIN ${ids} free ON free.key = d.place JOIN members m ON m.id = d.member_id
    WHERE ${wantsNotices('m')}`,
    'm',
    'free',
  )
  const [, mails] = await db.batch([
    raw(
      db,
      sql`
      DELETE FROM notices WHERE mail_id IS NULL AND member_id IN ${due}
        AND NOT EXISTS (SELECT 1 FROM members a WHERE a.id = notices.member_id AND ${wantsNotices('a')})`,
    ),
    queueMail(db, { id: sql`free.value`, kind: 'notice', now }, recipients),
    raw(
      db,
      sql`
      UPDATE notices SET mail_id = (SELECT x.id FROM mails x JOIN members m ON m.email_key = x.to_key
        WHERE m.id = notices.member_id AND x.member_id = m.id AND x.created_at = ${now} AND x.id IN (SELECT value FROM ${ids}))
      WHERE mail_id IS NULL AND member_id IN ${due}`,
    ),
  ])
  return mails.map(({ id }) => id)
}

/** Of a mail: the first of its notices, in the order in which they happened, as a JSON array. */
export const noticesIn = (mailId: SQLWrapper) => sql`(
  SELECT json_group_array(json_object('kind', n.kind, 'name', n.name, 'email', n.email, 'at', n.at, 'memberId', n.memberId)) FROM (
    SELECT n.kind, n.about_name AS name, n.about_email AS email, n.at, m.id AS memberId
    FROM notices n JOIN invitations i ON i.id = n.invitation_id LEFT JOIN members m ON m.id = i.member_id
    WHERE n.mail_id = ${mailId} ORDER BY n.at, n.id LIMIT ${LISTED}) n)`

/** 0 when whoever the mail is for is told nothing any more. */
export const noticeCount = (mailId: SQLWrapper, memberId: SQLWrapper) => sql`(
  SELECT count(*) FROM notices n JOIN members a ON a.id = n.member_id
  WHERE n.mail_id = ${mailId} AND n.member_id = ${memberId} AND ${wantsNotices('a')})`
