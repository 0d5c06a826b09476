import { and, eq, ne, or, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import type { MEMBER_STATUSES } from '../../db/schema/members'
import { members } from '../../db/schema/members'
import type { Role } from '../access/access'
import { type ActivityKind, type Change, record } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { keepUndo, type UndoKind } from '../undo/keep'
import { isActive, statusAt } from './active'
import { lastTurnOf, type Refused, refusalOf, type Standing, standingOf } from './standing'

export type MemberStatus = (typeof MEMBER_STATUSES)[number]

/** Whom a form is about, and the status that its page showed; undefined where it did not say. */
export type Subject = { id: string; state?: MemberStatus | undefined }

/** `undo` is the id of what takes the change back. */
export type Changed = { member: Standing; undo: string | undefined }

/** Pending members too. Their sessions stay: a role is read with every request. */
export const changeRole = (act: MemberAct, { role, ...subject }: Subject & { role: Role }) =>
  change(act, subject, {
    kind: 'role_changed',
    when: and(ne(members.role, role), role === 'admin' ? undefined : anotherAdmin(act, subject)),
    fits: () => true,
    isSo: (member) => member.role === role,
    write: (when) => [act.db.update(members).set({ role }).where(when)],
    keeps: { kind: 'role', was: sql`m.role`, became: role },
    change: { before: sql`json_object('role', m.role)`, after: sql`json_object('role', ${role})` },
  })

/** Shuts the workspace to the person from their next request on, in every session; no access is lost, and other workspaces notice nothing. */
export const disable = (act: MemberAct, subject: Subject) =>
  change(act, subject, {
    kind: 'disabled',
    when: and(isActive(act.now), anotherAdmin(act, subject)),
    fits: ({ status }) => status === 'active',
    isSo: ({ status }) => status === 'disabled',
    write: (when) => [
      ...endSessions(act, subject, when),
      act.db
        .update(members)
        .set({ status: 'disabled', validFrom: afterNow(act) })
        .where(when),
    ],
    keeps: { kind: 'status', was: sql`m.status`, became: 'disabled' },
  })

/** Sessions from before the person was disabled sign in anew. */
export const enable = (act: MemberAct, subject: Subject) =>
  change(act, subject, {
    kind: 'enabled',
    when: eq(members.status, 'disabled'),
    fits: ({ status }) => status === 'disabled',
    isSo: ({ status }) => status === 'active',
    write: (when) => [act.db.update(members).set({ status: 'active' }).where(when)],
    keeps: { kind: 'status', was: sql`m.status`, became: 'active' },
  })

/** Membership and access here go; the person's memberships elsewhere stay. A pending member is cancelled instead. */
export const remove = (act: MemberAct, subject: Subject) =>
  change(act, subject, {
    kind: subject.id === act.memberId ? 'left' : 'deleted',
    when: and(ne(members.status, 'pending'), anotherAdmin(act, subject)),
    fits: ({ status }) => status !== 'pending',
    isSo: () => false,
    write: (when) => [departure(act, when), ...endSessions(act, subject, when), act.db.delete(members).where(when)],
    change: { before: sql`json_object('role', m.role, 'status', m.status)` },
  })

/** Sessions from before must sign in again to enter here; elsewhere nothing changes. */
export const signOutHere = (act: MemberAct, subject: Subject) =>
  change(act, subject, {
    kind: 'signed_out_here',
    when: ne(members.status, 'pending'),
    fits: ({ status }) => status !== 'pending',
    isSo: () => false,
    write: (when) => [
      act.db
        .update(members)
        .set({ validFrom: afterNow(act) })
        .where(when),
    ],
  })

/**
 * Holds unless the member is the only active admin. It stands inside every statement that could take one away, since two admins may act on each
 * other at the same moment. An admin has no end. The plus keeps SQLite from looking for an admin among everybody who is active.
 */
const anotherAdmin = ({ tenantId }: MemberAct, { id }: Subject) =>
  or(
    ne(members.role, 'admin'),
    ne(members.status, 'active'),
    sql`EXISTS (SELECT 1 FROM members o WHERE o.tenant_id = ${tenantId} AND o.role = 'admin' AND +o.status = 'active' AND o.id <> ${id})`,
  )

/** A session that began in this very millisecond is from before. */
const afterNow = ({ now }: MemberAct) => sql`max(${members.validFrom}, ${now + 1})`

/** A session from before that joins anew signs in again to enter. */
const departure = ({ db, now }: MemberAct, when: SQL | undefined) =>
  raw(
    db,
    sql`
    INSERT INTO departures (user_id, tenant_id, at) SELECT user_id, tenant_id, ${now} FROM members WHERE ${when}
    ON CONFLICT (user_id, tenant_id) DO UPDATE SET at = excluded.at`,
  )

/** Of somebody who is active nowhere else a session opens nothing any more; one's own goes on, to read what one has done. */
const endSessions = ({ db, tenantId, memberId, now }: MemberAct, { id }: Subject, when: SQL | undefined) =>
  id === memberId
    ? []
    : [
        raw(
          db,
          sql`
          DELETE FROM sessions WHERE user_id = (SELECT user_id FROM members WHERE ${when}) AND NOT EXISTS (
            SELECT 1 FROM members o WHERE o.user_id = sessions.user_id AND o.tenant_id <> ${tenantId} AND ${isActive(now, 'o')})`,
        ),
      ]

type Step = {
  kind: ActivityKind
  /** The rule, over `members`. */
  when: SQL | undefined
  /** Whether it can be done with somebody at all, and whether it is so already. */
  fits: (member: Standing) => boolean
  isSo: (member: Standing) => boolean
  write: (when: SQL | undefined) => BatchItem<'sqlite'>[]
  keeps?: { kind: UndoKind; was: SQL; became: string }
  change?: Change
}

/** Entry, undo and change share one condition in one batch, so that all of them happen or none; why not is read beside them. */
async function change(act: MemberAct, subject: Subject, step: Step): Promise<Changed | Refused> {
  const [undo, when] = [randomId(), and(inScope(act, subject), step.when)]
  const about = membersWhere(sql`m.id = (SELECT id FROM members WHERE ${when})`)
  const [[member], [turn], [changed]] = await act.db.batch([
    standingOf(act, subject.id),
    lastTurnOf(act, subject.id),
    act.db.select({ id: members.id }).from(members).where(when),
    ...kept(act, subject, step, undo, about),
    record(act, step.kind, about, step.change),
    ...step.write(when),
  ])
  if (!changed || !member) return refusalOf({ member, turn }, subject, step)
  return { member, undo: step.keeps && mayUndo(act, subject) ? undo : undefined }
}

function kept(act: MemberAct, subject: Subject, { keeps }: Step, undo: string, about: SQL) {
  if (!keeps || !mayUndo(act, subject)) return []
  const { kind, was, became } = keeps
  const values = sql`SELECT m.id AS subject, ${kind} AS field, ${was} AS was, ${became} AS became FROM ${about}`
  return keepUndo(act, undo, kind, values)
}

/** What one does to oneself is asked first, and not taken back. */
const mayUndo = ({ memberId }: MemberAct, { id }: Subject) => id !== memberId

const inScope = ({ tenantId, now }: MemberAct, { id, state }: Subject) =>
  and(eq(members.tenantId, tenantId), eq(members.id, id), state && sql`${statusAt(now)} = ${state}`)
