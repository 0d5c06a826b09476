import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { type CRONS, cronRuns } from '../../db/schema/health'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../limits'
import type { Act } from '../core/act'
import { LATE_MS } from '../members/attention'
import type { Place } from '../members/viewer'

/** A run of every minute may take one, and Cloudflare may leave some out. */
const MINUTE_LATE_MS = 5 * MINUTE_MS
const NIGHT_LATE_MS = DAY_MS + 2 * HOUR_MS

/** So many queued emails are looked at: where more wait, these have waited too. */
const LOOKED_AT = 100

type Moment = Pick<Act, 'db' | 'now'>
type Row = { minute: number | null; night: number | null; queued: number | null; misconfigured: number; logout: number | null }

/** That a run came to its end, for the next look at the deployment's health. */
export const noteRun = ({ db, now }: Moment, cron: (typeof CRONS)[number]) =>
  db
    .insert(cronRuns)
    .values({ cron, at: now })
    .onConflictDoUpdate({ target: cronRuns.cron, set: { at: now } })

/** What D1 knows of the deployment, and what is wrong with it; one round trip. */
export async function healthOf({ db, now }: Moment) {
  const [row] = await raw<Row>(
    db,
    sql`
    SELECT (SELECT at FROM cron_runs WHERE cron = 'every minute') AS minute, (SELECT at FROM cron_runs WHERE cron = 'every night') AS night,
      (SELECT min(due_at) FROM app_logouts INDEXED BY app_logouts_due WHERE state = 'waiting') AS logout,
      min(q.created_at) AS queued, coalesce(max(q.reason GLOB 'misconfigured_*'), 0) AS misconfigured
    FROM (SELECT created_at, reason FROM mails INDEXED BY mails_queued WHERE state = 'queued' AND leased_until >= 0 LIMIT ${LOOKED_AT}) q`,
  )
  return told(row ?? { minute: null, night: null, queued: null, misconfigured: 0, logout: null }, now)
}

/** Whether what a workspace emails goes out; one row. */
export const outbox = ({ db, tenantId }: Place) =>
  raw<{ queued: number | null; misconfigured: number }>(
    db,
    sql`
    SELECT min(q.created_at) AS queued, coalesce(max(q.reason GLOB 'misconfigured_*'), 0) AS misconfigured
    FROM (SELECT created_at, reason FROM mails INDEXED BY mails_waiting WHERE tenant_id = ${tenantId} AND state = 'queued'
      ORDER BY created_at LIMIT ${LOOKED_AT}) q`,
  )

export function mailTroubleOf([row]: Awaited<ReturnType<typeof outbox>>, now: number): 'misconfigured' | 'late' | undefined {
  if (row?.misconfigured) return 'misconfigured'
  return row?.queued && now - row.queued > LATE_MS ? 'late' : undefined
}

function told({ minute, night, queued, misconfigured, logout }: Row, now: number) {
  const age = (at: number | null) => (at === null ? null : now - at)
  const problems = [
    ...((age(minute) ?? Number.POSITIVE_INFINITY) > MINUTE_LATE_MS ? (['cron_late'] as const) : []),
    // A new deployment has not seen a night yet.
    ...((age(night) ?? 0) > NIGHT_LATE_MS ? (['cron_night_late'] as const) : []),
    ...((age(queued) ?? 0) > LATE_MS ? (['email_late'] as const) : []),
    ...(misconfigured ? (['email_misconfigured'] as const) : []),
    // Not of a tool that is down, which is tried again when it is due: of ours, where nothing tries.
    ...((age(logout) ?? 0) > LATE_MS ? (['sign_outs_late'] as const) : []),
  ]
  return { problems, cronAgeMs: age(minute), nightAgeMs: age(night), oldestQueuedMs: age(queued) }
}
