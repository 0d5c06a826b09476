import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { Act } from '../core/act'

/**
 * Of one workspace in one round; src/cron.ts repeats a round in which any workspace had so many. The rounds of a night judge what a hundred thousand
 * people do in a day: two entries each.
 */
export const JUDGED = 25_000

/**
 * Forgets the addresses of people who never joined, once the retention of their workspace has passed; the entries stay. Each entry is judged
 * once, since a workspace remembers how far it has come. Of people who are still pending then, `forgetJudged` takes care when they go.
 */
export const forgetAddresses = (db: Db, now: number) =>
  [
    forget(
      db,
      sql`
      SELECT x.tenant_id, x.at, x.id FROM (${gone(now)}) g CROSS JOIN activity x INDEXED BY activity_by_member
      ON x.tenant_id = g.tenant_id AND x.member_id = g.member_id AND x.at <= g.until`,
    ),
    raw<{ more: number }>(db, sql`SELECT EXISTS (SELECT 1 FROM (${windows(now)}) w WHERE w.more) AS more`),
    raw(db, sql`UPDATE tenants SET addresses_judged_until = w.until FROM (${windows(now)}) w WHERE tenants.id = w.tenant_id`),
  ] as const

/** What has been judged already of the pending people behind these invitations `i`, who are about to be removed. */
export const forgetJudged = ({ db }: Act, which: SQL) =>
  forget(
    db,
    sql`
    SELECT x.tenant_id, x.at, x.id FROM invitations i JOIN tenants t ON t.id = i.tenant_id
    JOIN activity x INDEXED BY activity_by_member ON x.tenant_id = i.tenant_id AND x.member_id = i.member_id AND x.at <= t.addresses_judged_until
    WHERE ${which}`,
  )

const forget = (db: Db, entries: SQL) =>
  raw<{ id: string }>(
    db,
    sql`
    UPDATE activity SET member_email = NULL,
      before = CASE kind WHEN 'address_changed' THEN NULL ELSE before END, after = CASE kind WHEN 'address_changed' THEN NULL ELSE after END
    WHERE member_email IS NOT NULL AND (tenant_id, at, id) IN (${entries}) RETURNING id`,
  )

/** The people of the entries to judge who are no longer here and never were active. */
const gone = (now: number) => sql`
  WITH w AS MATERIALIZED (${windows(now)})
  SELECT DISTINCT w.tenant_id, w.until, x.member_id FROM w CROSS JOIN activity x
  ON x.tenant_id = w.tenant_id AND x.at > w.since AND x.at <= w.until
  WHERE x.member_email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM members m WHERE m.id = x.member_id)
    AND NOT EXISTS (SELECT 1 FROM activity j WHERE j.tenant_id = x.tenant_id AND j.member_id = x.member_id AND j.kind IN ('accepted', 'joined'))`

/** Of each workspace that has entries to judge: since and until when, and whether there are more. */
const windows = (now: number) => sql`
  SELECT s.tenant_id, s.since, coalesce(s.full_at, s.old) AS until, s.full_at IS NOT NULL AS more FROM (
    SELECT t.id AS tenant_id, t.addresses_judged_until AS since, ${now - 1} - t.address_retention_ms AS old,
      (SELECT x.at FROM ${toJudge(now)} ORDER BY x.at LIMIT 1 OFFSET ${JUDGED - 1}) AS full_at
    FROM tenants t WHERE EXISTS (SELECT 1 FROM ${toJudge(now)})) s`

const toJudge = (now: number) =>
  sql`activity x WHERE x.tenant_id = t.id AND x.at > t.addresses_judged_until AND x.at < ${now} - t.address_retention_ms`
