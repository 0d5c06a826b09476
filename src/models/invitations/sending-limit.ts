import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import type { Rule } from '../../db/rules'
import { DAY_MS, MAILS_TO_ONE_A_DAY } from '../../limits'
import { isSuppressed, type Recipient } from './suppression'

/** Settings of the deployment: of one workspace, and of all of them together. */
export type Caps = { pending: number; mailsADay: number; mailsADayInAll: number }

/** Why an invitation may not be emailed to somebody now, whoever asks. Each condition reads only what is there before the batch writes. */
export const sendingRules = (to: Recipient, caps: Caps, now: number) =>
  [
    ['cannot_be_mailed', isSuppressed(to)],
    ['too_many_mails', sql`${mailsToday(to.tenantId, now)} >= ${caps.mailsADay}`, roomToday(to.tenantId, caps, now)],
    ['too_many_mails_in_all', sql`${mailsInAll(now)} >= ${caps.mailsADayInAll}`, dayInAllEnds],
  ] as const satisfies readonly Rule[]

/** Why an admin may not have it emailed to this address once more today. */
export const addressRules = (to: Recipient, now: number) =>
  [
    [
      'too_often',
      sql`(SELECT count(*) FROM ${mailsTo(to, now)}) >= ${MAILS_TO_ONE_A_DAY}`,
      sql`(SELECT x.created_at + ${DAY_MS} FROM ${mailsTo(to, now)} ORDER BY x.created_at DESC LIMIT 1 OFFSET ${MAILS_TO_ONE_A_DAY - 1})`,
    ],
  ] as const satisfies readonly Rule[]

/** The emails that reach people outside: invitations, fresh ones and reminders. Only they have an invitation. */
const sentToday = (tenantId: SQL | string, now: number) =>
  sql`mails x WHERE x.tenant_id = ${tenantId} AND x.created_at > ${now - DAY_MS} AND x.invitation_id IS NOT NULL`

export const mailsToday = (tenantId: SQL | string, now: number) => sql`(SELECT count(*) FROM ${sentToday(tenantId, now)})`

/** When the oldest of the emails that fill the day leaves it, in ms. */
const roomToday = (tenantId: SQL | string, { mailsADay }: Caps, now: number) => sql`(
  SELECT x.created_at + ${DAY_MS} FROM ${sentToday(tenantId, now)} ORDER BY x.created_at DESC LIMIT 1 OFFSET ${mailsADay - 1})`

const KEY = 'mails:deployment'

/** One counter row: counting the emails themselves would read thousands for every invitation. Its day starts with the first email. */
export const mailsInAll = (now: number) => sql`coalesce((SELECT hits FROM throttles WHERE key = ${KEY} AND resets_at > ${now}), 0)`

const dayInAllEnds = sql`(SELECT resets_at FROM throttles WHERE key = ${KEY})`

/**
 * What admins had sent there. Emails outlive the member and the address it had, so that inviting again or pointing there once more does not
 * start the count anew. What people ask for themselves has a limit of its own, or strangers could use up this one.
 */
const mailsTo = ({ tenantId, emailKey }: Recipient, now: number) => sql`mails x
  WHERE x.to_key = ${emailKey} AND x.tenant_id = ${tenantId} AND x.created_at > ${now - DAY_MS} AND x.kind = 'invitation'`

/** Counts the emails `x`. Stands in the batch that writes them, so that nothing is counted that was not written. */
export const countMails = (db: Db, mails: From<'x'>, now: number) =>
  raw(
    db,
    sql`
    INSERT INTO throttles (key, hits, blocked_until, resets_at)
    SELECT ${KEY}, count(*), 0, ${now + DAY_MS} FROM ${mails} HAVING count(*) > 0
    ON CONFLICT (key) DO UPDATE SET hits = iif(resets_at > ${now}, hits, 0) + excluded.hits,
      resets_at = iif(resets_at > ${now}, resets_at, excluded.resets_at)`,
  )
