import { type SQL, sql } from 'drizzle-orm'
import { from, membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, type ReasonOf, type Refusal, type Rule, readRefusal, refuses } from '../../db/rules'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { nobodyAt } from '../core/act'
import { randomId } from '../core/random'
import { personKey, SEARCH_FORM } from '../core/search-key'
import { domainRules } from '../invitations/domains'
import { agentRules, agentsOf, hereRules, pendingIn } from '../invitations/invite-rules'
import { issue, mailInvitation } from '../invitations/issue'
import { addressRules, type Caps, sendingRules } from '../invitations/sending-limit'
import { queueMail } from '../mail/queue-mail'
import { seatRules } from '../members/seats'
import { cannotBeGiven, givePreset } from '../presets/give'
import type { AccessGiven } from './join-link'
import { answerTo, type JoinRequest } from './request'
import { requester } from './requester'

type ApproveReason = ReasonOf<ReturnType<typeof rulesOf>>
export type ApproveRefusal = Refusal<ApproveReason>

/** `gone`: somebody answered before. */
type Gone = { reason: 'gone'; turn: Awaited<ReturnType<typeof answerTo>>[number] | undefined }
/** The ids of the emails that there may be: one of them was written. */
export type Approved = { mailIds: string[] } | ApproveRefusal | Gone

/**
 * Lets somebody in who waits, with this access. Whoever has a proven account is active at once; anybody else is pending, and has their invitation
 * emailed. The rules of inviting decide in the statement that approves.
 */
export async function approve(act: MemberAct, request: JoinRequest, access: AccessGiven, caps: Caps): Promise<Approved> {
  const { id } = request
  const [nonce, mailId, welcomeId] = [randomId(), crypto.randomUUID(), crypto.randomUUID()]
  const rules = rulesOf(act, access, caps)
  const waits = sql`q.id = ${id} AND q.tenant_id = ${act.tenantId}`
  const letIn = (status: string) =>
    from(
      sql`members m JOIN join_requests q ON q.id = m.id AND q.write_nonce = ${nonce} WHERE m.id = ${id} AND m.status = ${status}`,
      'm',
      'q',
    )
  // Made before that of the preset, so that the log has them first: they are of one moment.
  const entries = [
    record(act, 'request_approved', membersWhere(isLetIn(id, nonce))),
    record({ ...act, by: nobodyAt('') }, 'joined', letIn('active')),
  ]
  const [[told], [turn], [approved]] = await act.db.batch([
    raw<{ refusal: string | null }>(act.db, sql`SELECT ${firstReason(rules)} AS refusal FROM join_requests q WHERE ${waits}`),
    answerTo(act, id),
    raw<{ id: string }>(
      act.db,
      sql`UPDATE join_requests AS q SET write_nonce = ${nonce} WHERE ${waits} AND NOT ${refuses(rules)} RETURNING id`,
    ),
    insertMember(act, request, access, nonce),
    insertSections(act, access, id, nonce),
    insertAgents(act, access, id, nonce),
    ...givePreset(act, access.presetId ?? '', membersWhere(isLetIn(id, nonce))),
    issue(act, null, letIn('pending')),
    ...mailInvitation(act, mailId, letIn('pending')),
    queueMail(act.db, { id: welcomeId, kind: 'join_approved', now: act.now }, letIn('active')),
    ...entries,
    raw(act.db, sql`DELETE FROM join_requests WHERE id = ${id} AND write_nonce = ${nonce}`),
  ])
  if (approved) return { mailIds: [mailId, welcomeId] }
  return (told && readRefusal(rules, told.refusal)) ?? { reason: 'gone', turn }
}

/** Says no. The use of the link that they took is given back, and an email tells them. @returns the id of that email, or that somebody answered before */
export async function decline(act: MemberAct, id: string): Promise<{ mailIds: string[] } | Gone> {
  const mailId = crypto.randomUUID()
  const waits = sql`q.id = ${id} AND q.tenant_id = ${act.tenantId}`
  const them = from(sql`${requester(id)} WHERE m.tenant_id = ${act.tenantId}`, 'm')
  const [[turn], , , , [declined]] = await act.db.batch([
    answerTo(act, id),
    record(act, 'request_declined', them),
    queueMail(act.db, { id: mailId, kind: 'join_declined', now: act.now }, them),
    raw(
      act.db,
      sql`UPDATE join_links SET uses = uses - 1 WHERE uses > 0 AND id = (SELECT q.link_id FROM join_requests q WHERE ${waits})`,
    ),
    raw<{ id: string }>(act.db, sql`DELETE FROM join_requests AS q WHERE ${waits} RETURNING id`),
  ])
  return declined ? { mailIds: [mailId] } : { reason: 'gone', turn }
}

/** Over the request `q`. Somebody who is not emailed an invitation needs no room for one. */
function rulesOf({ tenantId, now }: MemberAct, access: AccessGiven, caps: Caps) {
  const to = { tenantId, emailKey: sql`q.email_key` }
  return [
    ...hereRules(to, now),
    ...agentRules({ tenantId, agents: idsOf(access) }),
    ['preset_gone', cannotBeGiven(tenantId, access.presetId ?? null, now)],
    ...domainRules(to),
    ...seatRules(tenantId, now),
    ...unlessProven([['too_many_pending', sql`${pendingIn(tenantId)} >= ${caps.pending}`]]),
    ...unlessProven(sendingRules(to, caps, now)),
    ...unlessProven(addressRules(to, now)),
  ] as const satisfies readonly Rule[]
}

const provenAccount = sql`users u WHERE u.email_key = q.email_key AND u.proved_at IS NOT NULL`

const unlessProven = <const R extends string>(rules: readonly (readonly [R, SQL, SQL?])[]) =>
  rules.map(
    ([reason, holds, retryAt]) => [reason, sql`(${holds} AND NOT EXISTS (SELECT 1 FROM ${provenAccount}))`, retryAt] as Rule<R>,
  )

const idsOf = ({ agentIds }: AccessGiven) => JSON.stringify([...new Set(agentIds)])

const isLetIn = (id: string, nonce: string) =>
  sql`m.id = ${id} AND EXISTS (SELECT 1 FROM join_requests q WHERE q.id = m.id AND q.write_nonce = ${nonce})`

const insertMember = (
  { db, memberId, now }: MemberAct,
  { id, email, name }: JoinRequest,
  { agentMode, agentIds }: AccessGiven,
  nonce: string,
) =>
  raw(
    db,
    sql`
    INSERT INTO members (id, tenant_id, user_id, email, email_key, invited_name, role, status, agent_mode, created_at, joined_at, valid_from,
      search_key, search_form, join_link_id, agents_by_id, agents_at)
    SELECT q.id, q.tenant_id, u.id, q.email, q.email_key, iif(u.id IS NULL, q.name, NULL), 'user', iif(u.id IS NULL, 'pending', 'active'),
      ${agentMode}, ${now}, iif(u.id IS NULL, NULL, ${now}),
      coalesce((SELECT d.at + 1 FROM departures d WHERE d.user_id = u.id AND d.tenant_id = q.tenant_id), 0),
      ${personKey({ email, name })}, iif(u.id IS NULL OR u.name IS q.name, ${SEARCH_FORM}, 0), q.link_id,
      iif(o.own, ${memberId}, NULL), iif(o.own, ${now}, NULL)
    FROM join_requests q JOIN (SELECT t.id, (${agentMode} <> t.default_agent_mode OR ${Number(agentMode === 'list' && agentIds.length > 0)}) AS own FROM tenants t) o
      ON o.id = q.tenant_id LEFT JOIN users u ON u.email_key = q.email_key AND u.proved_at IS NOT NULL
    WHERE q.id = ${id} AND q.write_nonce = ${nonce}`,
  )

const insertSections = ({ db, memberId, now }: MemberAct, { overrides }: AccessGiven, id: string, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
    SELECT m.tenant_id, m.id, o.key, o.value, ${memberId}, ${now} FROM members m, json_each(${JSON.stringify(overrides)}) o WHERE ${isLetIn(id, nonce)}`,
  )

const insertAgents = ({ db, tenantId }: MemberAct, access: AccessGiven, id: string, nonce: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_agents (tenant_id, member_id, agent_id)
    SELECT m.tenant_id, m.id, g.id FROM members m, (SELECT a.id FROM ${agentsOf({ tenantId, agents: idsOf(access) })}) g
    WHERE ${isLetIn(id, nonce)} AND m.agent_mode = 'list'`,
  )
