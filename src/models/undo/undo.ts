import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { undos, undoValues } from '../../db/schema/undo'
import { restoreAgents, restoreSectionDefault, restoreSections } from '../access/undo'
import type { ActivityKind } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { theirName } from '../members/their-name'
import type { Place } from '../members/viewer'
import { restorePreset } from '../presets/undo'
import { endBlocked, restoreEnd } from './end-date'
import type { UndoKind } from './keep'
import { type Block, blockOf, type Opened, type Restore, type Restored } from './restore'
import { hasEnd, restoreRole } from './role'
import { restoreStatus, statusBlocked } from './status'

export const RESTORES: Record<UndoKind, Restore> = {
  role: restoreRole,
  status: restoreStatus,
  end_date: restoreEnd,
  sections: restoreSections,
  section_default: restoreSectionDefault,
  agents: restoreAgents,
  preset: restorePreset,
}

/** What may keep one out whom nobody has changed since. */
const BLOCKS: Partial<Record<UndoKind, (act: MemberAct, undo: Opened) => SQL>> = {
  role: hasEnd,
  status: (act, undo) => blockOf(act, undo, statusBlocked),
  end_date: (act, undo) => blockOf(act, undo, endBlocked),
}

/** Which entries say who changed it since. */
const CHANGED_BY: Record<UndoKind, ActivityKind[]> = {
  role: ['role_changed'],
  status: ['disabled', 'enabled'],
  end_date: ['end_date_changed', 'role_changed'],
  sections: ['section_changed', 'preset_given'],
  section_default: ['section_default_changed'],
  agents: ['agent_access_changed', 'preset_given'],
  preset: ['preset_given', 'preset_removed', 'section_changed', 'agent_access_changed'],
}
const GONE: ActivityKind[] = ['cancelled', 'declined', 'deleted', 'left']

/** Which entries tell that somebody is not as a change of this kind left them. */
export const CHANGED_SINCE = (kind: UndoKind) => [...CHANGED_BY[kind], ...GONE]

/** At most one row: an undo of this workspace, whoever's it is, pressed already or not. */
export const undoOf = ({ db, tenantId }: Place, id: string) =>
  db
    .select({ id: undos.id, adminId: undos.adminId, kind: undos.kind, expiresAt: undos.expiresAt, undoneAt: undos.undoneAt })
    .from(undos)
    .where(and(eq(undos.id, id), eq(undos.tenantId, tenantId)))

export type Undo = Awaited<ReturnType<typeof undoOf>>[number]

/** One row: whether pressing it makes somebody a Tenant Admin again, or lets one in again. Of many who were disabled it may. */
export const grantsAdmin = ({ db }: Pick<Place, 'db'>, id: string) =>
  raw<{ grants: 0 | 1 }>(
    db,
    sql`SELECT EXISTS (
      SELECT 1 FROM undos u CROSS JOIN undo_values v ON v.undo_id = u.id AND v.was = 'admin' WHERE u.id = ${id} AND u.kind = 'role'
      UNION ALL
      SELECT 1 FROM undos u JOIN jobs j ON j.id = u.id WHERE u.id = ${id} AND u.kind = 'status'
      UNION ALL
      SELECT 1 FROM undos u CROSS JOIN undo_values v ON v.undo_id = u.id AND v.was = 'active' JOIN members m ON m.tenant_id = u.tenant_id AND m.id = v.subject AND m.role = 'admin'
      WHERE u.id = ${id} AND u.kind = 'status' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = u.id)) AS grants`,
  )

/**
 * How many values went back, of how many and of whom the first, how many did not, who changed them since, and what else kept them. `people`: whom the
 * change was about, two at most.
 */
export type Undone =
  | {
      restored: number
      members: number
      member: string | undefined
      people: Person[]
      left: number
      since: Since | undefined
      block: Block | null
    }
  | { reason: 'over' }
type Person = { name: string | null; email: string }
type Since = { actorId: string | null; actorName: string | null }

/**
 * Takes back what a change made, where it still is so, and leaves the rest. `over`: it was pressed before, or is too old, or its admin is one no
 * more.
 */
export async function undo(act: MemberAct, { id, kind }: Undo): Promise<Undone> {
  const { stands, write } = RESTORES[kind](act, { id })
  const [values, people, since, [blocked], restored, ...written] = await act.db.batch([
    countOf(act, id),
    peopleOf(act, id),
    changedSince(act, id, kind),
    raw<{ block: Block | null }>(act.db, sql`SELECT ${BLOCKS[kind]?.(act, { id }) ?? null} AS block`),
    raw<Restored>(act.db, stands),
    ...write,
    close(act, id),
  ])
  if (written.at(-1)?.length !== 1) return { reason: 'over' }
  const left = (values[0]?.count ?? 0) - restored.length
  const members = new Set(restored.map(({ subject }) => subject)).size
  const member = restored[0]?.subject
  return { restored: restored.length, members, member, people, left, since: since[0], block: blocked?.block ?? null }
}

const countOf = ({ db }: MemberAct, id: string) =>
  db
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(undoValues)
    .where(eq(undoValues.undoId, id))

/** Two are enough to tell one from several; nobody, where it was about the workspace. */
const peopleOf = ({ db, tenantId }: MemberAct, id: string) =>
  db
    .selectDistinct({ id: members.id, name: theirName, email: members.email })
    .from(undoValues)
    .innerJoin(members, and(eq(members.id, undoValues.subject), eq(members.tenantId, tenantId)))
    .leftJoin(users, eq(users.id, members.userId))
    .where(eq(undoValues.undoId, id))
    .limit(2)

/** The newest entry since the change about anybody it names. Of a section it must be about that section, or about a preset, which is about all. */
const changedSince = ({ db, tenantId }: MemberAct, id: string, kind: UndoKind) =>
  raw<Since>(
    db,
    sql`
    SELECT e.actor_id AS actorId, coalesce(e.actor_name, e.actor_email, e.member_email) AS actorName
    FROM undos u JOIN undo_values v ON v.undo_id = u.id
      CROSS JOIN activity e ON e.tenant_id = ${tenantId} AND e.member_id IS nullif(v.subject, '') AND e.at > u.created_at
    WHERE u.id = ${id} AND (e.kind IN ${GONE} OR e.kind IN ${CHANGED_BY[kind]} AND ${sameSection(kind)})
    ORDER BY e.at DESC, e.id DESC LIMIT 1`,
  )

const sameSection = (kind: UndoKind): SQL =>
  kind === 'sections' || kind === 'section_default'
    ? sql`(e.kind = 'preset_given' OR json_type(e.after, '$."' || v.field || '"') IS NOT NULL)`
    : sql`true`

/** The last of the batch, since everything before it asks whether the undo is open. Returns one row when it was. */
const close = ({ db, tenantId, memberId, now }: MemberAct, id: string) =>
  db
    .update(undos)
    .set({ undoneAt: now })
    .where(
      and(
        eq(undos.id, id),
        eq(undos.tenantId, tenantId),
        eq(undos.adminId, memberId),
        isNull(undos.undoneAt),
        gt(undos.expiresAt, now),
      ),
    )
    .returning({ id: undos.id })

/**
 * Of those that nobody can press any more, unless a job is still at work, at most `rows` of the values and, once none is left, at most `rows` of the
 * undos. Reads the undos of the last minutes, as there are no others.
 */
export const pruneUndos = (db: Db, now: number, rows: number) => {
  const over = sql`undos u WHERE u.expires_at <= ${now}
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id IN (u.id, 'undo-' || u.id) AND j.state = 'queued')`
  return [
    raw(
      db,
      sql`
      DELETE FROM undo_values WHERE (undo_id, subject, field) IN (
        SELECT v.undo_id, v.subject, v.field FROM (SELECT u.id FROM ${over}) o CROSS JOIN undo_values v ON v.undo_id = o.id LIMIT ${rows})`,
    ),
    raw(
      db,
      sql`
      DELETE FROM undos WHERE id IN (
        SELECT u.id FROM ${over} AND NOT EXISTS (SELECT 1 FROM undo_values v WHERE v.undo_id = u.id) LIMIT ${rows})`,
    ),
  ] as const
}
