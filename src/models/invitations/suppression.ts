import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import type { SUPPRESSION_REASONS } from '../../db/schema/invitations'
import { LIFT_MS } from '../../limits'
import type { Act } from '../core/act'

/** An address and the workspace that would email it: values, or SQL of the query around them. */
export type Recipient = { tenantId: SQL | string; emailKey: SQL | string }

type Reason = (typeof SUPPRESSION_REASONS)[number]
export type Suppression = { reason: Reason; at: number }

/**
 * Of the people `m`, who are named by `email_key` and `tenant_id`. A complaint holds for every workspace of the deployment, a wish for the one
 * that it was told. An address that is suppressed already keeps its first reason.
 */
export const suppress = ({ db, now }: Pick<Act, 'db' | 'now'>, reason: Reason, people: From<'m'>) =>
  raw(
    db,
    sql`
    INSERT INTO suppressions (email_key, tenant_id, reason, at)
    SELECT m.email_key, ${reason === 'complained' ? '' : sql`m.tenant_id`}, ${reason}, ${now} FROM ${people}
    ON CONFLICT (email_key, tenant_id) DO NOTHING`,
  )

/** Of the address that an invitation was emailed to, the newest that stops its workspace: a JSON `Suppression`, or NULL. */
export const suppressionOf = ({ id, tenantId }: { id: SQLWrapper; tenantId: SQLWrapper }) => sql`(
  SELECT json_object('reason', s.reason, 'at', s.at) FROM mails x JOIN suppressions s ON s.email_key = x.to_key AND s.tenant_id IN ('', ${tenantId})
  WHERE x.invitation_id = ${id} ORDER BY s.at DESC LIMIT 1)`

/** Takes back, for a day, what stops the workspace of an emailed link from inviting its address. A link that was handed over proves no mailbox. */
export const lift = ({ db, now }: Pick<Act, 'db' | 'now'>, jti: string) =>
  raw<{ email_key: string }>(
    db,
    sql`
    DELETE FROM suppressions WHERE at > ${now - LIFT_MS} AND (email_key, tenant_id) IN (
      SELECT x.to_key, t.value FROM invitations i JOIN mails x ON x.invitation_id = i.id, json_each(json_array('', i.tenant_id)) t
      WHERE i.jti = ${jti})
    RETURNING email_key`,
  )

/** Whether this workspace may not invite or remind this address, as a condition in SQL. */
export const isSuppressed = ({ tenantId, emailKey }: Recipient) =>
  sql`EXISTS (SELECT 1 FROM suppressions s WHERE s.email_key = ${emailKey} AND s.tenant_id IN ('', ${tenantId}))`
