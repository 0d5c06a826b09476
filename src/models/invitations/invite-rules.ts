import { type SQL, sql } from 'drizzle-orm'
import type { ReasonOf, Rule } from '../../db/rules'
import type { Act } from '../core/act'
import { isEnded } from '../members/active'
import { seatRules } from '../members/seats'
import { domainRules } from './domains'
import { addressRules, type Caps, dailyRules, mailableRules, NONE } from './sending-limit'
import type { Recipient } from './suppression'

/** Whom an invitation is for: values, or SQL of the query around them. `agents` is a JSON list of ids, `endsAt` when the membership ends (ms). */
export type Invitee = Recipient & { agents: SQL | string; endsAt: SQL | number | null }

export type InviteReason = ReasonOf<ReturnType<typeof rulesOfOne> | ReturnType<typeof rulesOfRoom>>

/** Why somebody may not be invited, whatever else is sent. */
export const rulesOfOne = (to: Invitee, now: Act['now']) =>
  [
    ...hereRules(to, now),
    ['past_end', sql`coalesce(${to.endsAt} <= ${now}, 0)`],
    ...agentRules(to),
    ...domainRules(to),
    ...mailableRules(to),
    ...addressRules(to, now),
  ] as const satisfies readonly Rule[]

/** That an address belongs to somebody here, and what they are. */
export function hereRules({ tenantId, emailKey }: Recipient, now: Act['now']) {
  const here = (when: SQL) =>
    sql`EXISTS (SELECT 1 FROM members o WHERE o.tenant_id = ${tenantId} AND o.email_key = ${emailKey} AND ${when})`
  return [
    ['already_ended', here(isEnded(now, 'o'))],
    ['already_active', here(sql`o.status = 'active'`)],
    ['already_pending', here(sql`o.status = 'pending'`)],
    ['already_disabled', here(sql`o.status = 'disabled'`)],
  ] as const satisfies readonly Rule[]
}

type Chosen = Pick<Invitee, 'tenantId' | 'agents'>

/** The agents `a` that are named; with all agents too, so that naming one of another workspace is refused. */
export const agentsOf = ({ tenantId, agents }: Chosen) =>
  sql`agents a WHERE a.tenant_id = ${tenantId} AND a.id IN (SELECT value FROM json_each(${agents}))`

/** That one of them, each named once, is of another workspace, or gone. */
export const agentRules = (chosen: Chosen) =>
  [
    ['unknown_agent', sql`(SELECT count(*) FROM ${agentsOf(chosen)}) < json_array_length(${chosen.agents})`],
  ] as const satisfies readonly Rule[]

/** Why there is no room for somebody. */
export const rulesOfRoom = (tenantId: SQL | string, caps: Caps, now: Act['now']) =>
  [
    ...pendingRules(tenantId, caps),
    ...seatRules(tenantId, now),
    ...dailyRules(tenantId, caps, now),
  ] as const satisfies readonly Rule[]

/** Why no more people may be pending, once the `before` that come first are. */
export const pendingRules = (tenantId: SQL | string, caps: Caps, before: SQL = NONE) =>
  [['too_many_pending', sql`${pendingIn(tenantId)} + ${before} >= ${caps.pending}`]] as const satisfies readonly Rule[]

export const pendingIn = (tenantId: SQL | string) =>
  sql`coalesce((SELECT sum(c.people) FROM member_counts c WHERE c.tenant_id = ${tenantId} AND c.status = 'pending'), 0)`
