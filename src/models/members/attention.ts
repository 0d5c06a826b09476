import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { DAY_MS, MINUTE_MS } from '../core/duration'

/** By then the Queue and the sweep behind it have tried several times. */
export const LATE_MS = 15 * MINUTE_MS
/** An invitation refused longer ago has lapsed as well (SPEC section 7), and is found by that. */
const LONGEST_LIFETIME_MS = 30 * DAY_MS

/** As many troubled people are counted; beyond it is only said that there are more. */
export const COUNTED = 99

/** The mails that will never arrive by themselves, in the very words of the index `mails_refused`, or SQLite would not use it. */
const REFUSED_STATES = ['bounced', 'complained', 'failed']
const REFUSED = sql.raw(`x.state IN (${REFUSED_STATES.map((state) => `'${state}'`).join(', ')})`)

export const isRefused = ({ state }: { state: string }) => REFUSED_STATES.includes(state)

/** When a mail `x` came into its state; of one that is queued: since when it is. */
export const mailAt = sql`iif(x.state = 'queued', x.created_at,
  coalesce((SELECT max(e.at) FROM mail_events e WHERE e.mail_id = x.id), x.sent_at, x.created_at))`

/** Whether the newest mail of the open invitation `i` was refused. */
export const refusedMail = sql`EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = i.id AND ${REFUSED} AND ${newest()})`

/** The members whose open invitation bounced. */
export const bounced = (tenantId: string, since = 0) =>
  membersWith(tenantId, sql`INDEXED BY mails_refused`, sql`${REFUSED} AND x.created_at > ${since}`)

const waiting = (tenantId: string, now: number) =>
  membersWith(tenantId, sql`INDEXED BY mails_waiting`, sql`x.state = 'queued' AND x.created_at <= ${now - LATE_MS}`)

const lapsed = (tenantId: string, now: number) => sql`
  SELECT i.member_id FROM invitations i INDEXED BY invitations_open
  WHERE i.tenant_id = ${tenantId} AND i.state = 'open' AND i.expires_at <= ${now}`

/** The members whom an admin should look after: SELECTs that start from the trouble, so that they cost nothing where there is none. */
const troubles = (tenantId: string, now: number) => [
  bounced(tenantId, now - LONGEST_LIFETIME_MS),
  waiting(tenantId, now),
  lapsed(tenantId, now),
]

export const troubled = (tenantId: string, now: number) => sql.join(troubles(tenantId, now), sql` UNION `)

/** How many they are, at most one more than are counted. */
export const troubledCount = (db: Db, tenantId: string, now: number) =>
  raw<{ count: number }>(
    db,
    sql`
    SELECT count(*) AS count FROM (SELECT * FROM (${sql.join(
      troubles(tenantId, now).map((trouble) => sql`SELECT * FROM (${trouble} LIMIT ${COUNTED + 1})`),
      sql` UNION `,
    )}) LIMIT ${COUNTED + 1})`,
  )

/** From the mails towards the members: an open invitation has a member. */
function membersWith(tenantId: string, index: SQL, trouble: SQL) {
  return sql`
    SELECT i.member_id FROM mails x ${index} CROSS JOIN invitations i ON i.id = x.invitation_id
    WHERE x.tenant_id = ${tenantId} AND ${trouble} AND i.state = 'open' AND ${newest()}`
}

function newest() {
  return sql`NOT EXISTS (SELECT 1 FROM mails n WHERE n.invitation_id = x.invitation_id AND n.created_at > x.created_at)`
}
