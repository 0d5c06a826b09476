import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { accessRequests } from '../../db/schema/access-requests'
import { appGrants, appLogouts, appTokens } from '../../db/schema/apps'
import { ASK_AGAIN_MS, DAY_MS, JOIN_REQUEST_MS } from '../../limits'
import { waiting } from '../access-requests/waiting'
import { ROWS } from '../workspace/retention'

/** Long enough to show on a person's page where they were signed in to. */
const ENDED_MS = 90 * DAY_MS
/** An app's page shows what it was told of in the last days. */
const TOLD_MS = 30 * DAY_MS

/** Of grants that nobody used meanwhile: whoever uses one takes its old tokens away (`dropExpired`). */
export const pruneAppTokens = (db: Db, now: number) =>
  db
    .delete(appTokens)
    .where(
      sql`${appTokens.id} IN (SELECT k.id FROM app_tokens k INDEXED BY app_tokens_by_grant WHERE k.expires_at < ${now - DAY_MS} LIMIT ${ROWS})`,
    )

export const pruneAppGrants = (db: Db, now: number) =>
  db
    .delete(appGrants)
    .where(
      sql`${appGrants.id} IN (SELECT g.id FROM app_grants g INDEXED BY app_grants_of_member WHERE g.ended_at < ${now - ENDED_MS} LIMIT ${ROWS})`,
    )

/** Whether the app heard it or not. */
export const pruneAppLogouts = (db: Db, now: number) =>
  db
    .delete(appLogouts)
    .where(
      sql`${appLogouts.id} IN (SELECT l.id FROM app_logouts l WHERE l.state <> 'waiting' AND l.created_at < ${now - TOLD_MS} LIMIT ${ROWS})`,
    )

/** Those that nobody has answered for so long, and those that wait for nothing once the person may ask anew. */
export const pruneAccessRequests = (db: Db, now: number) =>
  db.delete(accessRequests).where(
    sql`(${accessRequests.memberId}, ${accessRequests.appId}) IN (
        SELECT r.member_id, r.app_id FROM access_requests r WHERE r.asked_at < ${now - JOIN_REQUEST_MS} OR r.asked_at < ${now - ASK_AGAIN_MS}
          AND NOT EXISTS (SELECT 1 FROM ${waiting(now, sql`q.member_id = r.member_id AND q.app_id = r.app_id`)}) LIMIT ${ROWS})`,
  )
