import { and, eq, sql } from 'drizzle-orm'
import { type ReasonOf, type Rule, refuses } from '../../db/rules'
import { members } from '../../db/schema/members'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import type { Address } from '../core/address'
import { randomId } from '../core/random'
import { personKey, SEARCH_FORM } from '../core/search-key'
import { heldNoSeat, seatRules } from '../members/seats'
import { domainRules } from './domains'
import { mailInvitation, reissue, superseded } from './issue'
import { dayRules, explain, pendingMember, type Resent, refusalIn, supersede } from './resend'
import { type Caps, endRules, sendingRules } from './sending-limit'

type Corrected = Address & { name?: string | null }

type AddressChangeReason = ReasonOf<ReturnType<typeof rulesOf>> | 'not_pending'

/**
 * Sends the invitation to another address instead: role and access stay, the older link dies. It counts among the resends of the day,
 * and does not wait for their cooldown, since the earlier email went to somebody else. `name` is what they are called from then on.
 */
export async function changeAddress(
  act: MemberAct,
  memberId: string,
  to: Corrected,
  caps: Caps,
): Promise<Resent<AddressChangeReason>> {
  const [nonce, mailId] = [randomId(), crypto.randomUUID()]
  const [pending, rules] = [pendingMember(act, memberId), rulesOf(act, to, caps)]
  const [told, closed] = await act.db.batch([
    explain(act.db, pending, rules),
    supersede(act, sql`${pending} AND NOT ${refuses(rules)}`, nonce),
    record(act, 'address_changed', superseded(nonce), {
      before: sql`json_object('email', m.email)`,
      after: sql`json_object('email', ${to.email})`,
    }),
    readdress(act, to, nonce),
    reissue(act, 'resend', superseded(nonce)),
    ...mailInvitation(act, mailId, superseded(nonce)),
  ])
  return closed.length === 1 ? { mailId } : refusalIn(told, rules)
}

function rulesOf({ now, tenantId }: MemberAct, { key }: Address, caps: Caps) {
  const to = { tenantId: sql`m.tenant_id`, emailKey: key }
  const taken = sql`EXISTS (SELECT 1 FROM members o WHERE o.tenant_id = m.tenant_id AND o.email_key = ${key} AND o.id <> m.id)`
  return [
    ['same_address', sql`m.email_key = ${key}`],
    ['address_taken', taken],
    ...endRules(now),
    ...domainRules(to),
    ...seatRules(tenantId, now, heldNoSeat(now)),
    ...sendingRules(to, caps, now),
    ...dayRules(to, now),
  ] as const satisfies readonly Rule[]
}

const readdress = ({ db }: MemberAct, { email, key, name = null }: Corrected, nonce: string) =>
  db
    .update(members)
    .set({ email, emailKey: key, invitedName: name, searchKey: personKey({ email, name }), searchForm: SEARCH_FORM })
    .where(
      and(
        eq(members.status, 'pending'),
        sql`${members.id} = (SELECT i.member_id FROM invitations i WHERE i.write_nonce = ${nonce})`,
      ),
    )
