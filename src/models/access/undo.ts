import { type SQL, sql } from 'drizzle-orm'
import type { Statement } from '../../db/connect'
import type { MemberAct } from '../core/act'
import type { Opened, Restore } from '../undo/restore'
import { agentAccessOf, writeAgents } from './agent-list'
import { sectionDefault, writeSectionDefault, writeSections } from './permission'
import { forgetOthers, type Plan, wayBack, whatStands } from './plan'

/** Cells of Tenant Users; whoever is an admin or gone by now is left. */
export const restoreSections: Restore = (act, undo) => {
  const stands = sql`EXISTS (
    SELECT 1 FROM members m LEFT JOIN member_sections o ON o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = v.field
    WHERE m.tenant_id = ${act.tenantId} AND m.id = v.subject AND m.role = 'user' AND coalesce(o.access, 'default') = v.became)`
  return goBack(act, undo, stands, writeSections)
}

export const restoreSectionDefault: Restore = (act, undo) =>
  goBack(act, undo, sql`${sectionDefault(act, sql`v.field`)} = v.became`, writeSectionDefault)

/** Modes and lists of Tenant Users. An agent that was deleted since is missed by nobody: lists are compared without it. */
export const restoreAgents: Restore = (act, undo) => {
  const known = sql`SELECT j.value AS id FROM json_each(v.became, '$.agents') j
    WHERE EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = ${act.tenantId} AND a.id = j.value)`
  const stands = sql`EXISTS (
    SELECT 1 FROM members m WHERE m.tenant_id = ${act.tenantId} AND m.id = v.subject AND m.role = 'user'
      AND ${agentAccessOf()} = ${agentAccessOf({ mode: sql`v.became ->> 'mode'`, ids: known })})`
  return goBack(act, undo, stands, writeAgents)
}

type Write = (act: MemberAct, plan: Plan) => readonly Statement<unknown>[]

const goBack = (act: MemberAct, undo: Opened, stands: SQL, write: Write) => ({
  stands: whatStands(act, undo, stands),
  write: [forgetOthers(act, undo, stands), ...write(act, wayBack(act, undo))],
})
