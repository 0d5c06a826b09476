import { type SQLWrapper, sql } from 'drizzle-orm'
import { memberSections } from '../../db/schema/access'
import { sectionDefaults } from '../../db/schema/workspace'

/** As JSON by section: what a workspace gives everybody whose own cell says nothing. `tenantId` is a value or a column of the query around it. */
export const sectionDefaultsOf = (tenantId: SQLWrapper | string) => sql`(
  SELECT json_group_object(${sectionDefaults.section}, ${sectionDefaults.access}) FROM ${sectionDefaults}
  WHERE ${sectionDefaults.tenantId} = ${tenantId})`

/** As JSON by section: the member's own cells. */
export const sectionOverridesOf = (tenantId: SQLWrapper | string, memberId: SQLWrapper | string) => sql`(
  SELECT json_group_object(${memberSections.section}, ${memberSections.access}) FROM ${memberSections}
  WHERE ${memberSections.tenantId} = ${tenantId} AND ${memberSections.memberId} = ${memberId})`
