import { type SQL, sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import type { Rule } from '../../db/rules'
import { DAY_MS } from '../../limits'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { removePending } from '../invitations/cancel'
import { type ResendReason, resendRules } from '../invitations/resend'
import { resending } from '../invitations/resend-many'
import { type Caps, roomToday } from '../invitations/sending-limit'
import { STEP_PEOPLE, type StepOf } from '../jobs/people'
import { carryOut, disabling, enabling, type MembershipChange, removal, roleChange, type Unfit } from '../members/changes'
import { endChange } from '../members/end-date'
import { freeSeats, heldNoSeat } from '../members/seats'
import { differs } from '../presets/differs'
import { cannotBeGiven, givePresetWithUndo } from '../presets/give'

/** What can be done to many people at once. */
export const CHANGES = ['resend', 'cancel', 'make_admin', 'make_user', 'preset', 'end_date', 'disable', 'enable', 'delete'] as const
export type ChangeName = (typeof CHANGES)[number]
/** What can be taken back: nothing that sent an email, ended an invitation or deleted somebody. */
const TAKEN_BACK: ChangeName[] = ['make_admin', 'make_user', 'preset', 'end_date', 'disable', 'enable']
export const isTakenBack = (change: ChangeName) => TAKEN_BACK.includes(change)

/** `endsAt` (ms) is the end that is to be set, null for none; `preset` the id of the one to give. Only the changes of that name have them. */
export type Wanted = { change: ChangeName; endsAt?: number | null | undefined; preset?: string | undefined }

/** Why somebody is left as they are. `gone`: they are not here any more; `changed`: their status is another than when it was asked for. */
export type LeftFor = 'gone' | 'changed' | 'no_preset' | Unfit | ResendReason

export type ManyChange = {
  /** Why it is not done, over a member `m`. */
  rules: readonly Rule<LeftFor>[]
  /** Whether whoever does it is left, whom it would lock out. */
  exceptSelf?: true
  /** Where it can be done to so many only, and why not to more. `takes`: whether a member `m` is one of those who are counted. */
  rooms?: { most: SQL; takes: SQL; reason: LeftFor }[]
  /** Does it to the members whose ids `which` selects, and keeps under the id what takes it back. */
  write: (which: SQL, undo: string) => StepOf
}

export const changeOf = (act: MemberAct, wanted: Wanted, caps: Caps): ManyChange => MAKE[wanted.change](act, caps, wanted)

const MAKE: Record<ChangeName, (act: MemberAct, caps: Caps, wanted: Wanted) => ManyChange> = {
  resend: (act, caps) => ({
    rules: [NOT_PENDING, ...resendRules(act, caps)],
    rooms: [{ most: roomToday(act, caps), takes: sql`true`, reason: 'too_many_mails' }, seats(act, heldNoSeat(act.now))],
    write: (which) => resending(act, openOf(which), STEP_PEOPLE),
  }),
  cancel: (act) => ({
    rules: [NOT_PENDING],
    write: (which) => ({ statements: [...removePending(act, 'cancelled', sql`member_id IN ${which}`, randomId())] }),
  }),
  make_admin: (act) => ofMemberships(act, roleChange(act, 'admin')),
  make_user: (act) => exceptSelf(act, roleChange(act, 'user')),
  preset: (act, _, { preset }) => ({
    rules: [['is_admin', sql`m.role = 'admin'`], ...(preset === undefined ? [] : presetRules(act, preset))],
    write: (which, undo) => ({
      statements: [...givePresetWithUndo(act, undo, preset ?? '', membersWhere(sql`m.id IN ${which}`), which)],
    }),
  }),
  // Until a day is chosen, what can be told does not depend on which.
  end_date: (act, _, { endsAt = act.now + DAY_MS }) => ofMemberships(act, endChange(act, endsAt)),
  disable: (act) => exceptSelf(act, disabling(act)),
  enable: (act) => ofMemberships(act, enabling(act)),
  delete: (act) => exceptSelf(act, removal(act, 'deleted')),
}

const seats = ({ tenantId, now }: MemberAct, takes: SQL) => ({
  most: freeSeats(tenantId, now),
  takes,
  reason: 'no_seat' as const,
})

const presetRules = ({ tenantId, now }: MemberAct, preset: string): Rule<LeftFor>[] => [
  ['no_preset', cannotBeGiven(tenantId, preset, now)],
  ['already', sql`(m.preset_id IS ${preset} AND NOT ${differs()})`],
]

const NOT_PENDING: Rule<LeftFor> = ['not_pending', sql`m.status <> 'pending'`]

const openOf = (which: SQL) => sql`
  SELECT i.id, row_number() OVER (ORDER BY i.member_id) - 1 AS place FROM invitations i WHERE i.state = 'open' AND i.member_id IN ${which}`

const ofMemberships = (act: MemberAct, change: MembershipChange): ManyChange => ({
  rules: change.rules,
  ...(change.takesSeat ? { rooms: [seats(act, change.takesSeat)] } : {}),
  write: (which, undo) => ({ statements: carryOut(act, change, which, undo) }),
})

/** Of many who include whoever does it: they stay, and are the admin who always remains, whoever else is among the many. */
const exceptSelf = (act: MemberAct, change: MembershipChange): ManyChange => ({ ...ofMemberships(act, change), exceptSelf: true })
