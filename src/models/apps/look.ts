import { sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { DAY_MS, SESSION } from '../../limits'
import type { Act } from '../core/act'
import { OFFLINE_MS } from './reads'

/** Of one run of the Cron; whoever is left waits for the next one, and every question answers no meanwhile. */
const LOOKED_AT = 1000

const due = (now: number) =>
  sql`(SELECT g.id FROM app_grants g INDEXED BY app_grants_to_look_at WHERE g.ended_at IS NULL AND g.look_at <= ${now} ORDER BY g.look_at LIMIT ${LOOKED_AT})`

/**
 * Ends the grants that the clock has taken: their session is over, they were not used for 30 days, or the days of grace for a second factor are. Of the
 * others it notes when to look again. @returns how many ended
 */
export async function endLapsedGrants({ db, now }: Pick<Act, 'db' | 'now'>): Promise<number> {
  const [ended] = await db.batch([
    raw<{ id: string }>(
      db,
      sql`
      UPDATE app_grants SET ended_at = ${now}, look_at = ${now} WHERE id IN ${due(now)}
        AND NOT EXISTS (SELECT 1 FROM standing_app_grants x WHERE x.id = app_grants.id) RETURNING id`,
    ),
    raw(db, sql`UPDATE app_grants SET look_at = ${nextLook(now)} WHERE id IN ${due(now)}`),
  ])
  return ended.length
}

const NEVER = sql`9e15`

/** For a grant: the first moment at which nothing but the clock would end it. */
const nextLook = (now: number) => sql`coalesce((
  SELECT CAST(min(
    max(coalesce(min(s.last_seen_at + ${SESSION.idleMs}, s.expires_at), 0), iif(app_grants.offline = 1, app_grants.used_at + ${OFFLINE_MS}, 0)),
    iif((t.factor_policy = 'everybody' OR t.factor_policy = 'admins' AND m.role = 'admin') AND ${graceEnds} > ${now}
      AND (u.factors = 0 OR max(app_grants.factor_at, coalesce(s.factor_at, 0)) = 0), ${graceEnds}, ${NEVER})) AS INTEGER)
  FROM members m JOIN users u ON u.id = m.user_id JOIN tenants t ON t.id = m.tenant_id
    LEFT JOIN sessions s ON s.user_id = app_grants.user_id AND s.id = app_grants.session_id
  WHERE m.tenant_id = app_grants.tenant_id AND m.id = app_grants.member_id), ${now})`

const graceEnds = sql`(max(t.factor_policy_at, coalesce(m.joined_at, 0)) + t.factor_grace_days * ${DAY_MS})`
