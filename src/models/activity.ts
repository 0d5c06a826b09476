import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/connect'

/** What an entry can say happened. */
export type ActivityKind =
  | 'invited'
  | 'resent'
  | 'cancelled'
  | 'accepted'
  | 'declined'
  | 'renewed'
  | 'signed_in'
  | 'sign_in_failed'
  | 'signed_out'
  | 'password_reset'
  | 'password_changed'

/** Who did it, as a snapshot: `id` is the member's; null for somebody who is not (yet) signed in. */
export type Actor = { id: string | null; name: string | null; ip: string }

/** The members an entry is about, as SQL after FROM; their alias is `m`. Nothing is written when it finds nobody. */
export const record = (
  db: Db,
  kind: ActivityKind,
  actor: Actor,
  about: SQL,
  now: number,
  change: { before?: SQL; after?: SQL } = {},
) =>
  db.run(sql`
    INSERT INTO activity (id, tenant_id, at, kind, actor_id, actor_name, member_id, member_email, before, after, ip)
    SELECT lower(hex(randomblob(16))), m.tenant_id, ${now}, ${kind}, ${actor.id}, ${actor.name}, m.id, m.email,
      ${change.before ?? null}, ${change.after ?? null}, ${actor.ip} FROM ${about}`)
