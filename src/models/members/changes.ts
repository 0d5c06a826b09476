import { inArray, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import type { Rule } from '../../db/rules'
import { members } from '../../db/schema/members'
import type { Role } from '../access/access'
import { type ActivityKind, type Change, record } from '../activity/activity'
import type { Act, MemberAct } from '../core/act'
import { keepUndo, type UndoKind } from '../undo/keep'
import { isActive, statusAt } from './active'
import { freeSeats, seatRules } from './seats'

/** What a rule of the product forbids. `last_admin`: no other would remain; `has_end_date`, `is_admin`: an admin has no end; `past_end`: they would be out at once. */
export type Forbidden = 'last_admin' | 'has_end_date' | 'is_admin' | 'past_end' | 'no_seat'
/** Why a membership is not changed. `already`: it is so; `self`: among many, whoever does it; the others say what somebody is or is not. */
export type Unfit = Forbidden | 'already' | 'self' | 'pending' | 'not_active' | 'not_disabled'

/** What is done to memberships, be it to one or to a thousand. */
export type MembershipChange = {
  kind: ActivityKind
  /** Why it is not done, over a member `m`. */
  rules: readonly Rule<Unfit>[]
  /** Whose change takes a seat, over a member `m`: of many as many are changed as are free. */
  takesSeat?: SQL
  /** Does it to the members whose ids `which` selects. */
  write: (which: SQL) => BatchItem<'sqlite'>[]
  keeps?: { kind: UndoKind; was: SQL; became: string }
  facts?: Change
}

/** Pending members too. Their sessions stay: a role is read with every request. */
export const roleChange = (act: MemberAct, role: Role): MembershipChange => ({
  kind: 'role_changed',
  rules: [['already', sql`m.role = ${role}`], role === 'admin' ? hasEnd : lastAdmin],
  write: (which) => [act.db.update(members).set({ role }).where(inArray(members.id, which))],
  keeps: { kind: 'role', was: sql`m.role`, became: role },
  facts: { before: sql`json_object('role', m.role)`, after: sql`json_object('role', ${role})` },
})

/** Shuts the workspace to people from their next request on, in every session; no access is lost, and other workspaces notice nothing. */
export const disabling = (act: MemberAct): MembershipChange => ({
  kind: 'disabled',
  rules: [['already', sql`m.status = 'disabled'`], ['not_active', sql`NOT ${isActive(act.now, 'm')}`], lastAdmin],
  write: (which) => [endSessions(act, which), raw(act.db, sql`UPDATE members SET status = 'disabled', ${outBefore(act, which)}`)],
  keeps: { kind: 'status', was: sql`m.status`, became: 'disabled' },
})

/** Takes a seat. Sessions from before they were disabled sign in anew. */
export const enabling = (act: MemberAct): MembershipChange => ({
  kind: 'enabled',
  rules: [
    ['already', isActive(act.now, 'm')],
    ['not_disabled', sql`m.status <> 'disabled'`],
    ['past_end', sql`coalesce(m.ends_at <= ${act.now}, 0)`],
    ...seatRules(act.tenantId, act.now),
  ],
  takesSeat: sql`true`,
  write: (which) => [act.db.update(members).set({ status: 'active' }).where(inArray(members.id, which))],
  keeps: { kind: 'status', was: sql`m.status`, became: 'active' },
})

/** Membership and access here go; memberships elsewhere stay. Pending members are cancelled instead. */
export const removal = (act: MemberAct, kind: 'left' | 'deleted'): MembershipChange => ({
  kind,
  rules: [isPending, lastAdmin],
  write: (which) => [departure(act, which), endSessions(act, which), act.db.delete(members).where(inArray(members.id, which))],
  facts: asWas(act),
})

/** What the entry of a removal keeps of the member `m`. */
export const asWas = ({ now }: Pick<Act, 'now'>): Change => ({
  before: sql`json_object('role', m.role, 'status', ${statusAt(now, 'm')})`,
})

/** Sessions from before must sign in again to enter here; elsewhere nothing changes. */
export const signOut = (act: MemberAct): MembershipChange => ({
  kind: 'signed_out_here',
  rules: [isPending],
  write: (which) => [raw(act.db, sql`UPDATE members SET ${outBefore(act, which)}`)],
})

const hasEnd: Rule<Unfit> = ['has_end_date', sql`m.ends_at IS NOT NULL`]
const isPending: Rule<Unfit> = ['pending', sql`m.status = 'pending'`]

/**
 * The member `m` is the only active admin. It stands inside every statement that could take one away, since two admins may act on each other at the
 * same moment. An admin has no end. The plus keeps SQLite from looking for an admin among everybody who is active.
 */
export const lastAdmin: Rule<Unfit> = [
  'last_admin',
  sql`(m.role = 'admin' AND m.status = 'active' AND NOT EXISTS (
    SELECT 1 FROM members o WHERE o.tenant_id = m.tenant_id AND o.role = 'admin' AND +o.status = 'active' AND o.id <> m.id))`,
]

/** A session that began in this very millisecond is from before. */
const outBefore = ({ now }: MemberAct, which: SQL) => sql`valid_from = max(valid_from, ${now + 1}) WHERE id IN ${which}`

/** A session from before that joins anew signs in again to enter. */
export const departure = ({ db, now }: Pick<Act, 'db' | 'now'>, which: SQL) =>
  raw(
    db,
    sql`
    INSERT INTO departures (user_id, tenant_id, at) SELECT user_id, tenant_id, ${now} FROM members WHERE id IN ${which}
    ON CONFLICT (user_id, tenant_id) DO UPDATE SET at = excluded.at`,
  )

/** Of somebody who is active nowhere else a session opens nothing any more; one's own goes on, to read what one has done. */
const endSessions = ({ db, tenantId, memberId, now }: MemberAct, which: SQL) =>
  raw(
    db,
    sql`
    DELETE FROM sessions WHERE user_id IN (SELECT user_id FROM members WHERE id IN ${which} AND id <> ${memberId}) AND NOT EXISTS (
      SELECT 1 FROM members o WHERE o.user_id = sessions.user_id AND o.tenant_id <> ${tenantId} AND ${isActive(now, 'o')})`,
  )

/**
 * Entry, undo and change of the members whom `which` selects, for one batch: they share this condition, so that all of them happen or none, and the
 * write that could make it untrue goes last. Without an id nothing is kept to take it back.
 */
export function carryOut(act: MemberAct, change: MembershipChange, which: SQL, undo: string | undefined): BatchItem<'sqlite'>[] {
  const seated = withinSeats(act, change, which)
  const about = membersWhere(sql`m.id IN ${seated}`)
  return [...kept(act, change, about, undo), record(act, change.kind, about, change.facts), ...change.write(seated)]
}

/** Those of many who get a seat, by their ids. In FROM, since D1 takes no expression of more than a hundred levels. */
const withinSeats = ({ tenantId, now }: MemberAct, { takesSeat }: MembershipChange, which: SQL) =>
  takesSeat
    ? sql`(SELECT s.id FROM (
        SELECT w.id, w.takes, row_number() OVER (PARTITION BY w.takes ORDER BY w.id) AS place
        FROM (SELECT m.id, ${takesSeat} AS takes FROM members m WHERE m.id IN ${which}) w) s
        CROSS JOIN (SELECT ${freeSeats(tenantId, now)} AS seats) free WHERE s.takes = 0 OR s.place <= free.seats)`
    : which

function kept(act: MemberAct, { keeps }: MembershipChange, about: SQL, undo: string | undefined) {
  if (!keeps || !undo) return []
  const { kind, was, became } = keeps
  return keepUndo(act, undo, kind, sql`SELECT m.id AS subject, ${kind} AS field, ${was} AS was, ${became} AS became FROM ${about}`)
}
