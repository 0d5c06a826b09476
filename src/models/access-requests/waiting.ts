import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { CONFIGURABLE } from '../access/section'
import { asMember, maySeeAgent } from '../agents/agent'
import { isActive } from '../members/active'

const GRANTABLE = JSON.stringify(CONFIGURABLE.map(({ slug }) => slug))

/** Of an app `a`: that of its agent is the one of all agents. */
export const sectionOfApp = sql`coalesce(a.section, 'agents')`

/** The own cell of a member `m`, as a cell of the Permission Matrix says it. */
export const ownSection = sql`coalesce(
  (SELECT o.access FROM member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = ${sectionOfApp}), 'default')`

const seesSection = sql`iif(${ownSection} = 'default', coalesce(
  (SELECT d.access FROM section_defaults d WHERE d.tenant_id = m.tenant_id AND d.section = ${sectionOfApp}), 'on'), ${ownSection}) = 'on'`

const MEMBER = { tenantId: sql`m.tenant_id`, id: sql`m.id`, role: sql`m.role`, agentMode: sql`m.agent_mode` }

/** A member `m` does not have the section that an app `a` is for, or that of its agent. */
export const lacksSection = sql`(m.role = 'user' AND (a.section IS NOT NULL OR a.agent_id IS NOT NULL) AND NOT ${seesSection})`

/** The agent that it is for is not in their list. */
export const lacksAgent = sql`(a.agent_id IS NOT NULL AND NOT ${maySeeAgent(asMember(MEMBER, sql`a.agent_id`))})`

/** They may not see what the app is for, and an admin can give it to them. */
export const lacks = sql`(${sectionOfApp} IN (SELECT value FROM json_each(${GRANTABLE})) AND (${lacksSection} OR ${lacksAgent}))`

/**
 * The requests `q` that wait for an admin, with their member and app: whoever can see it by now, may not enter any more, or asked for what is gone,
 * waits for nothing.
 */
export const waiting = (now: number, which: SQL) =>
  from(
    sql`access_requests q JOIN apps a ON a.id = q.app_id AND a.tenant_id = q.tenant_id
      JOIN members m ON m.id = q.member_id AND m.tenant_id = q.tenant_id
    WHERE q.state = 'waiting' AND ${which} AND ${isActive(now, 'm')} AND ${lacks}`,
    'q',
    'a',
    'm',
  )

/** The request `q`, its member and its app, of whoever left this nonce on it. */
export const written = (nonce: string, also = sql`true`) =>
  from(
    sql`access_requests q JOIN apps a ON a.id = q.app_id JOIN members m ON m.id = q.member_id WHERE q.write_nonce = ${nonce} AND ${also}`,
    'q',
    'a',
    'm',
  )
