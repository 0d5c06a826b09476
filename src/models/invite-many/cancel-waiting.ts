import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import { isDecided } from './progress'

/** Calls off what waits for the emails of another day. @returns how many rows that were */
export async function cancelWaiting(act: MemberAct, id: string): Promise<number> {
  const { db, tenantId, now } = act
  const mine = sql`EXISTS (SELECT 1 FROM invite_drafts d WHERE d.id = ${id} AND d.tenant_id = ${tenantId})`
  const waiting = sql`(SELECT count(*) FROM invite_rows r WHERE r.draft_id = ${id} AND r.outcome = 'cancelled' AND r.write_nonce = ${id})`
  const [cancelled] = await db.batch([
    raw<{ n: number }>(
      db,
      sql`
      UPDATE invite_rows SET outcome = 'cancelled', retry_at = NULL, write_nonce = ${id} WHERE draft_id = ${id} AND outcome = 'waiting' AND ${mine}
      RETURNING n`,
    ),
    raw(
      db,
      sql`
      UPDATE jobs SET done = done + ${waiting}, left_out = left_out + ${waiting}, state = 'done', finished_at = ${now}, ip = NULL
      WHERE id = ${id} AND tenant_id = ${tenantId} AND state = 'queued' AND ${waiting} > 0
        AND ${isDecided(id)}`,
    ),
  ])
  return cancelled.length
}
