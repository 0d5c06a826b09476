import { eq, sql } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { tenants } from '../../db/schema/workspace'
import { json } from '../../db/select'
import { PAGE_PEOPLE, type Paging, pageOf } from '../core/paging'
import { open, theirOpen } from '../members/attention'
import type { Place } from '../members/viewer'
import { maySeeSection, type SectionSettings } from './access'
import { inOrder, onPage, type Person, personAt, type Search, theirUser, toPerson } from './matrix'
import { type Origin, originOf, type Stamp, sectionStampsOf } from './origin'
import type { SectionAccess } from './permission'
import { CONFIGURABLE, type SectionSlug } from './section'
import { sectionDefaultsOf, sectionOverridesOf } from './section-settings'

export type Column = { slug: SectionSlug; name: string; byDefault: 'on' | 'off' }
/** `origins` of what is set for this person; `preset` is what the one that they have is called. */
export type PersonSections = Person & { sections: SectionAccess[]; origins: (Origin | undefined)[]; preset: string | null }

/** One page of people and, of each, their own cells; a row more than a page tells that there is another. */
export const permissionsPage = (at: Place, search: Search) =>
  at.db
    .select({
      ...personAt(at.now),
      overrides: json<SectionSettings>(sectionOverridesOf(members.tenantId, members.id), 'overrides'),
      stamps: json<Record<string, Stamp>>(sectionStampsOf(members), 'stamps'),
      givenAt: members.presetGivenAt,
      preset: sql<string | null>`(SELECT p.name FROM presets p WHERE p.id = ${members.presetId})`.as('preset'),
    })
    .from(members)
    .leftJoin(users, theirUser)
    .leftJoin(open, theirOpen)
    .where(onPage(at, search))
    .orderBy(inOrder(search))
    .limit(PAGE_PEOPLE + 1)

type Row = Awaited<ReturnType<typeof permissionsPage>>[number]

export const toPermissions = (rows: Row[], now: number, search?: Search): { people: PersonSections[]; paging: Paging } => {
  const { page, paging } = pageOf(rows, PAGE_PEOPLE, (row) => row.emailKey, search)
  return { people: page.map((row) => ({ ...toPerson(row, now), ...cellsOf(row) })), paging }
}

const cellsOf = ({ overrides, stamps, givenAt, preset }: Row) => ({
  sections: CONFIGURABLE.map(({ slug }) => overrides[slug] ?? 'default'),
  origins: CONFIGURABLE.map(({ slug }) => overrides[slug] && originOf(stamps[slug], givenAt)),
  preset,
})

/** What the sections of the workspace are by default. */
export const defaultsPage = ({ db, tenantId }: Place) =>
  db
    .select({ defaults: json<SectionSettings>(sectionDefaultsOf(tenantId), 'defaults') })
    .from(tenants)
    .where(eq(tenants.id, tenantId))

export function toColumns([row]: { defaults: SectionSettings }[]): Column[] {
  const defaults = row?.defaults ?? {}
  return CONFIGURABLE.map((section) => ({
    slug: section.slug,
    name: section.name,
    byDefault: maySeeSection({ role: 'user', defaults, overrides: {} }, section) ? 'on' : 'off',
  }))
}
