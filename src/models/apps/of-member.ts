import { eq, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { apps } from '../../db/schema/apps'
import { lacks, lacksAgent, lacksSection } from '../access-requests/waiting'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { type Late, lastTurnOf, type Standing, standingOf } from '../members/standing'
import type { Place } from '../members/viewer'

/** How many apps a member's page lists: those that they are signed in to first. */
export const MEMBER_APPS = 30

export type MemberApp = {
  appId: string
  app: string
  section: string | null
  /** The name of the agent that it is for. */
  agent: string | null
  /** They may be signed in to it. */
  allowed: 0 | 1
  lacksSection: 0 | 1
  lacksAgent: 0 | 1
  /** When what they are signed in by was used last; null where they are not. */
  usedAt: number | null
  /** As JSON: the programs that they use it with, each by the address of what it says of itself. */
  clients: string | null
}

/** The apps of the workspace, for an admin who looks at what a member may be signed in to and why; at most one more than are listed. */
export const appsOfMember = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, id: string) =>
  raw<MemberApp>(
    db,
    sql`
    SELECT a.id AS appId, a.name AS app, a.section, (SELECT g.name FROM agents g WHERE g.tenant_id = a.tenant_id AND g.id = a.agent_id) AS agent,
      (m.role = 'admin' OR a.for_admins = 0 AND NOT ${lacks}) AS allowed, ${lacksSection} AS lacksSection, ${lacksAgent} AS lacksAgent, l.usedAt, l.clients
    FROM members m JOIN apps a ON a.tenant_id = m.tenant_id LEFT JOIN (
      SELECT g.app_id, max(g.used_at) AS usedAt, json_group_array(DISTINCT g.client) FILTER (WHERE g.client <> '') AS clients FROM app_grants g
      WHERE g.tenant_id = ${tenantId} AND g.member_id = ${id} AND g.ended_at IS NULL GROUP BY g.app_id) l ON l.app_id = a.id
    WHERE m.tenant_id = ${tenantId} AND m.id = ${id} ORDER BY l.usedAt IS NULL, l.usedAt DESC, a.name, a.id LIMIT ${MEMBER_APPS + 1}`,
  )

/** `no_app`: there is none of this id. */
type SignedOut = { member: Standing; app: string } | Late | { reason: 'no_app' }

/** Signs a member out of an app, in every session and offline, which the app is told. Whoever is not signed in to it stays so. */
export async function signOutOfApp(act: MemberAct, { memberId, appId }: { memberId: string; appId: string }): Promise<SignedOut> {
  const signedIn = sql`g.tenant_id = ${act.tenantId} AND g.member_id = ${memberId} AND g.app_id = ${appId} AND g.ended_at IS NULL`
  const [[member], [turn], [app]] = await act.db.batch([
    standingOf(act, memberId),
    lastTurnOf(act, memberId),
    act.db
      .select({ name: apps.name })
      .from(apps)
      .where(sql`${eq(apps.tenantId, act.tenantId)} AND ${eq(apps.id, appId)}`),
    record(act, 'app_signed_out', membersWhere(sql`m.id = ${memberId} AND EXISTS (SELECT 1 FROM app_grants g WHERE ${signedIn})`), {
      after: nameOfApp(appId),
    }),
    raw(act.db, sql`UPDATE app_grants AS g SET ended_at = ${act.now} WHERE ${signedIn}`),
  ])
  if (!member) return turn ? { reason: 'gone', turn } : { reason: 'unknown' }
  return app ? { member, app: app.name } : { reason: 'no_app' }
}

/** For the log: what the app is called. */
export const nameOfApp = (appId: string) => sql`json_object('app', (SELECT a.name FROM apps a WHERE a.id = ${appId}))`
