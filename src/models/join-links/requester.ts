import { sql } from 'drizzle-orm'
import { from } from '../../db/from'

/** Who waits under this id, in the columns that the log and the outbox ask of a member `m`. */
export const requester = (id: string) =>
  from(
    sql`(SELECT q.id, q.tenant_id, NULL AS user_id, q.email, q.email_key, q.name AS invited_name FROM join_requests q WHERE q.id = ${id}) m`,
    'm',
  )
