import { type SQL, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import type { Rule } from '../../db/rules'
import type { AgentMode, SectionSettings } from '../access/access'
import type { MemberAct } from '../core/act'
import { warnAt } from '../members/end-date'
import { differsIn } from '../presets/differs'
import { canBeGiven, givePreset } from '../presets/give'

/** `own` is the access as the form showed it last, all sections and whether it is the preset's or not; without it the preset alone is given. */
export type InvitedPreset = { id: string; own: OwnAccess | undefined }
type OwnAccess = { sections: SectionSettings; mode: AgentMode; agents: string[]; endsAt: number | null }

/** Why somebody cannot be invited with it. */
export const presetRules = ({ tenantId, now }: MemberAct, preset: InvitedPreset | undefined) =>
  rulesOfPreset(tenantId, sql`${preset?.id ?? null}`, now)

/** The same of an id in the words of the query around, which may be NULL. */
export const rulesOfPreset = (tenantId: SQL | string, id: SQL, now: number) =>
  [
    [
      'no_preset',
      sql`(${id} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM presets p WHERE p.tenant_id = ${tenantId} AND p.id = ${id}))`,
    ],
    [
      'preset_over',
      sql`EXISTS (SELECT 1 FROM presets p WHERE p.tenant_id = ${tenantId} AND p.id = ${id} AND NOT ${canBeGiven(now)})`,
    ],
  ] as const satisfies readonly Rule[]

/** Gives it to whoever was just invited, a Tenant User. What was changed before sending was set a millisecond later, so that it is known for their own. */
export function giveInvited(act: MemberAct, { id, own }: InvitedPreset, memberId: string) {
  const given = givePreset(act, id, membersWhere(sql`m.id = ${memberId} AND m.tenant_id = ${act.tenantId}`))
  return own ? [...given, ...writeOwn({ ...act, now: act.now + 1 }, own, memberId)] : [...given]
}

const writeOwn = (act: MemberAct, { sections, mode, agents, endsAt }: OwnAccess, memberId: string) => {
  const chosen = JSON.stringify(agents)
  const theirs = sql`m.id = ${memberId} AND m.tenant_id = ${act.tenantId} AND m.role = 'user'`
  return [
    raw(
      act.db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
      SELECT m.tenant_id, m.id, s.key, s.value, ${act.memberId}, ${act.now} FROM members m, json_each(${JSON.stringify(sections)}) s WHERE ${theirs}
      ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = excluded.access, by_id = excluded.by_id, at = excluded.at
      WHERE access <> excluded.access`,
    ),
    raw(
      act.db,
      sql`DELETE FROM member_agents WHERE (tenant_id, member_id) IN (SELECT m.tenant_id, m.id FROM members m WHERE ${theirs})
        AND agent_id NOT IN (SELECT value FROM json_each(${chosen}))`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id)
      SELECT m.tenant_id, m.id, a.id FROM members m, json_each(${mode === 'list' ? chosen : '[]'}) c CROSS JOIN agents a
        ON a.tenant_id = m.tenant_id AND a.id = c.value
      WHERE ${theirs} ON CONFLICT DO NOTHING`,
    ),
    raw(
      act.db,
      sql`UPDATE members AS m SET agent_mode = ${mode}, ends_at = ${endsAt}, end_warn_at = ${warnAt(endsAt, act.now)} WHERE ${theirs}`,
    ),
    raw(
      act.db,
      sql`UPDATE members AS m SET agents_by_id = ${act.memberId}, agents_at = ${act.now} WHERE ${theirs} AND ${differsIn('~agents')}`,
    ),
  ]
}
