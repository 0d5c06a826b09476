import { sql } from 'drizzle-orm'
import type { Statement } from '../../db/connect'
import { from } from '../../db/from'
import type { MemberAct } from '../core/act'

/** What is taken back: of whom (empty for the workspace itself), and what of them. */
export type Restored = { subject: string; field: string }

/**
 * The statements that take a change back, for one batch. The first is a read of `subject, field` of what is taken back: whatever still is what the
 * change made of it. The others write it, with an ordinary entry of the activity log each, by the same conditions; `openValues` is one of them.
 */
export type Restore = (act: MemberAct, undoId: string) => readonly [Statement<Restored>, ...Statement<unknown>[]]

/** The values `v` of an undo `u`, as long as it can be pressed: within its time, once, by the admin who made the change and still is one. */
export const openValues = ({ tenantId, memberId, now }: MemberAct, undoId: string) =>
  from(
    sql`undos u JOIN members a ON a.id = u.admin_id AND a.tenant_id = u.tenant_id AND a.role = 'admin' AND a.status = 'active'
      JOIN undo_values v ON v.undo_id = u.id AND u.id = ${undoId} AND u.tenant_id = ${tenantId} AND u.admin_id = ${memberId}
      AND u.undone_at IS NULL AND u.expires_at > ${now}`,
    'u',
    'v',
  )
