import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, type ReasonOf, type Refusal, type Rule, readRefusal, refuses } from '../../db/rules'
import type { AgentMode, Role, SectionSettings } from '../access/access'
import { CONFIGURABLE } from '../access/section'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import type { Address } from '../core/address'
import { personKey, SEARCH_FORM } from '../core/search-key'
import { lastDay, warnAt } from '../members/end-date'
import { agentsOf, type Invitee, type InviteReason, rulesOfOne, rulesOfRoom } from './invite-rules'
import { giveInvited, type InvitedPreset, presetRules } from './invited-preset'
import { issue, mailInvitation } from './issue'
import type { Caps } from './sending-limit'

/** Without an agent mode: the tenant's default. `overrides` are the sections that differ from the tenant's defaults. */
export type Draft = {
  address: Address
  name?: string | undefined
  role: Role
  note: string | null
  overrides: SectionSettings
  agentMode: AgentMode | undefined
  agentIds: string[]
  /** When the membership of a Tenant User ends (ms). */
  endsAt?: number | null
  preset?: InvitedPreset | undefined
}

type PresetReason = ReasonOf<ReturnType<typeof presetRules>>
/** `memberId` is whoever has the address already. */
type InviteRefusal = Refusal<InviteReason | PresetReason> & { memberId: string | null }
export type Invited = { memberId: string; mailId: string } | InviteRefusal

/** Member, invitation, email and activity entry, together or not at all. However many admins invite an address at once, one of them does. */
export async function invite(act: MemberAct, draft: Draft, caps: Caps): Promise<Invited> {
  const [memberId, mailId] = [crypto.randomUUID(), crypto.randomUUID()]
  const invitee = membersWhere(sql`m.id = ${memberId}`)
  const rules = rulesOf(act, draft, caps)
  // Made before that of the preset, so that the log has it first: they are of one moment.
  const entry = record(act, 'invited', invitee, { after: ACCESS_GIVEN })
  const [[told], created] = await act.db.batch([
    explain(act, draft, rules),
    insertMember(act, draft, memberId, rules),
    insertSections(act, draft, memberId),
    insertAgents(act, draft, memberId),
    ...(draft.preset ? giveInvited(act, draft.preset, memberId) : []),
    issue(act, draft.note, invitee),
    ...mailInvitation(act, mailId, invitee),
    entry,
  ])
  if (created.length === 1) return { memberId, mailId }
  const refusal = told && readRefusal(rules, told.refusal)
  if (!refusal) throw new Error('an invitation was refused by no rule')
  return { ...refusal, memberId: told.memberId }
}

/** What a Tenant User `m` may see from the start; an admin sees everything. */
export const ACCESS_GIVEN = sql`iif(m.role = 'admin', json_object('role', m.role), json_patch(
  iif(m.ends_at IS NULL, '{}', json_object('until', ${lastDay(sql`m.ends_at`)})), json_object('role', m.role, 'mode', m.agent_mode,
  'agents', iif(m.agent_mode = 'list', (SELECT count(*) FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id), NULL),
  'sections', json((SELECT json_group_array(s.value) FROM json_each(${JSON.stringify(CONFIGURABLE.map(({ slug }) => slug))}) s
    WHERE coalesce(
      (SELECT o.access FROM member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = s.value),
      (SELECT d.access FROM section_defaults d WHERE d.tenant_id = m.tenant_id AND d.section = s.value), 'on') = 'on')))))`

const rulesOf = (act: MemberAct, draft: Draft, caps: Caps) =>
  [
    ...rulesOfOne(inviteeOf(act.tenantId, draft), act.now),
    ...presetRules(act, draft.preset),
    ...rulesOfRoom(act.tenantId, caps, act.now),
  ] as const satisfies readonly Rule[]

const inviteeOf = (tenantId: string, { address, agentIds, endsAt = null }: Draft): Invitee => ({
  tenantId,
  emailKey: address.key,
  endsAt,
  agents: JSON.stringify([...new Set(agentIds)]),
})

const holder = (tenantId: string, { address }: Draft) =>
  sql`members o WHERE o.tenant_id = ${tenantId} AND o.email_key = ${address.key}`

const explain = ({ db, tenantId }: MemberAct, draft: Draft, rules: readonly Rule[]) =>
  raw<{ refusal: string | null; memberId: string | null }>(
    db,
    sql`SELECT ${firstReason(rules)} AS refusal, (SELECT o.id FROM ${holder(tenantId, draft)}) AS memberId`,
  )

const insertMember = (act: MemberAct, draft: Draft, memberId: string, rules: readonly Rule[]) => {
  const { address, name, role, agentMode, endsAt } = draft
  const end = role === 'user' ? (endsAt ?? null) : null
  return raw<{ id: string }>(
    act.db,
    sql`
    INSERT INTO members (id, tenant_id, email, email_key, invited_name, role, status, agent_mode, created_at, ends_at, end_warn_at,
      search_key, search_form, agents_by_id, agents_at)
    SELECT ${memberId}, t.id, ${address.email}, ${address.key}, ${name ?? null}, ${role}, 'pending', coalesce(${agentMode ?? null}, t.default_agent_mode),
      ${act.now}, ${end}, ${warnAt(end, act.now)}, ${personKey({ email: address.email, name: name ?? null })}, ${SEARCH_FORM},
      iif(${areOwn(draft)}, ${act.memberId}, NULL), iif(${areOwn(draft)}, ${act.now}, NULL)
    FROM tenants t WHERE t.id = ${act.tenantId} AND NOT ${refuses(rules)} RETURNING id`,
  )
}

/** Whether agents were chosen for this person, of their workspace `t`: its default is nobody's choice. */
const areOwn = ({ agentMode, agentIds }: Draft) =>
  sql`(${agentMode ?? null} <> t.default_agent_mode OR ${agentMode === 'list' && agentIds.length > 0})`

const insertSections = (act: MemberAct, { overrides }: Draft, memberId: string) =>
  raw(
    act.db,
    sql`
    INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
    SELECT m.tenant_id, m.id, o.key, o.value, ${act.memberId}, ${act.now} FROM members m, json_each(${JSON.stringify(overrides)}) o WHERE m.id = ${memberId}`,
  )

const insertAgents = ({ db, tenantId }: MemberAct, draft: Draft, memberId: string) =>
  raw(
    db,
    sql`
    INSERT INTO member_agents (tenant_id, member_id, agent_id)
    SELECT m.tenant_id, m.id, g.id FROM members m, (SELECT a.id FROM ${agentsOf(inviteeOf(tenantId, draft))}) g
    WHERE m.id = ${memberId} AND m.agent_mode = 'list'`,
  )
