import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { HOUR_MS } from '../core/duration'
import { type Caps, countMails, mailsInAll, mailsToday } from './sending-limit'
import { mayInvite } from './suppression'

/** Of one run of the Cron; the rest is due in the next. Not more than the Queue takes at once. */
const ROWS = 100

/**
 * Reminds the people whose invitation lapses soon, each once, of the link they have. What a limit or an undelivered first mail holds back
 * is tried again in an hour. @returns the mails to tell the Queue of
 */
export async function remind(db: Db, caps: Caps, now: number): Promise<string[]> {
  const due = sql`(SELECT id FROM invitations WHERE remind_at <= ${now} ORDER BY remind_at LIMIT ${ROWS})`
  const worthIt = worthReminding(due, now)
  const [mails] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
      SELECT lower(hex(randomblob(16))), d.tenant_id, d.member_id, 'reminder', d.email, d.email_key, d.id, ${now}
      FROM (SELECT i.*, m.email, m.email_key, row_number() OVER (PARTITION BY i.tenant_id ORDER BY i.remind_at) AS place
        FROM ${worthIt} AND NOT ${hasMail(sql`x.state = 'queued'`)}) d
      WHERE d.place + ${mailsToday(sql`d.tenant_id`, now)} <= ${caps.mailsADay}
      ORDER BY d.remind_at LIMIT max(0, ${caps.mailsADayInAll} - ${mailsInAll(now)}) RETURNING id`,
    ),
    // A due invitation has a reminder only if it got it just now.
    countMails(db, sql`mails WHERE kind = 'reminder' AND invitation_id IN ${due}`, now),
    raw(
      db,
      sql`
      UPDATE invitations SET remind_at = iif(id IN (SELECT i.id FROM ${worthIt}), ${now + HOUR_MS}, NULL) WHERE id IN ${due}`,
    ),
  ])
  return mails.map(({ id }) => id)
}

/** As SQL after FROM. A first mail that was refused says that a second would be. */
const worthReminding = (due: SQL, now: number) => sql`
  invitations i JOIN members m ON m.id = i.member_id JOIN tenants t ON t.id = i.tenant_id
  WHERE i.id IN ${due} AND i.state = 'open' AND i.expires_at > ${now} AND t.reminders = 1 AND ${mayInvite(sql`m.email_key`)}
    AND NOT ${hasMail(sql`(x.kind = 'reminder' OR x.state IN ('dropped', 'bounced', 'complained', 'failed'))`)}`

const hasMail = (which: SQL) => sql`EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = i.id AND ${which})`
