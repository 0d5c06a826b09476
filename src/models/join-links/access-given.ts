import { type SQLWrapper, sql } from 'drizzle-orm'
import { joinLinks } from '../../db/schema/join-links'
import { cannotBeGiven } from '../presets/give'

/** The columns of a join link, in the words of the query around. */
type Link = Record<'tenantId' | 'presetId' | 'overrides' | 'agentMode' | 'agents', SQLWrapper>

/** Of a join link `l`. */
export const OF_LINK: Link = {
  tenantId: sql`l.tenant_id`,
  presetId: sql`l.preset_id`,
  overrides: sql`l.overrides`,
  agentMode: sql`l.agent_mode`,
  agents: sql`l.agents`,
}

/** The columns of `join_links`, for a query that the builder makes. */
export const OF_LINKS: Link = joinLinks

/** What a link gives as it is now: its own choice, or that of its preset. As JSON by section, the mode, and ids as JSON. */
export const overridesGiven = ({ tenantId, presetId, overrides }: Link) => sql`iif(${presetId} IS NULL, ${overrides}, (
  SELECT json_group_object(s.section, s.access) FROM preset_sections s WHERE s.tenant_id = ${tenantId} AND s.preset_id = ${presetId}))`

export const modeGiven = ({ tenantId, presetId, agentMode }: Link) => sql<'all' | 'list'>`coalesce((
  SELECT g.agent_mode FROM presets g WHERE g.tenant_id = ${tenantId} AND g.id = ${presetId}), ${agentMode})`

export const agentsGiven = ({ tenantId, presetId, agents }: Link) => sql`iif(${presetId} IS NULL, ${agents}, (
  SELECT json_group_array(s.agent_id) FROM preset_agents s WHERE s.tenant_id = ${tenantId} AND s.preset_id = ${presetId}))`

/** The preset of a link `l` was deleted, or may not be given any more: whoever joined would have access that nobody chose. */
export const presetIsGone = (now: number) => cannotBeGiven(sql`l.tenant_id`, sql`l.preset_id`, now)

/** By its name, or NULL; `when` is a condition over the preset `p`. */
export const presetName = ({ tenantId, presetId }: Link, when = sql`true`) =>
  sql<string | null>`(SELECT p.name FROM presets p WHERE p.tenant_id = ${tenantId} AND p.id = ${presetId} AND ${when})`
