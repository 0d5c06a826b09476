import { type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import type { UNDO_KINDS } from '../../db/schema/undo'
import { UNDO_MS } from '../../limits'
import type { MemberAct } from '../core/act'

export type UndoKind = (typeof UNDO_KINDS)[number]

/**
 * Keeps what a change is about to overwrite, so that its admin can take it back. Stands in the batch before the change. `values` is a SELECT of
 * `subject, field, was, became`, all text: the member (empty for the workspace itself), what of them, and its two values; where it finds nothing,
 * or the admin was deleted meanwhile, nothing is kept. A change in several steps keeps them all under one id. The first statement returns one row when
 * there is something to undo.
 */
export const keepUndo = ({ db, tenantId, memberId, now }: MemberAct, id: string, kind: UndoKind, values: SQL) =>
  [
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO undos (id, tenant_id, admin_id, kind, created_at, expires_at)
      SELECT ${id}, ${tenantId}, ${memberId}, ${kind}, ${now}, ${now + UNDO_MS}
      FROM members a WHERE a.id = ${memberId} AND a.tenant_id = ${tenantId} AND EXISTS (${values})
      ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at WHERE tenant_id = excluded.tenant_id AND admin_id = excluded.admin_id RETURNING id`,
    ),
    raw(
      db,
      sql`
      INSERT INTO undo_values (undo_id, subject, field, was, became)
      SELECT u.id, v.subject, v.field, v.was, v.became FROM undos u, (${values}) v
      WHERE u.id = ${id} AND u.tenant_id = ${tenantId} AND u.admin_id = ${memberId}`,
    ),
  ] as const
