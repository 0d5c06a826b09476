import { type SQL, sql } from 'drizzle-orm'
import { from, membersWhere } from '../../db/from'
import { type ReasonOf, type Rule, refuses } from '../../db/rules'
import { DAY_MS, RENEW } from '../../limits'
import { record } from '../activity/activity'
import type { Act } from '../core/act'
import { randomId } from '../core/random'
import { queueMail } from '../mail/queue-mail'
import { heldNoSeat, seatRules } from '../members/seats'
import { isNotSuspended, wasMailedTo } from './invitation'
import { openInvitation, reissue, superseded } from './issue'
import { cooldownRules, explain, type Resent, refusalIn, supersede } from './resend'
import { endRules, mailableRules } from './sending-limit'

export type RenewalReason = ReasonOf<ReturnType<typeof renewalRules>> | 'not_pending'

/** The holder of an old link asks for one that works, which goes to the invited address only. A link that went to another address cannot ask. */
export async function renew(act: Act, jti: string): Promise<Resent<RenewalReason>> {
  const [mailId, rules] = [crypto.randomUUID(), renewalRules(act)]
  const holder = sql`m.status = 'pending' AND ${holds(jti)}`
  const [told, ...statements] = [explain(act.db, holder, rules), ...renewal(act, holder, { mailId, rules })] as const
  const [found, , , sent] = await act.db.batch([told, ...statements])
  return sent.length === 1 ? { mailId } : refusalIn(found, rules)
}

/** Of a member `m`. The first part finds them by an index, the second asks. */
function holds(jti: string) {
  const link = sql`invitations l WHERE (l.jti = ${jti} OR l.copied_jti = ${jti})`
  const theirs = wasMailedTo({ invitationId: sql`l.id`, emailKey: sql`m.email_key` })
  return sql`m.id = (SELECT l.member_id FROM ${link}) AND EXISTS (SELECT 1 FROM ${link} AND ${theirs})`
}

/** What people ask for themselves, over a member `m`. It takes nothing from what admins may send, or strangers who ask for others could use that up. */
export function renewalRules({ now }: Act) {
  const to = { tenantId: sql`m.tenant_id`, emailKey: sql`m.email_key` }
  return [
    ...endRules(now),
    ...mailableRules(to),
    ...seatRules(to.tenantId, now, heldNoSeat(now)),
    [
      'too_often',
      sql`(SELECT count(*) FROM ${renewalsToday(now)}) >= ${RENEW.perDay}`,
      sql`(SELECT x.created_at + ${DAY_MS} FROM ${renewalsToday(now)} ORDER BY x.created_at DESC LIMIT 1 OFFSET ${RENEW.perDay - 1})`,
    ],
    ...cooldownRules(RENEW.cooldownMs, now),
  ] as const satisfies readonly Rule[]
}

const renewalsToday = (now: number) => sql`mails x
  WHERE x.to_key = m.email_key AND x.tenant_id = m.tenant_id AND x.created_at > ${now - DAY_MS} AND x.kind = 'fresh_invitation'`

/**
 * Emails the member `m` their link: the one they have while it works, so that nothing in use dies, and a new one once it has expired. The third
 * statement returns one row when an email was written. The rules ask only about emails, of which none is written before it.
 */
export function renewal(act: Act, which: SQL, { mailId, rules }: { mailId: string; rules: readonly Rule[] }) {
  const nonce = randomId()
  const may = sql`${which} AND ${isNotSuspended} AND NOT ${refuses(rules)}`
  const expired = sql`EXISTS (SELECT 1 FROM invitations e WHERE e.member_id = m.id AND e.state = 'open' AND e.expires_at <= ${act.now})`
  return [
    supersede(act, sql`${may} AND ${expired}`, nonce),
    reissue(act, 'renewal', superseded(nonce)),
    queueMail(act.db, { id: mailId, kind: 'fresh_invitation', now: act.now, invitation: openInvitation }, membersWhere(may)),
    record(act, 'renewed', from(sql`mails x JOIN members m ON m.id = x.member_id WHERE x.id = ${mailId}`, 'x', 'm')),
  ] as const
}
