import { sql } from 'drizzle-orm'
import { CONFIGURABLE } from '../access/section'
import type { MemberAct } from '../core/act'
import { statusAt } from '../members/active'

/** The sections that a member `m` sees, as JSON in the order of the list; of an admin, who sees everything, `null`. */
const sections = sql`iif(m.role = 'admin', NULL, (
  SELECT json_group_array(s.value) FROM json_each(${JSON.stringify(CONFIGURABLE.map(({ slug }) => slug))}) s
  WHERE coalesce((SELECT o.access FROM member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = s.value),
    (SELECT d.access FROM section_defaults d WHERE d.tenant_id = m.tenant_id AND d.section = s.value), 'on') = 'on'))`

const hasAll = sql`(m.role = 'admin' OR m.agent_mode = 'all')`

const agentsBy = (column: 'id' | 'name') => sql`(
  SELECT json_group_array(a.${sql.identifier(column)}) FROM (
    SELECT x.id, x.name FROM member_agents g CROSS JOIN agents x ON x.id = g.agent_id
    WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id ORDER BY x.search_key, x.id) a)`

/** What of a member `m` a review shows and a removal asks for again, as JSON: `null` stands for all sections or agents. */
export const shownOf = ({ now }: Pick<MemberAct, 'now'>) => sql`json_object('role', m.role, 'status', ${statusAt(now, 'm')},
  'sections', json(${sections}), 'agents', json(iif(${hasAll}, 'null', ${agentsBy('id')})))`

/** The names of their agents, as JSON; `null` for all. */
export const agentNames = sql`iif(${hasAll}, 'null', ${agentsBy('name')})`

export type ShownAccess = { sections: string[] | null; agents: string[] | null }
