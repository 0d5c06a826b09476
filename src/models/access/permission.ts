import { type SQL, sql } from 'drizzle-orm'
import { from } from '../../db/from'
import { raw } from '../../db/raw'
import { sectionDefaults } from '../../db/schema/workspace'
import { record, recordWorkspace } from '../activity/activity'
import type { MemberAct } from '../core/act'
import { randomId } from '../core/random'
import { keepUndo } from '../undo/keep'
import { allKnown, peopleNamed, reached } from './named'
import { type Plan, planOf } from './plan'
import { CONFIGURABLE, type SectionSlug } from './section'

/** The three states of a cell; `default` is the absence of a row in `member_sections`. */
export const SECTION_ACCESS = ['default', 'on', 'off'] as const
export type SectionAccess = (typeof SECTION_ACCESS)[number]
export type Wanted = { member: string; section: SectionSlug; access: SectionAccess }

/**
 * Sets cells of the Permission Matrix, each member and section at most once. Admins and people who are gone are left and named; nothing at all
 * is done when somebody named never belonged to this workspace.
 */
export async function setSections(act: MemberAct, cells: Wanted[]) {
  const id = randomId()
  const [people, [kept]] = await act.db.batch([
    peopleNamed(act, membersOf(cells)),
    ...keepUndo(act, id, 'sections', changesOf(act, cells)),
    ...writeSections(act, planOf(id)),
  ])
  return reached(people, kept?.id)
}

const membersOf = (cells: Wanted[]) => cells.map(({ member }) => member)

/** What changes of those whom the cells fit, when everybody named is known. */
const changesOf = (act: MemberAct, cells: Wanted[]) => sql`
  SELECT m.id AS subject, c.value ->> 'section' AS field, coalesce(o.access, 'default') AS was, c.value ->> 'access' AS became
  FROM json_each(${JSON.stringify(cells)}) c
    CROSS JOIN members m ON m.tenant_id = ${act.tenantId} AND m.id = c.value ->> 'member' AND m.role = 'user'
    LEFT JOIN member_sections o ON o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = c.value ->> 'section'
  WHERE coalesce(o.access, 'default') <> c.value ->> 'access'
    AND ${allKnown(act, membersOf(cells))}`

/** Carries out a plan whose fields are sections, with an entry for each person. CROSS JOIN starts from the plan, not from everybody. */
export const writeSections = (act: MemberAct, plan: Plan) =>
  [
    record(act, 'section_changed', changedBy(act, plan), { before: sql`c.was`, after: sql`c.becomes` }),
    raw(
      act.db,
      sql`
      DELETE FROM member_sections WHERE (tenant_id, member_id, section) IN (
        SELECT ${act.tenantId}, p.subject, p.field FROM ${plan} WHERE p.becomes = 'default')`,
    ),
    raw(
      act.db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access, by_id, at)
      SELECT ${act.tenantId}, p.subject, p.field, p.becomes, ${act.memberId}, ${act.now} FROM ${plan} WHERE p.becomes <> 'default'
      ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = excluded.access, by_id = excluded.by_id, at = excluded.at`,
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

/** Writes down what everybody gets of each section as it is now, so that whoever likes it has decided as well. A default that was set stays. */
export const keepSectionDefaults = ({ db, tenantId }: MemberAct) =>
  db.batch([
    db
      .insert(sectionDefaults)
      .values(CONFIGURABLE.map(({ slug }) => ({ tenantId, section: slug, access: 'on' as const })))
      .onConflictDoNothing(),
  ])

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
