import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { DAY_MS } from '../core/duration'
import { type Claim, memberIdOf, type Viewer } from '../members/viewer'
import { mayInvite } from './suppression'

/** Of one run of the Cron; the rest is due in the next. */
const LAPSES = 100

export type NoticeKind = 'accepted' | 'declined' | 'bounced' | 'lapsed'

/** At once, at most one mail a day, or none. */
export type NoticeChoice = 'each' | 'daily' | 'off'

/** A member `a` who is told of invitations, as a condition in SQL. */
export const wantsNotices = sql`(a.status = 'active' AND a.role = 'admin' AND a.notices <> 'off' AND ${mayInvite(sql`a.email_key`)})`

/**
 * Notes what to tell the inviter, once for each kind; the Cron gathers notices into mails. `about` is SQL after FROM, over
 * `invitations i JOIN members m`. An inviter who is no active admin any more, or wants no notices, is told nothing.
 */
export const tell = (db: Db, kind: NoticeKind, about: SQL, now: number) =>
  raw(
    db,
    sql`
    INSERT INTO notices (id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at)
    SELECT lower(hex(randomblob(16))), a.tenant_id, a.id, x.id, ${kind}, x.email, ${now}, ${dueAt(now)}
    FROM (SELECT i.id, i.tenant_id, i.inviter_id, m.email FROM ${about}) x
      JOIN members a ON a.id = x.inviter_id AND a.tenant_id = x.tenant_id
    WHERE ${wantsNotices}
    ON CONFLICT (invitation_id, kind) DO NOTHING`,
  )

/** Of a member `a`: at once, or a day after the last mail of notices. */
const dueAt = (now: number) => sql`max(${now}, iif(a.notices = 'daily', coalesce((
  SELECT y.created_at FROM mails y WHERE y.member_id = a.id AND y.kind = 'notice' ORDER BY y.created_at DESC LIMIT 1), 0) + ${DAY_MS}, 0))`

/** Tells of the invitations that have lapsed since the last run, each once. @returns how many it looked at */
export async function tellLapses(db: Db, now: number): Promise<number> {
  const due = sql`(SELECT id FROM invitations WHERE lapse_notice_at <= ${now} ORDER BY lapse_notice_at LIMIT ${LAPSES})`
  const lapsed = sql`invitations i JOIN members m ON m.id = i.member_id WHERE i.id IN ${due} AND i.state = 'open' AND i.expires_at <= ${now}`
  const [, seen] = await db.batch([
    tell(db, 'lapsed', lapsed, now),
    raw<{ id: string }>(db, sql`UPDATE invitations SET lapse_notice_at = NULL WHERE id IN ${due} RETURNING id`),
  ])
  return seen.length
}

/** At most one row: what the person behind a session has chosen. */
export const noticeChoiceOf = (db: Db, claim: Claim) =>
  raw<{ notices: NoticeChoice }>(db, sql`SELECT notices FROM members WHERE id = ${memberIdOf(claim)}`)

/** Holds for what waits already, too. */
export const chooseNotices = (db: Db, by: Viewer, choice: NoticeChoice, now: number) => {
  const waiting = sql`member_id = ${by.memberId} AND mail_id IS NULL`
  return db.batch([
    raw(db, sql`UPDATE members SET notices = ${choice} WHERE id = ${by.memberId} AND tenant_id = ${by.tenantId}`),
    choice === 'off'
      ? raw(db, sql`DELETE FROM notices WHERE ${waiting}`)
      : raw(
          db,
          sql`UPDATE notices SET due_at = (SELECT ${dueAt(now)} FROM members a WHERE a.id = notices.member_id) WHERE ${waiting}`,
        ),
  ])
}
