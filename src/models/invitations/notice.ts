import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import { invitations } from '../../db/schema/invitations'
import { joinNotices } from '../../db/schema/join-links'
import { type NOTICE_KINDS, notices } from '../../db/schema/mail'
import { members, type NOTICE_CHOICES } from '../../db/schema/members'
import { DAY_MS } from '../../limits'
import type { Act, MemberAct } from '../core/act'
import { nameOfMember } from '../members/their-name'
import { dueFor } from './due'
import { isSuppressed } from './suppression'

/** Of one run of the Cron; the rest is due in the next. */
const EXPIRED = 100

export type NoticeKind = (typeof NOTICE_KINDS)[number]
export type NoticeChoice = (typeof NOTICE_CHOICES)[number]

/** Whether the member with this alias is told of invitations, as a condition in SQL; the plus has admins looked for among admins. */
export function wantsNotices(alias: string) {
  const a = sql.identifier(alias)
  const suppressed = isSuppressed({ tenantId: sql`${a}.tenant_id`, emailKey: sql`${a}.email_key` })
  return sql`(+${a}.status = 'active' AND ${a}.role = 'admin' AND ${a}.notices <> 'off' AND NOT ${suppressed})`
}

/**
 * Notes what became of invitations `i` of members `m`, once for each kind; the Cron gathers notices into emails. Told is the inviter while they
 * are an active admin, and else the admin who has been here longest and wants notices.
 */
export const tell = ({ db, now }: Pick<Act, 'db' | 'now'>, kind: NoticeKind, about: From<'i' | 'm'>) =>
  raw(
    db,
    sql`
    INSERT INTO notices (id, tenant_id, member_id, invitation_id, kind, about_email, about_name, at, due_at)
    SELECT lower(hex(randomblob(16))), a.tenant_id, a.id, x.id, ${kind}, x.email, x.name, ${now}, ${dueAt(now)}
    FROM (SELECT i.id, i.tenant_id, i.inviter_id, m.id AS about_id, m.email, ${nameOfMember} AS name FROM ${about}) x
      JOIN members a ON a.id = coalesce(${inviterOf}, ${oldestAdmin}) AND a.tenant_id = x.tenant_id
    WHERE ${wantsNotices('a')}
    ON CONFLICT (invitation_id, kind) DO NOTHING`,
  )

/** Of an invitation `x`. */
const inviterOf = sql`(
  SELECT o.id FROM members o WHERE o.id = x.inviter_id AND o.tenant_id = x.tenant_id AND o.status = 'active' AND o.role = 'admin')`

/** Not the person whom it is about: they know. */
const oldestAdmin = sql`(
  SELECT o.id FROM members o WHERE o.tenant_id = x.tenant_id AND o.role = 'admin' AND ${wantsNotices('o')} AND o.id <> x.about_id
  ORDER BY o.joined_at, o.id LIMIT 1)`

/** Of a member `a`: at once, or a day after the last email of notices. */
export const dueAt = (now: number) => sql`max(${now}, iif(a.notices = 'daily', coalesce((
  SELECT y.created_at FROM mails y WHERE y.to_key = a.email_key AND y.member_id = a.id AND y.kind = 'notice' ORDER BY y.created_at DESC LIMIT 1), 0) + ${DAY_MS}, 0))`

/** Tells of the invitations that have expired since the last run, each once. @returns how many it looked at */
export async function tellExpired(act: Act): Promise<number> {
  const { db, now } = act
  const due = dueFor('expiry_notice', now, EXPIRED)
  const [, seen] = await db.batch([
    tell(act, 'expired', expiredAmong(due, now)),
    db.update(invitations).set({ expiryNoticeAt: null }).where(sql`${invitations.id} IN ${due}`).returning({ id: invitations.id }),
  ])
  return seen.length
}

const expiredAmong = (ids: SQL, now: number) =>
  from(
    sql`invitations i JOIN members m ON m.id = i.member_id WHERE i.id IN ${ids} AND i.state = 'open' AND i.expires_at <= ${now}`,
    'i',
    'm',
  )

/** Holds for what waits already, too. */
export const chooseNotices = ({ db, tenantId, memberId, now }: MemberAct, choice: NoticeChoice) => {
  const waiting = and(eq(notices.memberId, memberId), isNull(notices.mailId))
  const joins = and(eq(joinNotices.memberId, memberId), isNull(joinNotices.mailId))
  const due = sql`(SELECT ${dueAt(now)} FROM members a WHERE a.id = ${memberId})`
  return db.batch([
    db
      .update(members)
      .set({ notices: choice })
      .where(and(eq(members.id, memberId), eq(members.tenantId, tenantId))),
    choice === 'off' ? db.delete(notices).where(waiting) : db.update(notices).set({ dueAt: due }).where(waiting),
    choice === 'off' ? db.delete(joinNotices).where(joins) : db.update(joinNotices).set({ dueAt: due }).where(joins),
  ])
}
