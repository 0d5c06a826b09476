import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { DAY_MS } from '../core/duration'

/** SPEC section 7, as settings of the deployment: of one workspace, and of all of them together. */
export type Caps = { pending: number; mailsADay: number; mailsADayInAll: number }

/** The mails that reach people outside: invitations, fresh ones and reminders. Only they have an invitation. */
export const mailsToday = (tenantId: SQL, now: number) =>
  sql`(SELECT count(*) FROM mails WHERE tenant_id = ${tenantId} AND created_at > ${now - DAY_MS} AND invitation_id IS NOT NULL)`

const KEY = 'mails:deployment'

/** One counter row: counting the mails themselves would read thousands for every invitation. Its day starts with the first mail. */
export const mailsInAll = (now: number) => sql`coalesce((SELECT hits FROM throttles WHERE key = ${KEY} AND resets_at > ${now}), 0)`

/** When there is room again, in ms. */
export const dayInAllEnds = sql`(SELECT resets_at FROM throttles WHERE key = ${KEY})`

/** Whether one more mail may go out, as a condition in SQL. */
export const mayMail = (tenantId: SQL, caps: Caps, now: number) =>
  sql`${mailsToday(tenantId, now)} < ${caps.mailsADay} AND ${mailsInAll(now)} < ${caps.mailsADayInAll}`

/** To one address from one workspace: an invitation and the resends of a day (SPEC section 7). */
const TO_ONE_A_DAY = 6

/** Mails outlive the member and the address it had, so that inviting again or pointing there once more does not start the count anew. */
const mailsTo = (tenantId: SQL, key: SQL, now: number) => sql`mails x
  WHERE x.to_key = ${key} AND x.tenant_id = ${tenantId} AND x.created_at > ${now - DAY_MS} AND x.kind IN ('invitation', 'fresh_invitation')`

/** Whether this address may be mailed once more today, as a condition in SQL. */
export const mayMailTo = (tenantId: SQL, key: SQL, now: number) =>
  sql`(SELECT count(*) FROM ${mailsTo(tenantId, key, now)}) < ${TO_ONE_A_DAY}`

/** When its day began, in ms. */
export const firstMailTo = (tenantId: SQL, key: SQL, now: number) =>
  sql`(SELECT min(x.created_at) FROM ${mailsTo(tenantId, key, now)})`

/** `mails` is SQL after FROM. Stands in the batch that writes them, so that nothing is counted that was not written. */
export const countMails = (db: Db, mails: SQL, now: number) =>
  raw(
    db,
    sql`
    INSERT INTO throttles (key, hits, blocked_until, resets_at)
    SELECT ${KEY}, count(*), 0, ${now + DAY_MS} FROM ${mails} HAVING count(*) > 0
    ON CONFLICT (key) DO UPDATE SET hits = iif(resets_at > ${now}, hits, 0) + excluded.hits,
      resets_at = iif(resets_at > ${now}, resets_at, excluded.resets_at)`,
  )
