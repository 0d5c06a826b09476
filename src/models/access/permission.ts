import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { raw } from '../../db/raw'
import { type Actor, record, recordWorkspace } from '../activity/activity'
import { settingsOf, type Viewer } from '../members/viewer'
import { maySeeSection, type SectionSettings } from './access'
import { PAGE_PEOPLE, type Person, type PersonRow, pageOf, peoplePage, type Search, toPerson } from './matrix'
import { CONFIGURABLE, type SectionSlug } from './section'

/** The three states of a cell; `default` is the absence of a row in `member_sections`. */
export const SECTION_ACCESS = ['default', 'on', 'off'] as const
export type SectionAccess = (typeof SECTION_ACCESS)[number]
export type Wanted = { member: string; section: SectionSlug; access: SectionAccess }

export type Column = { slug: SectionSlug; name: string; byDefault: 'on' | 'off' }
export type PersonSections = Person & { sections: SectionAccess[] }

type Row = PersonRow & { overrides: string }

export const permissionsPage = (db: Db, tenantId: string, search: Search) =>
  peoplePage<Row>(
    db,
    tenantId,
    search,
    sql`${settingsOf(sql`member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id`)} AS overrides`,
  )

export const sectionDefaultsOf = (db: Db, tenantId: string) =>
  raw<{ defaults: string }>(db, sql`SELECT ${settingsOf(sql`section_defaults WHERE tenant_id = ${tenantId}`)} AS defaults`)

export function toColumns([row]: { defaults: string }[]): Column[] {
  const defaults: SectionSettings = JSON.parse(row?.defaults ?? '{}')
  return CONFIGURABLE.map((section) => ({
    slug: section.slug,
    name: section.name,
    byDefault: maySeeSection({ role: 'user', defaults, overrides: {} }, section) ? 'on' : 'off',
  }))
}

export function toPermissions(rows: Row[], now: number): { people: PersonSections[]; next: string | undefined } {
  const { page, next } = pageOf(rows, PAGE_PEOPLE, (row) => row.emailKey)
  return { people: page.map((row) => ({ ...toPerson(row, now), sections: statesIn(JSON.parse(row.overrides)) })), next }
}

const statesIn = (overrides: SectionSettings) => CONFIGURABLE.map(({ slug }) => overrides[slug] ?? 'default')

type Former = { member: string; section: SectionSlug; was: SectionAccess; wanted: SectionAccess; role: 'admin' | 'user' | null }
export type SectionsChanged = { former: Wanted[] } | { reason: 'not_found' | 'is_admin' }

/**
 * Sets cells of the Permission Matrix: all of them, or none when somebody named is not a Tenant User here. Each member and section
 * at most once. @returns what the changed cells were
 */
export async function setSections(db: Db, by: Viewer, actor: Actor, cells: Wanted[], now: number): Promise<SectionsChanged> {
  const wanted = wantedIn(by.tenantId, cells)
  const allUsers = sql`NOT EXISTS (SELECT 1 FROM ${wanted} WHERE m.role IS NOT 'user')`
  const [before] = await db.batch([
    raw<Former>(
      db,
      sql`
      SELECT w.member, w.section, coalesce(o.access, 'default') AS was, w.access AS wanted, m.role FROM ${wanted}`,
    ),
    record(db, 'section_changed', actor, changedIn(by.tenantId, wanted, allUsers), now, {
      before: sql`c.was`,
      after: sql`c.becomes`,
    }),
    raw(
      db,
      sql`
      DELETE FROM member_sections WHERE tenant_id = ${by.tenantId} AND ${allUsers}
        AND (member_id, section) IN (SELECT w.member, w.section FROM ${wanted} WHERE w.access = 'default')`,
    ),
    raw(
      db,
      sql`
      INSERT INTO member_sections (tenant_id, member_id, section, access)
      SELECT m.tenant_id, m.id, w.section, w.access FROM ${wanted} WHERE w.access <> 'default' AND ${allUsers}
      ON CONFLICT (tenant_id, member_id, section) DO UPDATE SET access = excluded.access`,
    ),
  ])
  if (before.some(({ role }) => role === null)) return { reason: 'not_found' }
  if (before.some(({ role }) => role === 'admin')) return { reason: 'is_admin' }
  return {
    former: before.flatMap(({ member, section, was, wanted }) => (was === wanted ? [] : [{ member, section, access: was }])),
  }
}

/** The wanted cells `w` with their member `m` and what they have now `o`, where those exist. One parameter, however many cells. */
const wantedIn = (tenantId: string, cells: Wanted[]) => sql`(
    SELECT value ->> 'member' AS member, value ->> 'section' AS section, value ->> 'access' AS access
    FROM json_each(${JSON.stringify(cells)})) w
  LEFT JOIN members m ON m.tenant_id = ${tenantId} AND m.id = w.member
  LEFT JOIN member_sections o ON o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = w.section`

/** The members of whom anything changes, each once, with JSON of what was and what becomes. */
const changedIn = (tenantId: string, wanted: SQL, when: SQL) => sql`(
  SELECT m.id, json_group_object(w.section, coalesce(o.access, 'default')) AS was,
    json_group_object(w.section, w.access) AS becomes
  FROM ${wanted} WHERE coalesce(o.access, 'default') <> w.access AND ${when} GROUP BY m.id) c
  JOIN members m ON m.tenant_id = ${tenantId} AND m.id = c.id`

/** What everybody whose own cell says `default` gets. @returns what it was */
export async function setSectionDefault(
  db: Db,
  by: Viewer,
  actor: Actor,
  section: SectionSlug,
  access: 'on' | 'off',
  now: number,
): Promise<'on' | 'off'> {
  const was = sql`coalesce((SELECT access FROM section_defaults WHERE tenant_id = ${by.tenantId} AND section = ${section}), 'on')`
  const change = { before: sql`json_object(${section}, ${was})`, after: sql`json_object(${section}, ${access})` }
  const [[before]] = await db.batch([
    raw<{ was: 'on' | 'off' }>(db, sql`SELECT ${was} AS was`),
    recordWorkspace(db, 'section_default_changed', actor, by.tenantId, now, change, sql`${was} <> ${access}`),
    raw(
      db,
      sql`
      INSERT INTO section_defaults (tenant_id, section, access) VALUES (${by.tenantId}, ${section}, ${access})
      ON CONFLICT (tenant_id, section) DO UPDATE SET access = excluded.access`,
    ),
  ])
  return before?.was ?? 'on'
}
