import { sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { forgetOthers, whatStands } from '../access/plan'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { isEnded } from '../members/active'
import { warnAt } from '../members/end-date'
import { type Opened, openValues, type Restore } from '../undo/restore'
import { agentsStamp, cellStamp, endStamp, stamp } from './give'

/**
 * Of giving and of forgetting a preset. Whatever was set since has another stamp and is left; where the preset itself is another one by now, so is
 * everything of that person.
 */
export const restorePreset: Restore = (act, undo) => ({
  stands: whatStands(act, undo, standsIn(act)),
  write: [
    forgetOthers(act, undo, standsIn(act)),
    ...entries(act, undo),
    ...sectionsBack(act, undo),
    ...agentsBack(act, undo),
    endsBack(act, undo),
    raw(
      act.db,
      sql`
    UPDATE members SET preset_id = s.preset, preset_given_at = s.at FROM (
      SELECT v.subject, w.id AS preset, iif(w.id IS NULL, NULL, v.was ->> 1) AS at FROM ${openValues(act, undo)} AND v.field = 'preset'
        LEFT JOIN presets w ON w.tenant_id = u.tenant_id AND w.id = v.was ->> 0) s
    WHERE members.tenant_id = ${act.tenantId} AND members.id = s.subject`,
    ),
  ],
})

const standsIn = ({ tenantId, now }: MemberAct) => sql`EXISTS (
  SELECT 1 FROM members m
    LEFT JOIN member_sections o ON o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = substr(v.field, 9)
  WHERE m.tenant_id = ${tenantId} AND m.id = v.subject AND m.role = 'user'
    AND ${stamp} IS (SELECT k.became FROM undo_values k WHERE k.undo_id = v.undo_id AND k.subject = v.subject AND k.field = 'preset')
    AND CASE v.field WHEN 'preset' THEN true WHEN 'agents' THEN ${agentsStamp} IS v.became
      WHEN 'ends_at' THEN ${endStamp} = v.became AND NOT ${isEnded(now, 'm')} ELSE ${cellStamp} IS v.became END)`

/** Whoever has ended by it stays so: they would need a seat. */
const endsBack = (act: MemberAct, undo: Opened) =>
  raw(
    act.db,
    sql`
    UPDATE members SET ends_at = s.ends_at, end_warn_at = ${warnAt(sql`s.ends_at`, act.now)} FROM (
      SELECT v.subject, CAST(nullif(v.was, '') AS INTEGER) AS ends_at FROM ${openValues(act, undo)} AND v.field = 'ends_at') s
    WHERE members.tenant_id = ${act.tenantId} AND members.id = s.subject`,
  )

const entries = (act: MemberAct, undo: Opened) => {
  const people = sql`${openValues(act, undo)} AND v.field = 'preset'
    JOIN members m ON m.tenant_id = u.tenant_id AND m.id = v.subject LEFT JOIN presets w ON w.tenant_id = u.tenant_id AND w.id = v.was ->> 0`
  const before = sql`(SELECT json_object('preset', n.name) FROM presets n WHERE n.id = v.became ->> 0)`
  return [
    record(act, 'preset_given', from(sql`${people} WHERE w.id IS NOT NULL`, 'm'), {
      before,
      after: sql`json_object('preset', w.name)`,
    }),
    record(act, 'preset_removed', from(sql`${people} WHERE w.id IS NULL`, 'm'), { before }),
  ]
}

const sectionsBack = (act: MemberAct, undo: Opened) => {
  const cells = sql`(SELECT v.subject, substr(v.field, 9) AS section, v.was FROM ${openValues(act, undo)} AND v.field GLOB 'section:*') c`
  return [
    raw(
      act.db,
      sql`
      DELETE FROM member_sections WHERE (tenant_id, member_id, section) IN (
        SELECT ${act.tenantId}, c.subject, c.section FROM ${cells} WHERE c.was ->> 0 = 'default')`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
      SELECT ${act.tenantId}, c.subject, c.section, c.was ->> 0, c.was ->> 1, c.was ->> 2 FROM ${cells} WHERE c.was ->> 0 <> 'default'
      ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = excluded.access, by_id = excluded.by_id, at = excluded.at`,
    ),
  ]
}

/** Agents that were deleted since are missed by nobody. */
const agentsBack = (act: MemberAct, undo: Opened) => {
  const lists = sql`(SELECT v.subject, v.was FROM ${openValues(act, undo)} AND v.field = 'agents') c`
  return [
    raw(
      act.db,
      sql`
      DELETE FROM member_agents WHERE (tenant_id, member_id, agent_id) IN (
        SELECT g.tenant_id, g.member_id, g.agent_id FROM ${lists} CROSS JOIN member_agents g ON g.tenant_id = ${act.tenantId} AND g.member_id = c.subject
        WHERE g.agent_id NOT IN (SELECT value FROM json_each(c.was, '$.agents')))`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id)
      SELECT a.tenant_id, c.subject, a.id FROM ${lists}, json_each(c.was, '$.agents') j CROSS JOIN agents a ON a.tenant_id = ${act.tenantId} AND a.id = j.value
      WHERE true ON CONFLICT DO NOTHING`,
    ),
    raw(
      act.db,
      sql`
      UPDATE members SET agent_mode = c.was ->> 'mode', agents_by_id = c.was ->> '$.stamp[0]', agents_at = c.was ->> '$.stamp[1]' FROM ${lists}
      WHERE members.tenant_id = ${act.tenantId} AND members.id = c.subject`,
    ),
  ]
}
