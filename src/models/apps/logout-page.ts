import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { LOGOUT_STATES } from '../../db/schema/apps'
import type { MemberAct } from '../core/act'
import type { Place } from '../members/viewer'

/** The newest are looked at, and of those as many shown, those first that an admin may do something about. */
const LOOKED_AT = 200
const SHOWN = 10

/** What an app was told, or has yet to be, of somebody who is not signed in to it any more: `memberId` is null once they have left. Times in ms. */
export type Logout = {
  id: string
  state: (typeof LOGOUT_STATES)[number]
  attempts: number
  detail: string | null
  dueAt: number
  at: number
  doneAt: number | null
  memberId: string | null
  email: string | null
  name: string | null
}

export const logoutsOf = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, appId: string) =>
  raw<Logout>(
    db,
    sql`
    SELECT l.id, l.state, l.attempts, l.detail, l.due_at AS dueAt, l.created_at AS at, l.done_at AS doneAt, m.id AS memberId, m.email, u.name
    FROM (SELECT n.* FROM (SELECT * FROM app_logouts INDEXED BY app_logouts_by_app WHERE app_id = ${appId} AND tenant_id = ${tenantId}
        ORDER BY created_at DESC LIMIT ${LOOKED_AT}) n
      ORDER BY n.state = 'failed' DESC, n.state = 'waiting' DESC, n.created_at DESC LIMIT ${SHOWN}) l
      LEFT JOIN members m ON m.tenant_id = l.tenant_id AND m.id = l.member_id LEFT JOIN users u ON u.id = m.user_id`,
  )

/** At most one row: what an app could not be told. */
export const logoutIn = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>, { appId, id }: { appId: string; id: string }) =>
  raw<{ state: string }>(
    db,
    sql`SELECT l.state FROM app_logouts l WHERE l.id = ${id} AND l.app_id = ${appId} AND l.tenant_id = ${tenantId}`,
  )

/** Tells it once more, and for as long as it is less than a day old again and again. @returns false where it has not failed, or not any more */
export async function tellAgain({ db, tenantId, now }: MemberAct, { appId, id }: { appId: string; id: string }): Promise<boolean> {
  const [again] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      UPDATE app_logouts SET state = 'waiting', due_at = ${now}, done_at = NULL
      WHERE id = ${id} AND app_id = ${appId} AND tenant_id = ${tenantId} AND state = 'failed' RETURNING id`,
    ),
  ])
  return again.length === 1
}
