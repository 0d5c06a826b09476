import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { AgentMode, Role, SectionSettings } from '../access/access'
import { type Actor, record } from '../activity/activity'
import type { Address } from '../core/address'
import { DAY_MS } from '../core/duration'
import { newClaim, newJti } from '../identity/token'
import type { Viewer } from '../members/viewer'
import { tell } from './notice'
import { type Caps, countMails, mailsInAll, mailsToday, mayMail, mayMailTo } from './sending-limit'
import { mayInvite, suppress } from './suppression'

export const NOTE_CHARACTERS = 500

/** Without an agent mode: the tenant's default. `overrides` are the sections that differ from the tenant's defaults. */
export type Draft = {
  address: Address
  role: Role
  note: string | null
  overrides: SectionSettings
  agentMode: AgentMode | undefined
  agentIds: string[]
}
export type InviteRefusal =
  | 'already_active'
  | 'already_pending'
  | 'already_disabled'
  | 'too_many_pending'
  | 'too_many_mails'
  | 'too_many_mails_in_all'
  | 'too_often'
  | 'cannot_be_mailed'
  | 'unknown_agent'
export type Invited = { memberId: string; mailId: string } | { reason: InviteRefusal; memberId: string | undefined }

/**
 * Member, invitation, mail and activity entry, together or not at all. The unique index on the address decides
 * between admins who invite it at the same moment; the reads before it only explain what it decided.
 */
export async function invite(db: Db, by: Viewer, actor: Actor, draft: Draft, caps: Caps, now: number): Promise<Invited> {
  const [memberId, mailId] = [crypto.randomUUID(), crypto.randomUUID()]
  const { address, role, note, overrides } = draft
  const agentIds = JSON.stringify(draft.agentMode === 'all' ? [] : draft.agentIds)
  const agents = sql`agents WHERE tenant_id = ${by.tenantId} AND id IN (SELECT value FROM json_each(${agentIds}))`
  const invitee = sql`members m WHERE m.id = ${memberId}`
  const [[existing], [limits], created] = await db.batch([
    raw<{ id: string; status: 'active' | 'pending' | 'disabled' }>(
      db,
      sql`
      SELECT id, status FROM members WHERE tenant_id = ${by.tenantId} AND email_key = ${address.key}`,
    ),
    usedOf(db, by.tenantId, address.key, now),
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
      SELECT ${memberId}, t.id, ${address.email}, ${address.key}, ${role}, 'pending', coalesce(${draft.agentMode ?? null}, t.default_agent_mode), ${now}
      FROM tenants t WHERE t.id = ${by.tenantId}
        AND ${pendingIn(by.tenantId)} < ${caps.pending} AND ${mayMail(sql`${by.tenantId}`, caps, now)} AND ${mayInvite(sql`${address.key}`)}
        AND (SELECT count(*) FROM ${agents}) = json_array_length(${agentIds}) AND ${mayMailTo(sql`${by.tenantId}`, sql`${address.key}`, now)}
      ON CONFLICT (tenant_id, email_key) DO NOTHING RETURNING id`,
    ),
    raw(
      db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access)
      SELECT m.tenant_id, m.id, o.key, o.value FROM members m, json_each(${JSON.stringify(overrides)}) o WHERE m.id = ${memberId}`,
    ),
    raw(
      db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id)
      SELECT m.tenant_id, m.id, g.id FROM members m, (SELECT id FROM ${agents}) g
      WHERE m.id = ${memberId} AND m.agent_mode = 'list'`,
    ),
    issue(db, {
      kind: 'invite',
      inviter: { id: sql`${actor.id}`, name: sql`${actor.name}` },
      note: sql`${note}`,
      from: invitee,
      now,
    }),
    ...mailInvitation(db, { mailId, kind: 'invitation', from: invitee, now }),
    record(db, 'invited', actor, invitee, now, { after: sql`json_object('role', m.role, 'mode', m.agent_mode)` }),
  ])
  if (created.length === 1) return { memberId, mailId }
  if (existing) return { reason: `already_${existing.status}`, memberId: existing.id }
  return { reason: capReached(limits, caps), memberId: undefined }
}

type Used = { suppressed: number; pending: number; mails: number; inAll: number; tooOften: number }

function capReached(used: Used | undefined, caps: Caps): InviteRefusal {
  if (!used) return 'unknown_agent'
  if (used.suppressed) return 'cannot_be_mailed'
  if (used.pending >= caps.pending) return 'too_many_pending'
  if (used.mails >= caps.mailsADay) return 'too_many_mails'
  if (used.inAll >= caps.mailsADayInAll) return 'too_many_mails_in_all'
  return used.tooOften ? 'too_often' : 'unknown_agent'
}

const usedOf = (db: Db, tenantId: string, key: string, now: number) =>
  raw<Used>(
    db,
    sql`
    SELECT NOT ${mayInvite(sql`${key}`)} AS suppressed, ${pendingIn(tenantId)} AS pending, ${mailsToday(sql`${tenantId}`, now)} AS mails,
      ${mailsInAll(now)} AS inAll, NOT ${mayMailTo(sql`${tenantId}`, sql`${key}`, now)} AS tooOften`,
  )

const pendingIn = (tenantId: string) => sql`(SELECT count(*) FROM members WHERE tenant_id = ${tenantId} AND status = 'pending')`

type Issue = {
  kind: 'invite' | 'resend'
  inviter: { id: SQL; name: SQL }
  note: SQL
  from: SQL
  now: number
}

/** A reminder goes out two days before the link lapses, unless the link lives no longer than that. */
const REMIND_BEFORE_MS = 2 * DAY_MS

export const issue = (db: Db, { kind, inviter, note, from, now }: Issue) =>
  raw(
    db,
    sql`
    INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_id, inviter_name, note, state, created_at, expires_at,
      remind_at, lapse_notice_at)
    SELECT ${crypto.randomUUID()}, m.tenant_id, m.id, ${kind}, ${newJti()}, ${inviter.id}, ${inviter.name}, ${note}, 'open', ${now},
      ${now} + ${lifetime}, iif(${lifetime} > ${REMIND_BEFORE_MS}, ${now - REMIND_BEFORE_MS} + ${lifetime}, NULL), ${now} + ${lifetime}
    FROM ${from}`,
  )

const lifetime = sql`(SELECT invitation_lifetime_ms FROM tenants WHERE id = m.tenant_id)`

type InvitationMail = { mailId: string; kind: 'invitation' | 'fresh_invitation'; from: SQL; now: number }

export const mailInvitation = (db: Db, { mailId, kind, from, now }: InvitationMail) =>
  [
    raw(
      db,
      sql`
      INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
      SELECT ${mailId}, m.tenant_id, m.id, ${kind}, m.email, m.email_key,
        (SELECT id FROM invitations WHERE member_id = m.id AND state = 'open'), ${now} FROM ${from}`,
    ),
    countMails(db, sql`mails WHERE id = ${mailId}`, now),
  ] as const

/** Removes a pending member and kills their link. @returns false when they are no longer pending */
export async function cancel(db: Db, by: Viewer, actor: Actor, memberId: string, now: number): Promise<boolean> {
  const target = sql`member_id = ${memberId} AND tenant_id = ${by.tenantId}`
  const [closed] = await db.batch(removePending(db, 'cancelled', target, actor, now))
  return closed.length === 1
}

/** The invitee says no, and with `never` to every workspace for good. @returns false when the invitation can no longer be answered */
export async function decline(db: Db, jti: string, actor: Actor, now: number, never = false): Promise<boolean> {
  const [claim, target] = [newClaim(), sql`jti = ${jti} AND expires_at > ${now}`]
  const refused = sql`members m WHERE m.id = (SELECT member_id FROM invitations WHERE claim = ${claim})`
  const [closed, ...removal] = removePending(db, 'declined', target, actor, now, claim)
  const news = tell(db, 'declined', sql`invitations i JOIN members m ON m.id = i.member_id WHERE i.claim = ${claim}`, now)
  const [declined] = await db.batch([closed, news, ...(never ? [suppress(db, 'asked', refused, now)] : []), ...removal])
  return declined.length === 1
}

function removePending(db: Db, state: 'cancelled' | 'declined', target: SQL, actor: Actor, now: number, claim = newClaim()) {
  const removed = sql`SELECT member_id FROM invitations WHERE claim = ${claim}`
  return [
    raw<{ id: string }>(
      db,
      sql`
      UPDATE invitations SET state = ${state}, closed_at = ${now}, claim = ${claim} WHERE state = 'open' AND ${target}
        AND EXISTS (SELECT 1 FROM members m WHERE m.id = member_id AND m.status = 'pending') RETURNING id`,
    ),
    record(db, state, actor, sql`members m WHERE m.id = (${removed})`, now),
    raw(db, sql`DELETE FROM members WHERE status = 'pending' AND id = (${removed})`),
  ] as const
}
