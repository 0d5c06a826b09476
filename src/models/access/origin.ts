import { type SQLWrapper, sql } from 'drizzle-orm'
import { nameOfMember } from '../members/their-name'

/**
 * Where an own setting comes from: the preset that somebody has, since when, or who set it, and when. Nothing more than that it is their own is
 * known of what was set before that was noted. A time is ms.
 */
export type Origin = { by: 'preset'; at: number } | { by: 'person'; name: string | null; at: number } | { by: 'unknown' }

/** As stored: when, who, and what they are called now; the name is null for somebody who is gone. */
export type Stamp = [at: number | null, name: string | null]

/** What a preset gave has the very time at which it was given; whatever was set before or since has another one. */
export function originOf(stamp: Stamp | undefined, givenAt: number | null): Origin {
  const [at, name] = stamp ?? [null, null]
  if (at === null) return { by: 'unknown' }
  return at === givenAt ? { by: 'preset', at } : { by: 'person', name, at }
}

type Member = { id: SQLWrapper; tenantId: SQLWrapper }

/** As JSON by section: the stamps of the own cells of a member. */
export const sectionStampsOf = ({ id, tenantId }: Member) => sql`(
  SELECT json_group_object(c.section, json_array(c.at, ${nameOf(sql`c.by_id`)})) FROM member_sections c
  WHERE c.tenant_id = ${tenantId} AND c.member_id = ${id})`

/** As JSON: the stamp of a member's agents, whoever set them being in the column `by`. */
export const agentsStampOf = (at: SQLWrapper, by: SQLWrapper) => sql`json_array(${at}, ${nameOf(by)})`

const nameOf = (by: SQLWrapper) => sql`(SELECT coalesce(${nameOfMember}, m.email) FROM members m WHERE m.id = ${by})`
