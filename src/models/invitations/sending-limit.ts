import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import type { Rule } from '../../db/rules'
import { DAY_MS, MAILS_TO_ONE_A_DAY } from '../../limits'
import type { MemberAct } from '../core/act'
import { isSuppressed, type Recipient } from './suppression'

/** Settings of the deployment: of one workspace, and of all of them together. */
export type Caps = { pending: number; mailsADay: number; mailsADayInAll: number }

/** Why nobody may have an invitation emailed to somebody. */
export const mailableRules = (to: Recipient) => [['cannot_be_mailed', isSuppressed(to)]] as const satisfies readonly Rule[]

/** Of a pending member `m`: past their end there is nothing to join. */
export const endRules = (now: number) => [['past_end', sql`coalesce(m.ends_at <= ${now}, 0)`]] as const satisfies readonly Rule[]

/** Why a workspace may not email an invitation to somebody now. Each condition reads only what is there before the batch writes. */
export const sendingRules = (to: Recipient, caps: Caps, now: number) =>
  [...mailableRules(to), ...dailyRules(to.tenantId, caps, now)] as const satisfies readonly Rule[]

/** Why a workspace may not send one more email today, once it has sent the `before` that come first. */
export const dailyRules = (tenantId: SQL | string, caps: Caps, now: number, before: SQL = NONE) =>
  [
    ['too_many_mails', sql`${mailsToday(tenantId, now)} + ${before} >= ${caps.mailsADay}`, dayEnds(tenantId)],
    ['too_many_mails_in_all', sql`${mailsInAll(now)} + ${before} >= ${caps.mailsADayInAll}`, dayEnds(ALL)],
  ] as const satisfies readonly Rule[]

export const NONE = sql`0`

/** Why an admin may not have it emailed to this address once more today. */
export const addressRules = (to: Recipient, now: number) =>
  [
    [
      'too_often',
      sql`(SELECT count(*) FROM ${mailsTo(to, now)}) >= ${MAILS_TO_ONE_A_DAY}`,
      sql`(SELECT x.created_at + ${DAY_MS} FROM ${mailsTo(to, now)} ORDER BY x.created_at DESC LIMIT 1 OFFSET ${MAILS_TO_ONE_A_DAY - 1})`,
    ],
  ] as const satisfies readonly Rule[]

/** Whose counter it is: a workspace's, or that of all of them together. */
const ALL = ''

/** The emails of the current day that a workspace sends to people outside: invitations and reminders. The day begins with the first of them. */
export const mailsToday = (tenantId: SQL | string, now: number) =>
  sql`coalesce((SELECT d.sent FROM mail_days d WHERE d.tenant_id = ${tenantId} AND d.resets_at > ${now}), 0)`

export const mailsInAll = (now: number) => mailsToday(ALL, now)

/** How many more emails may go out today; negative where the settings have become stricter. */
export const roomToday = ({ tenantId, now }: Pick<MemberAct, 'tenantId' | 'now'>, caps: Caps) =>
  sql`min(${caps.mailsADay} - ${mailsToday(tenantId, now)}, ${caps.mailsADayInAll} - ${mailsInAll(now)})`

const dayEnds = (tenantId: SQL | string) => sql`(SELECT d.resets_at FROM mail_days d WHERE d.tenant_id = ${tenantId})`

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
    INSERT INTO mail_days (tenant_id, sent, resets_at, newest_mail_id)
    SELECT c.tenant_id, c.sent, ${now + DAY_MS}, c.newest FROM (
      SELECT x.tenant_id, count(*) AS sent, max(x.id) AS newest FROM ${mails} GROUP BY x.tenant_id
      UNION ALL SELECT ${ALL}, count(*), NULL FROM ${mails}) c WHERE c.sent > 0
    ON CONFLICT (tenant_id) DO UPDATE SET sent = iif(resets_at > ${now}, sent, 0) + excluded.sent,
      resets_at = iif(resets_at > ${now}, resets_at, excluded.resets_at), newest_mail_id = excluded.newest_mail_id`,
  )
