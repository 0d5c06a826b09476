import { randomBytes, randomUUID } from 'node:crypto'
import { DAY_MS } from '../src/limits.ts'
import type { Address } from '../src/models/core/address.ts'
import { slugsFor } from '../src/models/workspace/slug.ts'
import { sql } from './literal.ts'

/** Whom the email to the first admin names as inviter: nobody in the workspace is there to invite yet. */
const INVITER = 'Latchkey'
/** No member has this id: an entry without an actor is somebody’s own. */
const OPERATOR = 'operator'

type NewWorkspace = { name: string; admin: Address; now: number }

/** A workspace with its first admin, pending, and the email to them, which the Cron's sweep sends within two minutes. The last one returns its slug. */
export function add({ name, admin, now }: NewWorkspace) {
  const [memberId, invitationId, mailId] = [randomUUID(), randomUUID(), randomUUID()]
  const slug = sql`(SELECT tenant_id FROM members WHERE id = ${memberId})`
  const lifetime = sql`(SELECT invitation_lifetime_ms FROM tenants WHERE id = ${slug})`
  return [
    sql`INSERT INTO tenants (id, name, created_at)
      SELECT value, ${name}, ${now} FROM json_each(${JSON.stringify(slugsFor(name))}) WHERE value NOT IN (SELECT slug FROM slugs) LIMIT 1`,
    sql`INSERT INTO members (id, tenant_id, email, email_key, role, status, agent_mode, created_at)
      SELECT ${memberId}, id, ${admin.email}, ${admin.key}, 'admin', 'pending', default_agent_mode, ${now}
      FROM tenants ORDER BY rowid DESC LIMIT 1`,
    sql`INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at, expiry_notice_at)
      VALUES (${invitationId}, ${slug}, ${memberId}, 'invite', ${randomBytes(32).toString('base64url')}, ${INVITER}, 'open', ${now},
        ${now} + ${lifetime}, ${now} + ${lifetime})`,
    sql`INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
      VALUES (${mailId}, ${slug}, ${memberId}, 'invitation', ${admin.email}, ${admin.key}, ${invitationId}, ${now})`,
    sql`INSERT INTO mail_days (tenant_id, sent, resets_at, newest_mail_id) VALUES (${slug}, 1, ${now + DAY_MS}, ${mailId})`,
    sql`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, after)
      VALUES (${randomUUID()}, ${slug}, ${now}, 'workspace_created', ${OPERATOR}, ${INVITER}, json_object('name', ${name}))`,
    sql`INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email, after)
      VALUES (${randomUUID()}, ${slug}, ${now}, 'invited', ${OPERATOR}, ${INVITER}, ${memberId}, ${admin.email}, json_object('role', 'admin'))`,
    sql`SELECT id FROM tenants WHERE id = ${slug}`,
  ]
}

/** `now` decides who is past their end. */
export const list = (now = Date.now()) => [
  sql`SELECT t.id AS slug, t.name, t.created_at, t.suspended_at,
    (SELECT count(*) FROM members m WHERE m.tenant_id = t.id AND m.status = 'active' AND (m.ends_at IS NULL OR m.ends_at > ${now})) AS active,
    (SELECT count(*) FROM members m WHERE m.tenant_id = t.id AND m.status = 'pending') AS pending
    FROM tenants t ORDER BY t.id`,
]

/** The last one returns a row where there is such a workspace. */
export const suspend = (slug: string, now: number) => [
  sql`UPDATE tenants SET suspended_at = coalesce(suspended_at, ${now}) WHERE id = ${slug}`,
  sql`SELECT id FROM tenants WHERE id = ${slug}`,
]

export const resume = (slug: string) => [
  sql`UPDATE tenants SET suspended_at = NULL WHERE id = ${slug}`,
  sql`SELECT id FROM tenants WHERE id = ${slug}`,
]

/** Null for no limit. The last one returns who holds one, where there is such a workspace. */
export const giveSeats = (slug: string, seats: number | null, now: number) => [
  sql`UPDATE tenants SET seats = ${seats} WHERE id = ${slug}`,
  sql`SELECT t.id, (SELECT count(*) FROM members m WHERE m.tenant_id = t.id AND m.status = 'active' AND (m.ends_at IS NULL OR m.ends_at > ${now})) AS active,
    (SELECT count(*) FROM invitations i WHERE i.tenant_id = t.id AND i.state = 'open' AND i.expires_at > ${now}) AS pending
    FROM tenants t WHERE t.id = ${slug}`,
]

/** Everything of it; what refers to the workspace goes with it. Its slug is never given again. */
export const erase = (slug: string) => [
  sql`INSERT INTO erasures (tenant_id) VALUES (${slug})`,
  sql`DELETE FROM activity WHERE tenant_id = ${slug}`,
  // An open invitation has a member.
  sql`DELETE FROM invitations WHERE tenant_id = ${slug}`,
  sql`DELETE FROM members WHERE tenant_id = ${slug}`,
  // What its apps have yet to be told goes out first.
  sql`DELETE FROM app_logouts WHERE state <> 'waiting' AND tenant_id = ${slug}`,
  sql`DELETE FROM access_changes WHERE tenant_id = ${slug}`,
  sql`DELETE FROM tenants WHERE id = ${slug}`,
  // Links and emails to people say which workspace's admin asked for them. Without that, a link would be one of the operator.
  sql`UPDATE factor_links SET state = 'superseded', closed_at = unixepoch() * 1000 WHERE state = 'open' AND asked_in = ${slug}`,
  sql`UPDATE factor_links SET asked_in = NULL WHERE asked_in = ${slug}`,
  sql`UPDATE mails SET about = NULL WHERE kind IN ('factor_reset', 'factor_reset_elsewhere') AND about ->> 'askedIn' = ${slug}`,
  sql`DELETE FROM suppressions WHERE tenant_id = ${slug}`,
  sql`DELETE FROM removed_addresses WHERE tenant_id = ${slug}`,
  sql`DELETE FROM mail_days WHERE tenant_id = ${slug}`,
  sql`DELETE FROM erasures WHERE tenant_id = ${slug}`,
]
