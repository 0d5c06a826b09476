import { type SQL, sql } from 'drizzle-orm'
import { type From, from } from '../../db/from'
import { raw } from '../../db/raw'
import { REMIND_BEFORE_MS } from '../../limits'
import { record } from '../activity/activity'
import type { Act, MemberAct } from '../core/act'
import { isEnded } from '../members/active'
import { warnAt } from '../members/end-date'
import { keepUndo } from '../undo/keep'
import { differs } from './differs'

/** Of a preset `p`: nobody is given an end that has passed. */
export const canBeGiven = (now: number) => sql`(p.ends_at IS NULL OR p.ends_at > ${now})`

/** Whether a preset is asked for, its id not NULL, that is gone or cannot be given any more. */
export const cannotBeGiven = (
  tenantId: SQL | string,
  id: SQL | string | null,
  now: number,
) => sql`(${id} IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM presets p WHERE p.tenant_id = ${tenantId} AND p.id = ${id} AND ${canBeGiven(now)}))`

/**
 * Gives the people `m` a preset: writes what it says as their own settings, and remembers which it was. Tenant Admins are left, and so is everybody
 * where the preset is gone or its end date has passed. An id in SQL may speak of whatever `to` selects from, so that each can get another one. `to` must not
 * depend on what is written here (sections, agents, presets); `givePresetWithUndo` can.
 */
export const givePreset = (act: Act, presetId: SQL | string, to: From<'m'>) => {
  const whom = given(act, presetId, to)
  const other = sql`(SELECT o.name FROM presets o WHERE o.id = m.preset_id AND o.id <> p.id)`
  return [
    record(act, 'preset_given', whom, {
      before: sql`iif(${other} IS NULL, NULL, json_object('preset', ${other}))`,
      after: sql`json_object('preset', p.name)`,
    }),
    ...writeSections(act, whom),
    ...writeAgents(act, whom),
    ...writeEnds(act, whom),
    raw(
      act.db,
      sql`
      UPDATE members SET agent_mode = s.mode, agents_by_id = ${act.by.memberId}, agents_at = ${act.now}, preset_id = s.preset, preset_given_at = ${act.now}
      FROM (SELECT m.id, p.id AS preset, p.agent_mode AS mode FROM ${whom}) s WHERE members.id = s.id`,
    ),
  ] as const
}

/**
 * The same for those of the people `m` who have another preset or differ from this one, and keeps what they had. The first statement returns one
 * row when there is anybody. Where several steps keep what they change under one id, `among` selects the ids of those of this one.
 */
export const givePresetWithUndo = (act: MemberAct, undoId: string, presetId: string, to: From<'m'>, among?: SQL) =>
  [
    ...keepUndo(act, undoId, 'preset', valuesOf(act, given(act, presetId, to))),
    ...givePreset(act, presetId, keptIn(act, undoId, among)),
  ] as const

/** Forgets which preset the people `m` were given, who keep what they have. With its undo. */
export const removePreset = (act: MemberAct, undoId: string, to: From<'m'>) => {
  const whom = keptIn(act, undoId)
  const values = sql`SELECT m.id AS subject, 'preset' AS field, ${stamp} AS was, json_array(NULL, NULL) AS became
    FROM (SELECT m.id AS member FROM ${to}) g CROSS JOIN members m ON m.id = g.member AND m.preset_id IS NOT NULL`
  return [
    ...keepUndo(act, undoId, 'preset', values),
    record(act, 'preset_removed', whom, {
      before: sql`json_object('preset', (SELECT o.name FROM presets o WHERE o.id = m.preset_id))`,
    }),
    raw(
      act.db,
      sql`UPDATE members SET preset_id = NULL, preset_given_at = NULL FROM (SELECT m.id FROM ${whom}) s WHERE members.id = s.id`,
    ),
  ] as const
}

const given = ({ now }: Act, presetId: SQL | string, to: From<'m'>) =>
  from(
    sql`(SELECT m.id AS member, ${presetId} AS preset FROM ${to}) g
      CROSS JOIN members m ON m.id = g.member AND m.role = 'user'
      CROSS JOIN presets p ON p.tenant_id = m.tenant_id AND p.id = g.preset AND ${canBeGiven(now)}`,
    'm',
    'p',
  )

/** Whoever a change of presets has kept something of. */
const keptIn = ({ tenantId }: MemberAct, undoId: string, among?: SQL) =>
  from(
    sql`undo_values k CROSS JOIN members m ON m.tenant_id = ${tenantId} AND m.id = k.subject AND k.undo_id = ${undoId} AND k.field = 'preset'
      ${among ? sql`AND k.subject IN ${among}` : sql``}`,
    'm',
  )

const writeSections = ({ db, by, now }: Act, whom: From<'m' | 'p'>) =>
  [
    raw(
      db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
      SELECT m.tenant_id, m.id, s.section, s.access, ${by.memberId}, ${now} FROM ${whom}
        CROSS JOIN preset_sections s ON s.tenant_id = p.tenant_id AND s.preset_id = p.id
      WHERE true ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = excluded.access, by_id = excluded.by_id, at = excluded.at`,
    ),
  ] as const

/** With all agents a list is kept, as it is when a mode is changed by hand. */
const writeAgents = ({ db }: Act, whom: From<'m' | 'p'>) =>
  [
    raw(
      db,
      sql`
      DELETE FROM member_agents WHERE (tenant_id, member_id, agent_id) IN (
        SELECT g.tenant_id, g.member_id, g.agent_id FROM ${whom} CROSS JOIN member_agents g ON g.tenant_id = m.tenant_id AND g.member_id = m.id
        WHERE p.agent_mode = 'list' AND NOT EXISTS (
          SELECT 1 FROM preset_agents l WHERE l.tenant_id = p.tenant_id AND l.preset_id = p.id AND l.agent_id = g.agent_id))`,
    ),
    raw(
      db,
      sql`
      INSERT INTO member_agents (tenant_id, member_id, agent_id)
      SELECT m.tenant_id, m.id, l.agent_id FROM ${whom} CROSS JOIN preset_agents l ON l.tenant_id = p.tenant_id AND l.preset_id = p.id
      WHERE p.agent_mode = 'list' ON CONFLICT DO NOTHING`,
    ),
  ] as const

/** Whether the end of a member `m` becomes that of the preset `p`. Nobody who has ended is let in again by it. */
const getsEnd = ({ now }: Act) => sql`(p.ends_at IS NOT m.ends_at AND p.ends_at IS NOT NULL AND NOT ${isEnded(now, 'm')})`

/** An open invitation expires with it at the latest, so whoever is invited and given a preset at once has theirs by now. */
const writeEnds = (act: Act, whom: From<'m' | 'p'>) => {
  const ends = sql`(SELECT m.id, p.ends_at FROM ${whom} WHERE ${getsEnd(act)}) s`
  return [
    raw(
      act.db,
      sql`
      UPDATE invitations SET expires_at = s.ends_at, expiry_notice_at = min(expiry_notice_at, s.ends_at), remind_at = min(remind_at, s.ends_at - ${REMIND_BEFORE_MS})
      FROM ${ends} WHERE invitations.member_id = s.id AND invitations.state = 'open' AND invitations.expires_at > s.ends_at`,
    ),
    raw(
      act.db,
      sql`UPDATE members SET ends_at = s.ends_at, end_warn_at = ${warnAt(sql`s.ends_at`, act.now)} FROM ${ends} WHERE members.id = s.id`,
    ),
  ] as const
}

/** Of a member `m`: which preset, since when. */
export const stamp = sql`json_array(m.preset_id, m.preset_given_at)`
/** Of a member `m` with their own cell `o`, if there is one. */
export const cellStamp = sql`json_array(coalesce(o.access, 'default'), o.by_id, o.at)`
/** Of a member `m`: who last set their agents, and when. */
export const agentsStamp = sql`json_array(m.agents_by_id, m.agents_at)`

/** Of a member `m`: when they end, as text. */
export const endStamp = sql`coalesce(CAST(m.ends_at AS TEXT), '')`

/** D1 binds every number as a REAL, which JSON would show. */
const whole = (ms: number) => sql`CAST(${ms} AS INTEGER)`

/** In fields of undo_values: what a preset overwrites, and the stamps by which it is known whether that is still as it left it. */
const valuesOf = (act: MemberAct, whom: From<'m' | 'p'>) => {
  const { by, now } = act
  const wanting = sql`(m.preset_id IS NOT p.id OR ${differs()})`
  const agents = sql`(SELECT json_group_array(g.agent_id) FROM member_agents g WHERE g.tenant_id = m.tenant_id AND g.member_id = m.id)`
  return sql`
    SELECT m.id AS subject, 'preset' AS field, ${stamp} AS was, json_array(p.id, ${whole(now)}) AS became FROM ${whom} WHERE ${wanting}
    UNION ALL
    SELECT m.id, 'section:' || s.section, ${cellStamp}, json_array(s.access, ${by.memberId}, ${whole(now)}) FROM ${whom}
      CROSS JOIN preset_sections s ON s.tenant_id = p.tenant_id AND s.preset_id = p.id
      LEFT JOIN member_sections o ON o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = s.section WHERE ${wanting}
    UNION ALL
    SELECT m.id, 'agents', json_object('stamp', ${agentsStamp}, 'mode', m.agent_mode, 'agents', json(${agents})), json_array(${by.memberId}, ${whole(now)})
    FROM ${whom} WHERE ${wanting}
    UNION ALL
    SELECT m.id, 'ends_at', ${endStamp}, CAST(p.ends_at AS TEXT) FROM ${whom} WHERE ${getsEnd(act)} AND ${wanting}`
}
