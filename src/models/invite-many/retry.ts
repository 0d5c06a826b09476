import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'

/** A new list of the rows that did not go out, to be reviewed like the first. @returns its id; undefined where there is none, or no such report */
export async function retryFailed(act: MemberAct, id: string): Promise<string | undefined> {
  const { db, tenantId, memberId, now } = act
  const next = crypto.randomUUID()
  const failed = sql`r.choice <> 'leave' AND (r.outcome IS NULL OR r.outcome NOT IN ('sent', 'resent', 'waiting'))`
  const [made] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO invite_drafts (id, tenant_id, admin_id, settings, created_at)
      SELECT ${next}, d.tenant_id, ${memberId}, d.settings, ${now} FROM invite_drafts d JOIN jobs j ON j.id = d.id AND j.state <> 'queued'
      WHERE d.id = ${id} AND d.tenant_id = ${tenantId} AND EXISTS (SELECT 1 FROM invite_rows r WHERE r.draft_id = d.id AND ${failed}) RETURNING id`,
    ),
    raw(
      db,
      sql`
      INSERT INTO invite_rows (draft_id, n, cells, email, email_key, name, own, search_key, problem, detail, choice)
      SELECT ${next}, row_number() OVER (ORDER BY r.n), r.cells, r.email, r.email_key, r.name, r.own, r.search_key, r.problem, r.detail, r.choice
      FROM invite_drafts d CROSS JOIN invite_rows r ON r.draft_id = ${id} WHERE d.id = ${next} AND ${failed}`,
    ),
  ])
  return made[0]?.id
}
