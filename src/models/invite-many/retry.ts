import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import { sha256 } from '../core/random'
import { DRAFT_MS } from './draft'

/**
 * A new list of the rows that did not go out, to be reviewed like the first: one for each admin, however often it is asked for, as long as it can be
 * sent. @returns its id; undefined where there is nothing to retry, or no such report
 */
export async function retryFailed(act: MemberAct, id: string): Promise<string | undefined> {
  const { db, tenantId, memberId, now } = act
  const next = (await sha256(`retry ${id} ${memberId}`)).slice(0, 32)
  const failed = sql`r.choice <> 'leave' AND (r.outcome IS NULL OR r.outcome NOT IN ('sent', 'resent', 'waiting'))`
  const [, , , [list]] = await db.batch([
    raw(db, sql`DELETE FROM invite_drafts WHERE id = ${next} AND sent_at IS NULL AND created_at <= ${now - DRAFT_MS}`),
    raw(
      db,
      sql`
      INSERT INTO invite_drafts (id, tenant_id, admin_id, settings, created_at)
      SELECT ${next}, d.tenant_id, ${memberId}, d.settings, ${now} FROM invite_drafts d JOIN jobs j ON j.id = d.id AND j.state <> 'queued'
      WHERE d.id = ${id} AND d.tenant_id = ${tenantId} AND EXISTS (SELECT 1 FROM invite_rows r WHERE r.draft_id = d.id AND ${failed})
      ON CONFLICT DO NOTHING`,
    ),
    raw(
      db,
      sql`
      INSERT INTO invite_rows (draft_id, n, cells, email, email_key, name, own, search_key, problem, detail, choice)
      SELECT ${next}, row_number() OVER (ORDER BY r.n), r.cells, r.email, r.email_key, r.name, r.own, r.search_key, r.problem, r.detail, r.choice
      FROM invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = ${id} WHERE d.id = ${next} AND ${failed} ON CONFLICT DO NOTHING`,
    ),
    raw<{ id: string }>(db, sql`SELECT d.id FROM invite_drafts d WHERE d.id = ${next} AND d.tenant_id = ${tenantId}`),
  ])
  return list?.id
}
