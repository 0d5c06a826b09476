import { and, eq, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { type ReasonOf, type Refusal, type Rule, refuses } from '../../db/rules'
import { invitations } from '../../db/schema/invitations'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomSecret } from '../core/random'
import { provenSession } from '../identity/session'
import type { Claims } from '../identity/token'
import { restrictsDomains } from './domains'
import { isNotSuspended } from './invitation'
import { explain, pendingMember, refusalIn } from './resend'

type Reason = ReasonOf<ReturnType<typeof rulesOf>> | 'not_pending'

/** By whom, and in which of their sessions. */
type By = { userId: string; sessionId: string }

/**
 * Gives the open invitation of a pending member a second link, to be handed over; the emailed one stays, and an earlier copy dies. It makes an account
 * of an unproven address, so that nobody gets one whose address has an account. @returns what the link is signed from, which is nowhere else
 */
export async function copyLink(act: MemberAct, memberId: string, by: By): Promise<Claims | Refusal<Reason>> {
  const [jti, pending, rules] = [randomSecret(), pendingMember(act, memberId), rulesOf(act, by)]
  const may = sql`${pending} AND NOT ${refuses(rules)}`
  const [told, , [copied]] = await act.db.batch([
    explain(act.db, pending, rules),
    record(act, 'link_copied', membersWhere(may)),
    act.db
      .update(invitations)
      .set({ copiedJti: jti })
      .where(and(eq(invitations.state, 'open'), sql`${invitations.memberId} = (SELECT m.id FROM ${membersWhere(may)})`))
      .returning({ iat: invitations.createdAt, exp: invitations.expiresAt }),
  ])
  return copied ? { jti, ...copied } : refusalIn(told, rules)
}

/** Over a pending member `m`. `only_emailed` says nothing of why: whether an address has an account in another workspace is nobody's business here. */
const rulesOf = ({ now, memberId }: MemberAct, by: By) =>
  [
    ['not_fresh', sql`NOT ${provenSession(by, memberId, now)}`],
    [
      'expired',
      sql`NOT EXISTS (SELECT 1 FROM invitations i WHERE i.member_id = m.id AND i.state = 'open' AND i.expires_at > ${now})`,
    ],
    ['suspended', sql`NOT ${isNotSuspended}`],
    ['restricted', restrictsDomains(sql`m.tenant_id`)],
    ['only_emailed', sql`EXISTS (SELECT 1 FROM users a WHERE a.email_key = m.email_key)`],
  ] as const satisfies readonly Rule[]
