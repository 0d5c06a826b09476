import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type AgentMode, type Role, sectionsOf } from '../access/access'
import type { Section } from '../access/section'
import { isLive } from '../identity/session'

/** What a session cookie names. A tenant it names wrongly finds nobody. */
export type Claim = { secretHash: string; tenantId: string }

/** The active member behind a session, with everything that decides what they may see, as the database says now. */
export type Viewer = {
  sessionId: string
  userId: string
  memberId: string
  tenantId: string
  tenantName: string
  tenantSlug: string
  email: string
  name: string | null
  role: Role
  agentMode: AgentMode
  sections: Section[]
  workspaces: { slug: string; name: string }[]
}

type ViewerRow = Omit<Viewer, 'sections' | 'workspaces'> & { defaults: string; overrides: string; workspaces: string }

/** At most one row; none means: nobody. */
export const viewerOf = (db: Db, claim: Claim, now: number) =>
  raw<ViewerRow>(
    db,
    sql`
    SELECT s.id AS sessionId, u.id AS userId, m.id AS memberId, t.id AS tenantId, t.name AS tenantName, t.slug AS tenantSlug,
      u.email, u.name, m.role, m.agent_mode AS agentMode,
      ${settingsOf(sql`section_defaults WHERE tenant_id = t.id`)} AS defaults,
      ${settingsOf(sql`member_sections WHERE tenant_id = t.id AND member_id = m.id`)} AS overrides,
      (SELECT json_group_array(json_object('slug', slug, 'name', name)) FROM (
        SELECT w.slug, w.name FROM members x JOIN tenants w ON w.id = x.tenant_id
        WHERE x.user_id = u.id AND x.status = 'active' ORDER BY w.name)) AS workspaces
    FROM sessions s JOIN users u ON u.id = s.user_id
      JOIN members m ON m.user_id = u.id AND m.tenant_id = s.tenant_id AND m.status = 'active'
      JOIN tenants t ON t.id = m.tenant_id
    WHERE s.secret_hash = ${claim.secretHash} AND s.tenant_id = ${claim.tenantId} AND ${isLive(now)}`,
  )

export const toViewer = ({ defaults, overrides, workspaces, ...row }: ViewerRow): Viewer => ({
  ...row,
  sections: sectionsOf({ role: row.role, defaults: JSON.parse(defaults), overrides: JSON.parse(overrides) }),
  workspaces: JSON.parse(workspaces),
})

/** A JSON object of section -> access, from `section_defaults` or `member_sections`. */
export const settingsOf = (rows: SQL) => sql`(SELECT json_group_object(section, access) FROM ${rows})`

/** The id of the member behind a claim, for reads that ride in the same batch as the viewer. */
export const memberIdOf = ({ secretHash, tenantId }: Claim) => sql`(
  SELECT m.id FROM sessions s JOIN members m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id
  WHERE s.secret_hash = ${secretHash} AND s.tenant_id = ${tenantId})`

export const nameOrEmail = ({ name, email }: { name: string | null; email: string }) => name ?? email
