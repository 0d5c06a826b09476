import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { recordWorkspace } from '../activity/activity'
import { latestOf } from '../activity/latest'
import type { MemberAct } from '../core/act'

/**
 * The tool can ask nothing any more. A trigger ends every grant, which tells the tool of each sign-out. The log keeps the id, so that it can be
 * told from one that never was. @returns false when it is gone already
 */
export async function disconnectApp(act: MemberAct, id: string): Promise<boolean> {
  const ours = sql`a.id = ${id} AND a.tenant_id = ${act.tenantId}`
  const signedIn = sql`(SELECT count(*) FROM app_grants g WHERE g.app_id = a.id AND g.ended_at IS NULL)`
  const [, gone] = await act.db.batch([
    recordWorkspace(
      act,
      'app_disconnected',
      { before: sql`(SELECT json_object('app', a.name, 'id', a.id, 'sign_ins', ${signedIn}) FROM apps a WHERE ${ours})` },
      sql`EXISTS (SELECT 1 FROM apps a WHERE ${ours})`,
    ),
    raw<{ id: string }>(act.db, sql`DELETE FROM apps AS a WHERE ${ours} RETURNING id`),
  ])
  return gone.length === 1
}

/** At most one row: how an app was disconnected from this workspace. */
export const disconnectedAppOf = (at: Pick<MemberAct, 'db' | 'tenantId'>, id: string) =>
  latestOf(at, 'app_disconnected', sql`before ->> 'id' = ${id}`)

/** At most one row: who last changed the app that is called so now. */
export const lastChangeOfApp = (at: Pick<MemberAct, 'db' | 'tenantId'>, name: string) =>
  latestOf(at, 'app_changed', sql`after ->> 'app' = ${name}`)
