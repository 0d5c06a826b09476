import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { ASK_AGAIN_MS } from '../../limits'
import { record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { tellOfAsking } from '../join-links/join-notice'
import { isActive } from '../members/active'
import { lacks, written } from './waiting'

/**
 * Asks the admins to give somebody what an app is for. @returns false where there is nothing to ask: they can see it, nobody can be given it, or
 * they have asked within a day
 */
export async function askForAccess(act: MemberAct, appId: string): Promise<boolean> {
  const { db, now, tenantId, memberId } = act
  const nonce = randomId()
  const [asked] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO access_requests (member_id, app_id, tenant_id, asked_at, write_nonce)
      SELECT m.id, a.id, m.tenant_id, ${now}, ${nonce} FROM apps a JOIN members m ON m.tenant_id = a.tenant_id
        JOIN tenants t ON t.id = m.tenant_id AND t.suspended_at IS NULL
      WHERE a.id = ${appId} AND a.tenant_id = ${tenantId} AND m.id = ${memberId} AND ${isActive(now, 'm')} AND ${lacks}
      ON CONFLICT (member_id, app_id) DO UPDATE SET state = 'waiting', asked_at = excluded.asked_at, write_nonce = excluded.write_nonce
        WHERE asked_at <= ${now - ASK_AGAIN_MS} RETURNING member_id AS id`,
    ),
    record(act, 'app_access_asked', written(nonce, IS_THEIRS(memberId)), { after: sql`json_object('app', a.name)` }),
    tellOfAsking(act, written(nonce, IS_THEIRS(memberId))),
  ])
  return asked.length === 1
}

/** By the primary key: nothing else looks for a nonce. */
const IS_THEIRS = (memberId: string) => sql`q.member_id = ${memberId}`
