import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import type { JOIN_NOTICE_KINDS } from '../../db/schema/join-links'
import type { Act } from '../core/act'
import { queueMail } from '../mail/queue-mail'
import { type NoticeKind, wantsNotices } from './notice'

/** Of one run of the Cron; the rest is due in the next. Not more than the Queue takes at once. */
const DUE = 100

/** How many an email lists. */
const LISTED = 50

/** What became of one invitation, or of somebody with a join link; the member is gone after a refusal, and does not exist before an approval. */
export type NoticeEntry = {
  kind: NoticeKind | (typeof JOIN_NOTICE_KINDS)[number]
  name: string | null
  email: string
  at: number
  memberId: string | null
  /** What they ask for. */
  app?: string | null
}

/**
 * Gathers what waits for one person into one email, however many runs there are at once. What waits for somebody who is told nothing any more
 * goes. @returns the mails to tell the Queue of
 */
export async function gatherNotices({ db, now }: Act): Promise<string[]> {
  const ids = sql`json_each(${JSON.stringify(Array.from({ length: DUE }, () => crypto.randomUUID()))})`
  const due = sql`(SELECT DISTINCT member_id FROM (
    SELECT * FROM (SELECT member_id FROM notices WHERE mail_id IS NULL AND due_at <= ${now} ORDER BY due_at LIMIT ${DUE})
    UNION ALL SELECT * FROM (SELECT member_id FROM join_notices WHERE mail_id IS NULL AND due_at <= ${now} ORDER BY due_at LIMIT ${DUE})) LIMIT ${DUE})`
  const recipients = from(
    sql`(SELECT member_id, row_number() OVER () - 1 AS place FROM ${due}) d
      JOIN ${ids} free ON free.key = d.place JOIN members m ON m.id = d.member_id
    WHERE ${wantsNotices('m')}`,
    'm',
    'free',
  )
  const dropUnwanted = (table: SQL) =>
    raw(
      db,
      sql`
      DELETE FROM ${table} AS n WHERE n.mail_id IS NULL AND n.member_id IN ${due}
        AND NOT EXISTS (SELECT 1 FROM members a WHERE a.id = n.member_id AND ${wantsNotices('a')})`,
    )
  // Both look for who is due before either has gathered anything.
  const gathered = sql`(SELECT x.id, x.member_id FROM mails x WHERE x.id IN (SELECT value FROM ${ids}))`
  const gather = (table: SQL) =>
    raw(db, sql`UPDATE ${table} AS n SET mail_id = g.id FROM ${gathered} g WHERE n.mail_id IS NULL AND n.member_id = g.member_id`)
  const [, , mails] = await db.batch([
    dropUnwanted(NOTICES),
    dropUnwanted(JOIN_NOTICES),
    queueMail(db, { id: sql`free.value`, kind: 'notice', now }, recipients),
    gather(NOTICES),
    gather(JOIN_NOTICES),
  ])
  return mails.map(({ id }) => id)
}

const NOTICES = sql`notices`
const JOIN_NOTICES = sql`join_notices`

/** Of a mail: the first of its notices, in the order in which they happened, as a JSON array. */
export const noticesIn = (mailId: SQLWrapper) => sql`(
  SELECT json_group_array(json_object('kind', n.kind, 'name', n.name, 'email', n.email, 'at', n.at, 'memberId', n.memberId, 'app', n.app)) FROM (
    SELECT n.kind, n.about_name AS name, n.about_email AS email, n.at, m.id AS memberId, NULL AS app
    FROM notices n JOIN invitations i ON i.id = n.invitation_id LEFT JOIN members m ON m.id = i.member_id
    WHERE n.mail_id = ${mailId}
    UNION ALL SELECT n.kind, n.about_name, n.about_email, n.at, m.id, n.about_app
    FROM join_notices n LEFT JOIN members m ON m.id = n.about_id WHERE n.mail_id = ${mailId}
    ORDER BY 4, 3 LIMIT ${LISTED}) n)`

/** 0 when whoever the mail is for is told nothing any more. */
export const noticeCount = (mailId: SQLWrapper, memberId: SQLWrapper) => sql`(
  SELECT count(*) FROM (SELECT member_id FROM notices WHERE mail_id = ${mailId} UNION ALL SELECT member_id FROM join_notices WHERE mail_id = ${mailId}) n
    JOIN members a ON a.id = n.member_id
  WHERE n.member_id = ${memberId} AND ${wantsNotices('a')})`
