import { type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import type { MemberAct } from '../core/act'
import { type Opened, openValues } from '../undo/restore'

/**
 * What a change does: `subject, field, was, becomes`, as rows `p`. A change is carried out from what it kept of itself, and so is taking it back:
 * whoever reads these rows writes the same either way.
 */
export type Plan = From<'p'>

/** Of the change that keeps itself under this id in the same batch. */
export const planOf = (undoId: string): Plan =>
  from(sql`(SELECT v.subject, v.field, v.was, v.became AS becomes FROM undo_values v WHERE v.undo_id = ${undoId}) p`, 'p')

/** The way back, while it is open. */
export const wayBack = (act: MemberAct, undo: Opened): Plan =>
  from(sql`(SELECT v.subject, v.field, v.became AS was, v.was AS becomes FROM ${openValues(act, undo)}) p`, 'p')

/** The values that still are as the change left them. `stands` speaks of a kept value `v`. */
export const whatStands = (act: MemberAct, undo: Opened, stands: SQL) =>
  sql`SELECT v.subject, v.field FROM ${openValues(act, undo)} WHERE ${stands}`

/** Stands before whatever goes the way back: forgets the rest. It is asked here only, since the writes that follow change what it would find. */
export const forgetOthers = (act: MemberAct, undo: Opened, stands: SQL) =>
  raw(
    act.db,
    sql`
    DELETE FROM undo_values AS v WHERE v.undo_id = ${undo.id} AND NOT ${stands}
      AND ${undo.step ? sql`v.subject IN ${undo.step}` : sql`EXISTS (SELECT 1 FROM ${openValues(act, undo)})`}`,
  )
