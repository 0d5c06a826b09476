import { type SQLWrapper, sql } from 'drizzle-orm'
import { memberAgents, memberSections } from '../../db/schema/access'
import { sectionDefaults } from '../../db/schema/workspace'

/** As JSON by section: what a workspace gives everybody whose own cell says nothing. `tenantId` is a value or a column of the query around it. */
export const sectionDefaultsOf = (tenantId: SQLWrapper | string) => sql`(
  SELECT json_group_object(${sectionDefaults.section}, ${sectionDefaults.access}) FROM ${sectionDefaults}
  WHERE ${sectionDefaults.tenantId} = ${tenantId})`

/** As JSON by section: the member's own cells. */
export const sectionOverridesOf = (tenantId: SQLWrapper | string, memberId: SQLWrapper | string) => sql`(
  SELECT json_group_object(${memberSections.section}, ${memberSections.access}) FROM ${memberSections}
  WHERE ${memberSections.tenantId} = ${tenantId} AND ${memberSections.memberId} = ${memberId})`

/** As JSON: the agents of a member's list. */
export const agentListOf = (tenantId: SQLWrapper | string, memberId: SQLWrapper | string) => sql`(
  SELECT json_group_array(${memberAgents.agentId}) FROM ${memberAgents}
  WHERE ${memberAgents.tenantId} = ${tenantId} AND ${memberAgents.memberId} = ${memberId})`
