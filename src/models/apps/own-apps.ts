import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { record } from '../activity/activity'
import type { PersonAct } from '../core/act'
import { userIdOf, type Visitor } from '../identity/session'
import { nameOfApp } from './of-member'

/** How many the account page lists. */
const ROWS = 100

export type OwnApp = {
  appId: string
  app: string
  /** The address by which a program names itself; empty for the app itself. */
  client: string
  tenantName: string
  /** When they last used it signed in; null where they are not. */
  usedAt: number | null
  /** When they agreed that it learns who they are; null where an admin has for everybody. */
  agreedAt: number | null
}

/** What the person behind a cookie is signed in to or has agreed to, in any workspace that is open. */
export const ownAppsOf = (at: Visitor) =>
  raw<OwnApp>(
    at.db,
    sql`
    SELECT a.id AS appId, a.name AS app, x.client, t.name AS tenantName, max(x.used_at) AS usedAt, max(x.at) AS agreedAt FROM (
      SELECT g.app_id, g.client, g.used_at, NULL AS at FROM app_grants g WHERE g.user_id = ${userIdOf(at)} AND g.ended_at IS NULL
      UNION ALL SELECT c.app_id, c.client, NULL, c.at FROM members m JOIN app_consents c ON c.member_id = m.id WHERE m.user_id = ${userIdOf(at)}) x
      JOIN apps a ON a.id = x.app_id JOIN tenants t ON t.id = a.tenant_id AND t.suspended_at IS NULL
    GROUP BY a.id, x.client ORDER BY usedAt IS NULL, usedAt DESC, a.name, a.id, x.client LIMIT ${ROWS}`,
  )

/** An app, or a program that it is used with. */
export type Named = { appId: string; client: string }

/** Signs the person out of it, in every session and offline. @returns the name of the app, where it is one of a workspace of theirs */
export async function signOutOfOwnApp(act: PersonAct, named: Named): Promise<string | undefined> {
  const [[app]] = await act.db.batch([appOfTheirs(act, named), ...end(act, named)])
  return app?.name
}

/** Signs them out of it and forgets that they agreed, so that they are asked the next time. @returns as above */
export async function withdrawConsent(act: PersonAct, named: Named): Promise<string | undefined> {
  const theirs = sql`c.app_id = ${named.appId} AND c.client = ${named.client} AND c.member_id IN (SELECT m.id FROM members m WHERE m.user_id = ${act.userId})`
  const [[app]] = await act.db.batch([
    appOfTheirs(act, named),
    record(
      act,
      'app_consent_withdrawn',
      membersWhere(sql`m.user_id = ${act.userId} AND m.id IN (SELECT c.member_id FROM app_consents c WHERE ${theirs})`),
      { after: nameOfApp(named.appId) },
    ),
    ...end(act, named),
    raw(act.db, sql`DELETE FROM app_consents AS c WHERE ${theirs}`),
  ])
  return app?.name
}

const appOfTheirs = ({ db, userId }: PersonAct, { appId }: Named) =>
  raw<{ name: string }>(
    db,
    sql`SELECT a.name FROM apps a JOIN members m ON m.tenant_id = a.tenant_id AND m.user_id = ${userId} WHERE a.id = ${appId}`,
  )

function end(act: PersonAct, { appId, client }: Named) {
  const signedIn = sql`g.user_id = ${act.userId} AND g.app_id = ${appId} AND g.client = ${client} AND g.ended_at IS NULL`
  return [
    record(
      act,
      'app_signed_out',
      membersWhere(sql`m.user_id = ${act.userId} AND m.id IN (SELECT g.member_id FROM app_grants g WHERE ${signedIn})`),
      {
        after: nameOfApp(appId),
      },
    ),
    raw(act.db, sql`UPDATE app_grants AS g SET ended_at = ${act.now} WHERE ${signedIn}`),
  ] as const
}
