import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { Place } from '../members/viewer'

/** What an admin has done of what a new workspace needs; inviting somebody is the step that ends it. */
export type FirstSteps = { emailTested: boolean; defaultsSet: boolean; agentRegistered: boolean }

/** One row while nobody but one person belongs to the workspace: the second member found ends the question. */
export const firstStepsOf = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>) =>
  raw<{ tested: number; defaults: number; agents: number }>(
    db,
    sql`
    SELECT EXISTS (SELECT 1 FROM mails x WHERE x.to_key = m.email_key AND x.member_id = m.id AND x.kind = 'test') AS tested,
      EXISTS (SELECT 1 FROM section_defaults d WHERE d.tenant_id = ${tenantId}) AS defaults,
      EXISTS (SELECT 1 FROM agents a WHERE a.tenant_id = ${tenantId}) AS agents
    FROM (SELECT id, email_key FROM members WHERE tenant_id = ${tenantId} LIMIT 1) m
    WHERE NOT EXISTS (SELECT 1 FROM members o WHERE o.tenant_id = ${tenantId} AND o.id <> m.id)`,
  )

/** One row, or none once this workspace has invited somebody, as the log says, or has tested its email. */
export const notYetTried = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>) =>
  raw<{ id: string }>(
    db,
    sql`
    SELECT id FROM tenants WHERE id = ${tenantId} AND NOT EXISTS (
      SELECT 1 FROM activity WHERE tenant_id = ${tenantId} AND kind = 'invited')
      AND NOT EXISTS (SELECT 1 FROM members m CROSS JOIN mails x ON x.to_key = m.email_key
        WHERE m.tenant_id = ${tenantId} AND x.member_id = m.id AND x.kind = 'test')`,
  )

export const toFirstSteps = ([row]: Awaited<ReturnType<typeof firstStepsOf>>): FirstSteps | undefined =>
  row && { emailTested: row.tested === 1, defaultsSet: row.defaults === 1, agentRegistered: row.agents === 1 }
