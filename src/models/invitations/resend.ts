import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, type ReasonOf, type Refusal, type Rule, readRefusal, refuses } from '../../db/rules'
import { invitations } from '../../db/schema/invitations'
import { DAY_MS, RESEND } from '../../limits'
import { record } from '../activity/activity'
import type { Act, MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { heldNoSeat, seatRules } from '../members/seats'
import { closing } from './due'
import { mailInvitation, reissue, superseded } from './issue'
import { addressRules, type Caps, dailyRules, endRules, mailableRules } from './sending-limit'

export type ResendReason = ReasonOf<ReturnType<typeof resendRules>> | 'not_pending'
export type Resent<Reason extends string = ResendReason> = { mailId: string } | Refusal<Reason>

/** A new link with a full lifetime, and the older one dead in the same batch. */
export async function resend(act: MemberAct, memberId: string, caps: Caps): Promise<Resent> {
  const [nonce, mailId] = [randomId(), crypto.randomUUID()]
  const [pending, rules] = [pendingMember(act, memberId), resendRules(act, caps)]
  const [told, closed] = await act.db.batch([
    explain(act.db, pending, rules),
    supersede(act, sql`${pending} AND NOT ${refuses(rules)}`, nonce),
    reissue(act, 'resend', superseded(nonce)),
    ...mailInvitation(act, mailId, superseded(nonce)),
    record(act, 'resent', superseded(nonce)),
  ])
  return closed.length === 1 ? { mailId } : refusalIn(told, rules)
}

/** Over a pending member `m`. */
export const resendRules = (act: MemberAct, caps: Caps) =>
  [
    ...resendRulesOfOne(act),
    ...seatRules(act.tenantId, act.now, heldNoSeat(act.now)),
    ...dailyRules(sql`m.tenant_id`, caps, act.now),
  ] as const satisfies readonly Rule[]

/** Those that do not depend on what else is sent. */
export function resendRulesOfOne({ now }: Pick<Act, 'now'>) {
  const to = { tenantId: sql`m.tenant_id`, emailKey: sql`m.email_key` }
  return [
    ...endRules(now),
    ...mailableRules(to),
    ...dayRules(to, now),
    ...cooldownRules(RESEND.cooldownMs, now),
  ] as const satisfies readonly Rule[]
}

/** Of a pending member `m`: resends and changes of the address count together, and so do all emails to one address. */
export const dayRules = (to: Parameters<typeof addressRules>[0], now: number) =>
  [
    [
      'too_often',
      sql`(SELECT count(*) FROM ${resendsToday(now)}) >= ${RESEND.perDay}`,
      sql`(SELECT i.created_at + ${DAY_MS} FROM ${resendsToday(now)} ORDER BY i.created_at DESC LIMIT 1 OFFSET ${RESEND.perDay - 1})`,
    ],
    ...addressRules(to, now),
  ] as const satisfies readonly Rule[]

const resendsToday = (now: number) =>
  sql`invitations i WHERE i.member_id = m.id AND i.kind = 'resend' AND i.created_at > ${now - DAY_MS}`

/** Of a member `m`: not right after the last email to them. */
export const cooldownRules = (cooldownMs: number, now: number) =>
  [['too_soon', sql`${lastMailAt} > ${now - cooldownMs}`, sql`${lastMailAt} + ${cooldownMs}`]] as const satisfies readonly Rule[]

const lastMailAt = sql`coalesce((SELECT max(x.created_at) FROM mails x WHERE x.to_key = m.email_key AND x.member_id = m.id), 0)`

/** As a condition over `m`. */
export const pendingMember = ({ tenantId }: MemberAct, memberId: string) =>
  sql`m.id = ${memberId} AND m.tenant_id = ${tenantId} AND m.status = 'pending'`

/** Closes the open invitation of the member `m` for whom the condition holds, and leaves the nonce on it; one row when there was one. */
export const supersede = ({ db, now }: Act, which: SQL, nonce: string) =>
  db
    .update(invitations)
    .set(closing('superseded', nonce, now))
    .where(and(eq(invitations.state, 'open'), sql`${invitations.memberId} = (SELECT m.id FROM ${membersWhere(which)})`))
    .returning({ id: invitations.id })

type Told = { refusal: string | null }[]

/** No row when there is nobody pending; `which` and the rules are over the member `m`. */
export const explain = (db: Db, which: SQL, rules: readonly Rule[]) =>
  raw<Told[number]>(db, sql`SELECT ${firstReason(rules)} AS refusal FROM ${membersWhere(which)}`)

export const refusalIn = <Rules extends readonly Rule[]>([told]: Told, rules: Rules): Refusal<ReasonOf<Rules> | 'not_pending'> =>
  (told && readRefusal(rules, told.refusal)) ?? { reason: 'not_pending', retryAt: null }
