import { type SQL, sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import type { SUPPRESSION_REASONS } from '../../db/schema/invitations'
import type { Act } from '../core/act'

/** An address and the workspace that would email it: values, or SQL of the query around them. */
export type Recipient = { tenantId: SQL | string; emailKey: SQL | string }

type Reason = (typeof SUPPRESSION_REASONS)[number]

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

/** Whether this workspace may not invite or remind this address, as a condition in SQL. */
export const isSuppressed = ({ tenantId, emailKey }: Recipient) =>
  sql`EXISTS (SELECT 1 FROM suppressions s WHERE s.email_key = ${emailKey} AND s.tenant_id IN ('', ${tenantId}))`
