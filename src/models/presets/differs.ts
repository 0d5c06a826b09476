import { type SQLWrapper, sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'

/** The columns of a member, in the words of the query around. */
export type Holder = { id: SQLWrapper; tenantId: SQLWrapper; role: SQLWrapper; agentMode: SQLWrapper; presetId: SQLWrapper }

/** Of a member `m`. */
export const HOLDER: Holder = {
  id: sql`m.id`,
  tenantId: sql`m.tenant_id`,
  role: sql`m.role`,
  agentMode: sql`m.agent_mode`,
  presetId: sql`m.preset_id`,
}

/**
 * What of a member is not what their preset says now, as rows of `field`: sections, and `~agents`. It is read from the settings themselves, so that
 * it does not matter which of the two was changed. Nothing of an admin, whom no setting restricts.
 */
const differing = ({ id, tenantId, role, agentMode, presetId }: Holder) => sql`
  SELECT d.section AS field FROM preset_sections d
    LEFT JOIN member_sections c ON c.tenant_id = d.tenant_id AND c.member_id = ${id} AND c.section = d.section
  WHERE d.tenant_id = ${tenantId} AND d.preset_id = ${presetId} AND c.access IS NOT d.access AND ${role} = 'user'
  UNION ALL SELECT '~agents' FROM presets d WHERE d.tenant_id = ${tenantId} AND d.id = ${presetId} AND ${role} = 'user'
    AND (d.agent_mode <> ${agentMode} OR d.agent_mode = 'list' AND (
      EXISTS (SELECT g.agent_id FROM member_agents g WHERE g.tenant_id = ${tenantId} AND g.member_id = ${id}
        EXCEPT SELECT l.agent_id FROM preset_agents l WHERE l.tenant_id = ${tenantId} AND l.preset_id = ${presetId})
      OR EXISTS (SELECT l.agent_id FROM preset_agents l WHERE l.tenant_id = ${tenantId} AND l.preset_id = ${presetId}
        EXCEPT SELECT g.agent_id FROM member_agents g WHERE g.tenant_id = ${tenantId} AND g.member_id = ${id})))`

/** Whether they differ from their preset, as a condition. */
export const differs = (holder: Holder = HOLDER) => sql`EXISTS (${differing(holder)})`

/** As JSON: in what they do. */
export const differencesOf = (holder: Holder = HOLDER) => sql`(SELECT json_group_array(field) FROM (${differing(holder)}))`

/** The columns of `members`, for a query that the builder makes. */
export const OF_MEMBERS: Holder = {
  id: members.id,
  tenantId: members.tenantId,
  role: members.role,
  agentMode: members.agentMode,
  presetId: members.presetId,
}
