import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/connect'

const DAY = 24 * 60 * 60_000

export type NoticeKind = 'accepted' | 'declined' | 'bounced' | 'lapsed'

/**
 * Notes what to tell the inviter, once for each kind; the Cron gathers notices into mails. `about` is SQL after FROM, over
 * `invitations i JOIN members m`. An inviter who is no active admin any more, or wants no notices, is told nothing.
 */
export const tell = (db: Db, kind: NoticeKind, about: SQL, now: number) =>
  db.run(sql`
    INSERT INTO notices (id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at)
    SELECT lower(hex(randomblob(16))), a.tenant_id, a.id, x.id, ${kind}, x.email, ${now}, ${dueAt(now)}
    FROM (SELECT i.id, i.tenant_id, i.inviter_id, m.email FROM ${about}) x
      JOIN members a ON a.id = x.inviter_id AND a.tenant_id = x.tenant_id
    WHERE a.status = 'active' AND a.role = 'admin' AND a.notices <> 'off'
    ON CONFLICT (invitation_id, kind) DO NOTHING`)

/** Of a member `a`: at once, or a day after the last mail of notices. */
const dueAt = (now: number) => sql`max(${now}, iif(a.notices = 'daily', coalesce((
  SELECT y.created_at FROM mails y WHERE y.member_id = a.id AND y.kind = 'notice' ORDER BY y.created_at DESC LIMIT 1), 0) + ${DAY}, 0))`
