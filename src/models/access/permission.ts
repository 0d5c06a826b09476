import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { record, recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { keepUndo } from '../undo/keep'
import type { Role } from './access'
import { type Plan, planOf } from './plan'
import type { SectionSlug } from './section'

/** The three states of a cell; `default` is the absence of a row in `member_sections`. */
export const SECTION_ACCESS = ['default', 'on', 'off'] as const
export type SectionAccess = (typeof SECTION_ACCESS)[number]
export type Wanted = { member: string; section: SectionSlug; access: SectionAccess }

/** Somebody to whom a change does not apply any more; the name is null once it is forgotten. */
export type Left = { member: string; reason: 'is_admin' | 'gone'; name: string | null }

/** `changed` are the people who have what was wanted by now; `undo` is there when any of it was new. */
export type SectionsChanged = { changed: { name: string }[]; left: Left[]; undo: string | undefined } | { reason: 'not_found' }

/**
 * Sets cells of the Permission Matrix, each member and section at most once. Admins and people who are gone are left and named; nothing at all
 * is done when somebody named never belonged to this workspace.
 */
export async function setSections(act: MemberAct, cells: Wanted[]): Promise<SectionsChanged> {
  const id = randomId()
  const [people, [kept]] = await act.db.batch([
    peopleIn(act, cells),
    ...keepUndo(act, id, 'sections', changesOf(act, cells)),
    ...writeSections(act, planOf(id)),
  ])
  if (people.some(({ known }) => !known)) return { reason: 'not_found' }
  return {
    changed: people.flatMap(({ role, name }) => (role === 'user' ? [{ name: name ?? '' }] : [])),
    left: people.flatMap(({ member, role, name }) =>
      role === 'user' ? [] : [{ member, name, reason: role === 'admin' ? ('is_admin' as const) : ('gone' as const) }],
    ),
    undo: kept?.id,
  }
}

type Person = { member: string; role: Role | null; name: string | null; known: number }

const peopleIn = ({ db, tenantId }: MemberAct, cells: Wanted[]) =>
  raw<Person>(
    db,
    sql`
    SELECT w.member, m.role, coalesce(u.name, m.email, (SELECT e.member_email FROM activity e
      WHERE e.tenant_id = ${tenantId} AND e.member_id = w.member ORDER BY e.at DESC LIMIT 1)) AS name,
      ${isKnown(tenantId)} AS known
    FROM ${namedIn(tenantId, cells)} LEFT JOIN users u ON u.id = m.user_id`,
  )

/** Each member of the cells once, as `w`, with their row `m` while they have one. */
const namedIn = (tenantId: string, cells: Wanted[]) => sql`
  (SELECT DISTINCT value ->> 'member' AS member FROM json_each(${JSON.stringify(cells)})) w
  LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = w.member`

/** Whoever is gone is known from the activity log. */
const isKnown = (tenantId: string) => sql`(m.id IS NOT NULL OR EXISTS (
  SELECT 1 FROM activity e WHERE e.tenant_id = ${tenantId} AND e.member_id = w.member))`

/** What changes of those whom the cells fit, when everybody named is known. */
const changesOf = ({ tenantId }: MemberAct, cells: Wanted[]) => sql`
  SELECT m.id AS subject, c.value ->> 'section' AS field, coalesce(o.access, 'default') AS was, c.value ->> 'access' AS became
  FROM json_each(${JSON.stringify(cells)}) c
    CROSS JOIN members m ON m.tenant_id = ${tenantId} AND m.id = c.value ->> 'member' AND m.role = 'user'
    LEFT JOIN member_sections o ON o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = c.value ->> 'section'
  WHERE coalesce(o.access, 'default') <> c.value ->> 'access'
    AND NOT EXISTS (SELECT 1 FROM ${namedIn(tenantId, cells)} WHERE NOT ${isKnown(tenantId)})`

/** Carries out a plan whose fields are sections, with an entry for each person. CROSS JOIN starts from the plan, not from everybody. */
export const writeSections = (act: MemberAct, plan: Plan) =>
  [
    record(act, 'section_changed', changedBy(act, plan), { before: sql`c.was`, after: sql`c.becomes` }),
    raw(
      act.db,
      sql`
      DELETE FROM member_sections WHERE rowid IN (
        SELECT o.rowid FROM ${plan} CROSS JOIN member_sections o
          ON o.tenant_id = ${act.tenantId} AND o.member_id = p.subject AND o.section = p.field
        WHERE p.becomes = 'default')`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access)
      SELECT ${act.tenantId}, p.subject, p.field, p.becomes FROM ${plan} WHERE p.becomes <> 'default'
      ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = excluded.access`,
    ),
  ] as const

/** The members of a plan, each once, with JSON of what was and what becomes. */
const changedBy = ({ tenantId }: MemberAct, plan: Plan) =>
  from(
    sql`(
    SELECT p.subject, ${asObject('was')} AS was, ${asObject('becomes')} AS becomes FROM ${plan} GROUP BY p.subject) c
    CROSS JOIN members m ON m.tenant_id = ${tenantId} AND m.id = c.subject`,
    'm',
  )

const asObject = (side: 'was' | 'becomes') => sql`json_group_object(p.field, p.${sql.identifier(side)})`

/** What everybody whose own cell says `default` gets. @returns what can be undone; nothing when it was so already */
export async function setSectionDefault(act: MemberAct, { section, access }: { section: SectionSlug; access: 'on' | 'off' }) {
  const id = randomId()
  const was = sectionDefault(act, sql`${section}`)
  const [[kept]] = await act.db.batch([
    ...keepUndo(
      act,
      id,
      'section_default',
      sql`SELECT '' AS subject, ${section} AS field, ${was} AS was, ${access} AS became WHERE ${was} <> ${access}`,
    ),
    ...writeSectionDefault(act, planOf(id)),
  ])
  return kept?.id
}

export const sectionDefault = ({ tenantId }: MemberAct, section: SQL) =>
  sql`coalesce((SELECT d.access FROM section_defaults d WHERE d.tenant_id = ${tenantId} AND d.section = ${section}), 'on')`

/** Carries out a plan for the workspace itself, whose fields are sections. */
export const writeSectionDefault = (act: MemberAct, plan: Plan) =>
  [
    recordWorkspace(
      act,
      'section_default_changed',
      { before: sql`(SELECT ${asObject('was')} FROM ${plan})`, after: sql`(SELECT ${asObject('becomes')} FROM ${plan})` },
      sql`EXISTS (SELECT 1 FROM ${plan})`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO section_defaults (tenant_id, section, access) SELECT ${act.tenantId}, p.field, p.becomes FROM ${plan} WHERE true
      ON CONFLICT (tenant_id, section) DO UPDATE SET access = excluded.access`,
    ),
  ] as const
