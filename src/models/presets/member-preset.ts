import { sql } from 'drizzle-orm'
import { membersWhere } from '../../db/from'
import { raw } from '../../db/raw'
import { REALIGNED } from '../../limits'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { statusAt } from '../members/active'
import type { Subject } from '../members/membership'
import { type Late, lastTurnOf, standingOf } from '../members/standing'
import { nameOrEmail } from '../members/viewer'
import { differs, holder } from './differs'
import { canBeGiven, givePresetWithUndo, removePreset } from './give'
import { lookedAt } from './preset-page'

/** `undo` is there when anything changed. `preset` is its name, undefined for none. */
export type PresetGiven =
  | { name: string; preset: string | undefined; undo: string | undefined }
  | Late
  | { reason: 'is_admin' }
  | { reason: 'no_preset' }
  | { reason: 'preset_over' }

/** Gives somebody a preset, also one that they have and differ from; without one, forgets theirs. */
export async function setPreset(act: MemberAct, { id: member, state }: Subject, preset: string | undefined): Promise<PresetGiven> {
  const id = randomId()
  const asShown = state ? sql`${statusAt(act.now, 'm')} = ${state}` : sql`true`
  const whom = membersWhere(sql`m.tenant_id = ${act.tenantId} AND m.id = ${member} AND ${asShown}`)
  const [[found], [turn], [which], [kept]] = await act.db.batch([
    standingOf(act, member),
    lastTurnOf(act, member),
    presetToGive(act, preset ?? ''),
    ...(preset ? givePresetWithUndo(act, id, preset, whom) : removePreset(act, id, whom)),
  ])
  if (!found) return turn ? { reason: 'gone', turn } : { reason: 'unknown' }
  if (state && found.status !== state) return { reason: 'stale', member: found, turn }
  if (preset && found.role === 'admin') return { reason: 'is_admin' }
  if (preset && !which) return { reason: 'no_preset' }
  if (which?.over) return { reason: 'preset_over' }
  return { name: nameOrEmail(found), preset: which?.name, undo: kept?.id }
}

type ToGive = { name: string; version: number; over: 0 | 1 }

const presetToGive = ({ db, tenantId, now }: MemberAct, preset: string) =>
  raw<ToGive>(
    db,
    sql`SELECT p.name, p.version, NOT ${canBeGiven(now)} AS over FROM presets p WHERE p.tenant_id = ${tenantId} AND p.id = ${preset}`,
  )

/** Which people: those named, or of as many as are looked at in one go after a cursor everybody who differs, who must be as many as the page said. */
export type Realigning = { preset: string; version: number } & ({ members: string[] } | { cursor: string; people: number })

export type Realigned =
  | { preset: string; people: number; undo: string | undefined }
  | { reason: 'no_preset' | 'preset_over' | 'stale' | 'others' }

/**
 * Gives people their preset again, as far as they differ from it. @returns why nobody was: `stale`: the preset is not what the page showed;
 * `others`: another number of people differ
 */
export async function realign(act: MemberAct, { preset, version, ...who }: Realigning): Promise<Realigned> {
  const id = randomId()
  const whom = membersWhere(sql`m.tenant_id = ${act.tenantId} AND m.preset_id = ${preset} AND ${differs()} AND ${asked(preset, who)}
    AND EXISTS (SELECT 1 FROM presets v WHERE v.id = ${preset} AND v.version = ${version})`)
  const [[which], [found], [kept]] = await act.db.batch([
    presetToGive(act, preset),
    differingOf(act, preset, who),
    ...givePresetWithUndo(act, id, preset, whom),
  ])
  if (!which) return { reason: 'no_preset' }
  if (which.version !== version) return { reason: 'stale' }
  if (which.over) return { reason: 'preset_over' }
  if ('people' in who && found?.people !== who.people) return { reason: 'others' }
  return { preset: which.name, people: found?.people ?? 0, undo: kept?.id }
}

type Who = { members: string[] } | { cursor: string; people: number }

/** Over a member `m`. */
const asked = (preset: string, who: Who) =>
  'members' in who
    ? sql`m.id IN (SELECT value FROM json_each(${JSON.stringify(who.members.slice(0, REALIGNED))}))`
    : sql`m.id IN (${lookedAt(preset, who.cursor)}) AND (SELECT count(*) FROM members o WHERE o.id IN (${lookedAt(preset, who.cursor)})
        AND ${differs(holder('o'))}) = ${who.people}`

const differingOf = ({ db }: MemberAct, preset: string, who: Who) =>
  raw<{ people: number }>(
    db,
    sql`SELECT count(*) AS people FROM members m WHERE m.preset_id = ${preset} AND ${differs()}
      AND m.id IN (${'members' in who ? sql`SELECT value FROM json_each(${JSON.stringify(who.members)})` : lookedAt(preset, who.cursor)})`,
  )
