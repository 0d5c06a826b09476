import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import type { Plan } from './plan'

/** The mode and, as a SELECT of `id`, the agents of the list, both of a member `m`. */
export type Becomes = { mode: SQL; ids: SQL }

export const listed = sql`SELECT g.agent_id AS id FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id`

/** As JSON with the agents in order, so that two can be compared; without `becomes` what a member `m` has now. */
export const agentAccessOf = ({ mode, ids }: Becomes = { mode: sql`m.agent_mode`, ids: listed }) => sql`json_object('mode', ${mode},
  'agents', json((SELECT json_group_array(id) FROM (SELECT id FROM (${ids}) ORDER BY id))))`

/** Carries out a plan whose values are modes and lists, with an entry for each person. */
export const writeAgents = (act: MemberAct, plan: Plan) =>
  [
    record(
      act,
      'agent_access_changed',
      from(sql`${plan} JOIN members m ON m.tenant_id = ${act.tenantId} AND m.id = p.subject`, 'm'),
      {
        before: inWords('was'),
        after: inWords('becomes'),
      },
    ),
    raw(
      act.db,
      sql`
      DELETE FROM member_agents WHERE (tenant_id, member_id, agent_id) IN (
        SELECT ${act.tenantId}, d.subject, d.agent FROM ${minus(plan, 'was', 'becomes')} d)`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id)
      SELECT a.tenant_id, d.subject, a.id FROM ${minus(plan, 'becomes', 'was')} d CROSS JOIN agents a
        ON a.tenant_id = ${act.tenantId} AND a.id = d.agent
      WHERE true ON CONFLICT DO NOTHING`,
    ),
    raw(
      act.db,
      sql`
      UPDATE members SET agent_mode = s.mode, agents_by_id = ${act.memberId}, agents_at = ${act.now}
      FROM (SELECT p.subject, p.becomes ->> 'mode' AS mode FROM ${plan}) s
      WHERE members.tenant_id = ${act.tenantId} AND members.id = s.subject`,
    ),
  ] as const

/** Of each person in a plan the agents of one of the two lists that the other does not hold. */
const minus = (plan: Plan, side: Side, other: Side) => sql`(
  SELECT p.subject, j.value AS agent FROM ${plan}, ${agentsIn(side)} EXCEPT SELECT p.subject, j.value FROM ${plan}, ${agentsIn(other)})`

type Side = 'was' | 'becomes'
const agentsIn = (side: Side) => sql`json_each(p.${sql.identifier(side)}, '$.agents') j`

/** Of the step to another mode or list its size; of one agent in a list that agent's name. */
function inWords(side: Side) {
  const access = sql`p.${sql.identifier(side)}`
  const state = side === 'becomes' ? sql`d.state` : sql`iif(d.state = 'on', 'off', 'on')`
  return sql`CASE WHEN p.was ->> 'mode' = 'list' AND p.becomes ->> 'mode' = 'list' AND (SELECT count(*) FROM ${differing}) = 1
    THEN (SELECT json_object(a.name, ${state}) FROM ${differing} JOIN agents a ON a.id = d.id)
    WHEN ${access} ->> 'mode' = 'all' THEN json_object('mode', 'all')
    ELSE json_object('mode', 'list', 'agents', json_array_length(${access}, '$.agents')) END`
}

const onlyIn = (side: Side, other: Side) =>
  sql`(SELECT j.value AS id FROM ${agentsIn(side)} EXCEPT SELECT j.value FROM ${agentsIn(other)})`

/** The agents that only one of the two lists of a plan's row holds, with what they become. */
const differing = sql`(
  SELECT id, 'on' AS state FROM ${onlyIn('becomes', 'was')} UNION ALL SELECT id, 'off' FROM ${onlyIn('was', 'becomes')}) d`
