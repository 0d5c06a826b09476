import { sql } from 'drizzle-orm'
import type { From } from '../../db/from'
import { raw } from '../../db/raw'
import type { JOIN_NOTICE_KINDS } from '../../db/schema/join-links'
import type { Act } from '../core/act'
import { dueAt, wantsNotices } from '../invitations/notice'
import { nameOfMember } from '../members/their-name'

/**
 * Notes that somebody joined by a link `l` or asks to; the Cron gathers it with other notices into emails. Told is whoever made the link while they are
 * an active admin, and else the admin who has been here longest and wants notices.
 */
export const tellAdmin = ({ db, now }: Act, kind: (typeof JOIN_NOTICE_KINDS)[number], about: From<'m' | 'l'>) =>
  raw(
    db,
    sql`
    INSERT INTO join_notices (about_id, kind, tenant_id, member_id, about_email, about_name, at, due_at)
    SELECT x.id, ${kind}, a.tenant_id, a.id, x.email, x.name, ${now}, ${dueAt(now)}
    FROM (SELECT m.id, m.tenant_id, m.email, ${nameOfMember} AS name, l.maker_id FROM ${about}) x
      JOIN members a ON a.id = coalesce(${maker}, ${oldestAdmin}) AND a.tenant_id = x.tenant_id
    WHERE ${wantsNotices('a')}
    ON CONFLICT (about_id, kind) DO NOTHING`,
  )

/** The same of a member `m` who asks for what an app `a` is for, by a request `q`: told is the admin who has been here longest and wants notices. */
export const tellOfAsking = ({ db, now }: Act, about: From<'q' | 'a' | 'm'>) =>
  raw(
    db,
    sql`
    INSERT INTO join_notices (about_id, kind, tenant_id, member_id, about_email, about_name, about_app, at, due_at)
    SELECT x.id, 'access_asked', a.tenant_id, a.id, x.email, x.name, x.app, ${now}, ${dueAt(now)}
    FROM (SELECT q.write_nonce AS id, m.tenant_id, m.email, ${nameOfMember} AS name, a.name AS app FROM ${about}) x
      JOIN members a ON a.id = ${oldestAdmin} AND a.tenant_id = x.tenant_id
    WHERE ${wantsNotices('a')}`,
  )

const maker = sql`(
  SELECT o.id FROM members o WHERE o.id = x.maker_id AND o.tenant_id = x.tenant_id AND o.status = 'active' AND o.role = 'admin')`

const oldestAdmin = sql`(
  SELECT o.id FROM members o WHERE o.tenant_id = x.tenant_id AND o.role = 'admin' AND ${wantsNotices('o')} ORDER BY o.joined_at, o.id LIMIT 1)`
