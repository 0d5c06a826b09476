import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { invitations } from '../../db/schema/invitations'
import { HOUR_MS } from '../../limits'
import type { Act } from '../core/act'
import { queueMail } from '../mail/queue-mail'
import { dueFor } from './due'
import { type Caps, countMails, mailsInAll, mailsToday } from './sending-limit'
import { isSuppressed } from './suppression'

/** Of one run of the Cron; the rest is due in the next. Not more than the Queue takes at once. */
const ROWS = 100

/**
 * Reminds the people whose invitation expires soon, each once, of the link they have. What a limit or an undelivered first email holds back
 * is tried again in an hour. @returns the mails to tell the Queue of
 */
export async function remind({ db, now }: Act, caps: Caps): Promise<string[]> {
  const due = dueFor('reminder', now, ROWS)
  const reminder = { id: sql`lower(hex(randomblob(16)))`, kind: 'reminder', invitation: sql`m.invitation_id`, now } as const
  const [mails] = await db.batch([
    queueMail(db, reminder, withinLimits(due, caps, now)),
    // A due invitation has a reminder only if it got it just now.
    countMails(db, from(sql`mails x WHERE x.kind = 'reminder' AND x.invitation_id IN ${due}`, 'x'), now),
    db
      .update(invitations)
      .set({
        remindAt: sql`iif(expires_at > ${now + HOUR_MS} AND id IN (SELECT i.id FROM ${shouldRemind(due, now)}), ${now + HOUR_MS}, NULL)`,
      })
      .where(sql`${invitations.id} IN ${due}`),
  ])
  return mails.map(({ id }) => id)
}

/** The people to remind now, with their invitation, up to what each workspace and the deployment may still send today. */
const withinLimits = (due: SQL, caps: Caps, now: number) =>
  from(
    sql`(SELECT m.*, i.id AS invitation_id, i.remind_at, row_number() OVER (PARTITION BY i.tenant_id ORDER BY i.remind_at) AS place
      FROM ${shouldRemind(due, now)} AND NOT ${hasMail(sql`x.state = 'queued'`)}) m
    WHERE m.place + ${mailsToday(sql`m.tenant_id`, now)} <= ${caps.mailsADay}
    ORDER BY m.remind_at LIMIT max(0, ${caps.mailsADayInAll} - ${mailsInAll(now)})`,
    'm',
  )

/** A first mail that was refused says that a second would be. */
const shouldRemind = (due: SQL, now: number) =>
  from(
    sql`invitations i JOIN members m ON m.id = i.member_id JOIN tenants t ON t.id = i.tenant_id
    WHERE i.id IN ${due} AND i.state = 'open' AND i.expires_at > ${now} AND t.reminders = 1
      AND NOT ${isSuppressed({ tenantId: sql`m.tenant_id`, emailKey: sql`m.email_key` })}
      AND NOT ${hasMail(sql`(x.kind = 'reminder' OR x.state IN ('dropped', 'bounced', 'complained', 'failed'))`)}`,
    'i',
    'm',
    't',
  )

/** Of an invitation `i`: whether one of its mails `x` is such. */
const hasMail = (such: SQL) => sql`EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = i.id AND ${such})`
