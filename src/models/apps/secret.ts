import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { SECRET_OVERLAP_MS } from '../../limits'
import { recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomSecret, sha256 } from '../core/random'

/**
 * Gives an app another secret, which is nowhere else; the one before it goes on working for a week, and one from before that stops. @param madeAt
 * when the one that the page showed was made (ms), so that nobody replaces a secret that somebody has just made. @returns undefined where it is another by now
 */
export async function rotateSecret(act: MemberAct, id: string, madeAt: number | null): Promise<string | undefined> {
  const secret = randomSecret()
  const still = sql`a.id = ${id} AND a.tenant_id = ${act.tenantId} AND a.secret_at IS ${madeAt} AND a.auth = 'secret'`
  const [, rotated] = await act.db.batch([
    recordWorkspace(act, 'app_secret_rotated', { after: nameOf(still, 'on') }, sql`EXISTS (SELECT 1 FROM apps a WHERE ${still})`),
    raw<{ id: string }>(
      act.db,
      sql`
      UPDATE apps AS a SET former_secret_hash = a.secret_hash, former_secret_until = ${act.now + SECRET_OVERLAP_MS},
        secret_hash = ${await sha256(secret)}, secret_at = ${act.now}, version = a.version + 1
      WHERE ${still} RETURNING id`,
    ),
  ])
  return rotated.length === 1 ? secret : undefined
}

/** Only the newest secret counts from now on. @returns false where no former one did */
export async function endFormerSecret(act: MemberAct, id: string): Promise<boolean> {
  const still = sql`a.id = ${id} AND a.tenant_id = ${act.tenantId} AND a.former_secret_until > ${act.now}`
  const [, ended] = await act.db.batch([
    recordWorkspace(act, 'app_secret_rotated', { after: nameOf(still, 'off') }, sql`EXISTS (SELECT 1 FROM apps a WHERE ${still})`),
    raw<{ id: string }>(
      act.db,
      sql`UPDATE apps AS a SET former_secret_hash = NULL, former_secret_until = NULL, version = a.version + 1 WHERE ${still} RETURNING id`,
    ),
  ])
  return ended.length === 1
}

/** With whether the one before still works. */
const nameOf = (which: SQL, former: 'on' | 'off') =>
  sql`(SELECT json_object('app', a.name, 'former_secret', ${former}) FROM apps a WHERE ${which})`
