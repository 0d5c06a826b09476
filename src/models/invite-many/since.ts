import { sql } from 'drizzle-orm'
import type { MailReason } from '../mail/mail-reason'
import { isRefusedMail } from '../members/attention'
import type { MemberStatus } from '../members/membership'

/**
 * What has become of somebody since a row was sent to them. `status` is null where they are not here any more; `opened`: they have used their link's
 * page; `refused`: their newest email will not arrive, and why.
 */
export type Since = {
  status: MemberStatus | null
  opened: 0 | 1
  refused: { reason: MailReason | null; detail: string | null } | null
}

/** Of a row `r`, as JSON; NULL of one that was not sent. */
export const sinceSent = sql`iif(r.outcome IN ('sent', 'resent'), json_object(
  'status', (SELECT o.status FROM members o WHERE o.id = r.member_id),
  'opened', EXISTS (SELECT 1 FROM invitations i WHERE i.member_id = r.member_id AND i.state = 'open' AND i.opened_at IS NOT NULL),
  'refused', json((SELECT iif(${isRefusedMail}, json_object('reason', x.reason, 'detail', x.detail), NULL) FROM members o CROSS JOIN mails x
    WHERE o.id = r.member_id AND o.status = 'pending' AND x.to_key = o.email_key AND x.member_id = o.id ORDER BY x.created_at DESC LIMIT 1))), NULL)`
