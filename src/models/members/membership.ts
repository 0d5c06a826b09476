import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import type { Role } from '../access/access'
import { type ActivityKind, type Actor, type Change, record } from '../activity/activity'
import type { Viewer } from './viewer'

/**
 * Holds for a member `m` unless they are the only active admin. It stands inside every statement that could take one away, since two
 * admins may act on each other at the same moment.
 */
const anotherAdmin = sql`NOT (m.role = 'admin' AND m.status = 'active' AND NOT EXISTS (
  SELECT 1 FROM members o WHERE o.tenant_id = m.tenant_id AND o.role = 'admin' AND o.status = 'active' AND o.id <> m.id))`

const one = (by: Viewer, id: string) => sql`m.tenant_id = ${by.tenantId} AND m.id = ${id}`

/** Pending members too. Their sessions stay: a role is read with every request. */
export const changeRole = (db: Db, by: Viewer, actor: Actor, id: string, role: Role, now: number) =>
  change(db, {
    kind: 'role_changed',
    actor,
    now,
    where: sql`${one(by, id)} AND m.role <> ${role} AND (${role} = 'admin' OR ${anotherAdmin})`,
    write: (where) => sql`UPDATE members AS m SET role = ${role} WHERE ${where}`,
    detail: { before: sql`json_object('role', m.role)`, after: sql`json_object('role', ${role})` },
  })

/** Ends every session of the person in this workspace at once; nothing else is lost. */
export const disable = (db: Db, by: Viewer, actor: Actor, id: string, now: number) =>
  change(db, {
    kind: 'disabled',
    actor,
    now,
    where: sql`${one(by, id)} AND m.status = 'active' AND ${anotherAdmin}`,
    endsSessions: true,
    write: (where) => sql`UPDATE members AS m SET status = 'disabled' WHERE ${where}`,
  })

export const enable = (db: Db, by: Viewer, actor: Actor, id: string, now: number) =>
  change(db, {
    kind: 'enabled',
    actor,
    now,
    where: sql`${one(by, id)} AND m.status = 'disabled'`,
    write: (where) => sql`UPDATE members AS m SET status = 'active' WHERE ${where}`,
  })

/** Membership, access and sessions here go; the person's memberships elsewhere stay. A pending member is cancelled instead. */
export const remove = (db: Db, by: Viewer, actor: Actor, id: string, now: number) =>
  change(db, {
    kind: id === by.memberId ? 'left' : 'deleted',
    actor,
    now,
    where: sql`${one(by, id)} AND m.status <> 'pending' AND ${anotherAdmin}`,
    endsSessions: true,
    write: (where) => sql`DELETE FROM members AS m WHERE ${where}`,
    detail: { before: sql`json_object('role', m.role, 'status', m.status)` },
  })

/** All sessions of the person, in every workspace: one stolen device reaches them all. */
export const signOutEverywhere = (db: Db, by: Viewer, actor: Actor, id: string, now: number) =>
  db.batch([
    record(db, 'signed_out_everywhere', actor, sql`members m WHERE ${one(by, id)} AND m.user_id IS NOT NULL`, now),
    raw(db, sql`DELETE FROM sessions WHERE user_id = (SELECT m.user_id FROM members m WHERE ${one(by, id)})`),
  ])

const endSessionsHere = (db: Db, where: SQL) =>
  raw(db, sql`DELETE FROM sessions WHERE (user_id, tenant_id) = (SELECT m.user_id, m.tenant_id FROM members m WHERE ${where})`)

type Step = {
  kind: ActivityKind
  actor: Actor
  now: number
  where: SQL
  endsSessions?: boolean
  write: (where: SQL) => SQL
  detail?: Change
}

/**
 * Entry, sessions and change share one condition in one batch, so that all of them happen or none.
 * @returns false when the condition did not hold: the member was not in that state, or is the last admin
 */
async function change(db: Db, { kind, actor, now, where, endsSessions, write, detail }: Step): Promise<boolean> {
  const [changed] = await db.batch([
    raw<{ id: string }>(db, sql`SELECT m.id FROM members m WHERE ${where}`),
    record(db, kind, actor, sql`members m WHERE ${where}`, now, detail),
    ...(endsSessions ? [endSessionsHere(db, where)] : []),
    raw(db, write(where)),
  ])
  return changed.length === 1
}
