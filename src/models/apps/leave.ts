import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'

/** Ends what a session is signed in to an app by. What may go on without the session goes on. */
export const leaveApp = ({ db, now }: MemberAct, { appId, sessionId }: { appId: string; sessionId: string }) =>
  db.batch([
    raw(
      db,
      sql`UPDATE app_grants SET ended_at = ${now} WHERE app_id = ${appId} AND session_id = ${sessionId} AND offline = 0 AND ended_at IS NULL`,
    ),
  ])
