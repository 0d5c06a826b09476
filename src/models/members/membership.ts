import { type SQL, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { firstReason, readRefusal, refuses } from '../../db/rules'
import type { MEMBER_STATUSES } from '../../db/schema/members'
import type { Role } from '../access/access'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { statusAt } from './active'
import { carryOut, disabling, enabling, type MembershipChange, removal, roleChange, signOut } from './changes'
import { endChange } from './end-date'
import { lastTurnOf, type Refused, refusalOf, type Standing, standingOf } from './standing'

export type MemberStatus = (typeof MEMBER_STATUSES)[number]

/** Whom a form is about, and the status that its page showed; undefined where it did not say. */
export type Subject = { id: string; state?: MemberStatus | undefined }

/** `undo` is the id of what takes the change back. */
export type Changed = { member: Standing; undo: string | undefined }

export const changeRole = (act: MemberAct, { role, ...subject }: Subject & { role: Role }) =>
  change(act, subject, roleChange(act, role))
export const disable = (act: MemberAct, subject: Subject) => change(act, subject, disabling(act))
export const enable = (act: MemberAct, subject: Subject) => change(act, subject, enabling(act))
export const setEnd = (act: MemberAct, { endsAt, ...subject }: Subject & { endsAt: number | null }) =>
  change(act, subject, endChange(act, endsAt))
export const remove = (act: MemberAct, subject: Subject) =>
  change(act, subject, removal(act, subject.id === act.memberId ? 'left' : 'deleted'))
export const signOutHere = (act: MemberAct, subject: Subject) => change(act, subject, signOut(act))

/** Of one person, by the rules and statements that a change of many has. Why not is read beside them. */
async function change(act: MemberAct, subject: Subject, what: MembershipChange): Promise<Changed | Refused> {
  const [them, undo] = [inScope(act, subject), mayUndo(act, subject) ? randomId() : undefined]
  const which = sql`(SELECT m.id FROM ${membersWhere(sql`${them} AND NOT ${refuses(what.rules)}`)})`
  const [[member], [turn], [told]] = await act.db.batch([
    standingOf(act, subject.id),
    lastTurnOf(act, subject.id),
    raw<{ refusal: string | null }>(act.db, sql`SELECT ${firstReason(what.rules)} AS refusal FROM ${membersWhere(them)}`),
    ...carryOut(act, what, which, undo),
  ])
  const refusal = told && readRefusal(what.rules, told.refusal)
  if (!told || refusal || !member) return refusalOf({ member, turn }, refusal?.reason)
  return { member, undo: what.keeps && undo }
}

/** What one does to oneself is asked first, and not taken back. */
const mayUndo = ({ memberId }: MemberAct, { id }: Subject) => id !== memberId

/** As a condition over `m`. */
const inScope = ({ tenantId, now }: MemberAct, { id, state }: Subject): SQL =>
  sql`m.tenant_id = ${tenantId} AND m.id = ${id}${state ? sql` AND ${statusAt(now, 'm')} = ${state}` : sql``}`
