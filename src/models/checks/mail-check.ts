import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { DAY_MS } from '../core/duration'
import type { ReissueRefusal } from '../invitations/resend'
import { mailAt } from '../members/attention'
import type { Viewer } from '../members/viewer'

/** SPEC section 7 gives resends the same. */
const TEST_COOLDOWN_MS = 60_000
const TESTS_A_DAY = 5

export type NewestMail = { state: string; reason: string | null; at: number }
const columns = sql`x.state, x.reason, ${mailAt} AS at`

/** At most one row: how the newest mail of a workspace fared tells whether its sender is set up. */
export const newestMail = (db: Db, tenantId: string) =>
  raw<NewestMail>(db, sql`SELECT ${columns} FROM mails x WHERE x.tenant_id = ${tenantId} ORDER BY x.created_at DESC LIMIT 1`)

/** At most one row. `memberId` is SQL. */
export const newestTest = (db: Db, memberId: SQL) =>
  raw<NewestMail & { to: string }>(
    db,
    sql`
    SELECT ${columns}, x.to_email AS "to" FROM mails x WHERE x.member_id = ${memberId} AND x.kind = 'test'
    ORDER BY x.created_at DESC LIMIT 1`,
  )

/** At most one row: when a provider last told us something and proved that it was it. */
export const webhookSeen = (db: Db, provider: string) =>
  raw<{ at: number }>(db, sql`SELECT seen_at AS at FROM webhooks WHERE provider = ${provider}`)

/** One row, or none once this workspace has invited somebody. */
export const notYetInvited = (db: Db, tenantId: string) =>
  raw<{ id: string }>(
    db,
    sql`
    SELECT id FROM tenants WHERE id = ${tenantId} AND NOT EXISTS (SELECT 1 FROM invitations WHERE tenant_id = ${tenantId})`,
  )

export type TestRefusal = Extract<ReissueRefusal, 'too_soon' | 'too_often'>

/** A mail to the admin's own address: one a minute, five a day. */
export async function sendTest(
  db: Db,
  by: Viewer,
  now: number,
): Promise<{ mailId: string } | { reason: TestRefusal; retryAt: number }> {
  const mailId = crypto.randomUUID()
  const tests = sql`mails x WHERE x.member_id = ${by.memberId} AND x.created_at > ${now - DAY_MS} AND x.kind = 'test'`
  const last = sql`coalesce((SELECT max(x.created_at) FROM ${tests}), 0)`
  const [queued, [limits]] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, created_at)
      SELECT ${mailId}, m.tenant_id, m.id, 'test', u.email, u.email_key, ${now} FROM members m JOIN users u ON u.id = m.user_id
      WHERE m.id = ${by.memberId} AND m.tenant_id = ${by.tenantId} AND m.status = 'active'
        AND ${last} <= ${now - TEST_COOLDOWN_MS} AND (SELECT count(*) FROM ${tests}) < ${TESTS_A_DAY}
      RETURNING id`,
    ),
    raw<Limits>(db, sql`SELECT count(*) AS today, coalesce(min(x.created_at), 0) AS first, ${last} AS last FROM ${tests}`),
  ])
  return queued.length === 1 ? { mailId } : refusalOf(limits, now)
}

type Limits = { today: number; first: number; last: number }

function refusalOf(limits: Limits | undefined, now: number): { reason: TestRefusal; retryAt: number } {
  if (limits && limits.today >= TESTS_A_DAY) return { reason: 'too_often', retryAt: limits.first + DAY_MS }
  return { reason: 'too_soon', retryAt: (limits?.last ?? now) + TEST_COOLDOWN_MS }
}
