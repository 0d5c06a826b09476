import { type SQLWrapper, sql } from 'drizzle-orm'
import { members } from '../../db/schema/members'

/** The columns of a member, in the words of the query around. */
export type Holder = {
  id: SQLWrapper
  tenantId: SQLWrapper
  role: SQLWrapper
  status: SQLWrapper
  agentMode: SQLWrapper
  endsAt: SQLWrapper
  presetId: SQLWrapper
}

/** Of a member with this alias. */
export const holder = (alias: string): Holder => {
  const column = (name: string) => sql`${sql.identifier(alias)}.${sql.identifier(name)}`
  return {
    id: column('id'),
    tenantId: column('tenant_id'),
    role: column('role'),
    status: column('status'),
    agentMode: column('agent_mode'),
    endsAt: column('ends_at'),
    presetId: column('preset_id'),
  }
}

/**
 * What of a member is not what their preset says now, as rows of `field`: sections, `~agents` and `~ends_at`. It is read from the settings themselves, so that
 * it does not matter which of the two was changed. Nothing of an admin, whom no setting restricts, and no end date of somebody who has ended: a later
 * one would let them in again.
 */
const differing = ({ id, tenantId, role, status, agentMode, endsAt, presetId }: Holder) => sql`
  SELECT d.section AS field FROM preset_sections d
    LEFT JOIN member_sections c ON c.tenant_id = d.tenant_id AND c.member_id = ${id} AND c.section = d.section
  WHERE d.tenant_id = ${tenantId} AND d.preset_id = ${presetId} AND c.access IS NOT d.access AND ${role} = 'user'
  UNION ALL SELECT '~agents' FROM presets d WHERE d.tenant_id = ${tenantId} AND d.id = ${presetId} AND ${role} = 'user'
    AND (d.agent_mode <> ${agentMode} OR d.agent_mode = 'list' AND (
      EXISTS (SELECT g.agent_id FROM member_agents g WHERE g.tenant_id = ${tenantId} AND g.member_id = ${id}
        EXCEPT SELECT l.agent_id FROM preset_agents l WHERE l.tenant_id = ${tenantId} AND l.preset_id = ${presetId})
      OR EXISTS (SELECT l.agent_id FROM preset_agents l WHERE l.tenant_id = ${tenantId} AND l.preset_id = ${presetId}
        EXCEPT SELECT g.agent_id FROM member_agents g WHERE g.tenant_id = ${tenantId} AND g.member_id = ${id})))
  UNION ALL SELECT '~ends_at' FROM presets d WHERE d.tenant_id = ${tenantId} AND d.id = ${presetId} AND ${role} = 'user'
    AND d.ends_at IS NOT NULL AND ${endsAt} IS NOT d.ends_at AND ${status} <> 'ended'`

/** Whether they differ from their preset, as a condition. */
export const differs = (who: Holder = holder('m')) => sql`EXISTS (${differing(who)})`

/** Whether they differ in this. */
export const differsIn = (field: string, who: Holder = holder('m')) => sql`${field} IN (${differing(who)})`

/** As JSON: in what they do. */
export const differencesOf = (who: Holder = holder('m')) => sql`(SELECT json_group_array(field) FROM (${differing(who)}))`

/** The columns of `members`, for a query that the builder makes. */
export const OF_MEMBERS: Holder = {
  id: members.id,
  tenantId: members.tenantId,
  role: members.role,
  status: members.status,
  agentMode: members.agentMode,
  endsAt: members.endsAt,
  presetId: members.presetId,
}
