import { and, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm'
import { raw } from '../../db/raw'
import { presets } from '../../db/schema/access'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { json } from '../../db/select'
import { COUNTED, REALIGNED } from '../../limits'
import { type Person, personAt, theirUser, toPerson } from '../access/matrix'
import { PAGE_PEOPLE, PAGE_ROWS, type Paging, type Position, pageOf } from '../core/paging'
import { open, theirOpen } from '../members/attention'
import type { Count } from '../members/counts'
import type { Place } from '../members/viewer'
import { differencesOf, differs, OF_MEMBERS } from './differs'

/** How many people have the preset, at most one more than are counted. */
const holdersOf = (id: SQL) => sql<number>`(
  SELECT count(*) FROM (SELECT 1 FROM members h WHERE h.preset_id = ${id} LIMIT ${COUNTED + 1}))`

/** One page of the presets by name, and a row more to tell that there is another. */
export const presetsPage = ({ db, tenantId }: Place, { cursor, before }: Position) =>
  db
    .select({
      id: presets.id,
      name: presets.name,
      nameKey: presets.nameKey,
      mode: presets.agentMode,
      endsAt: presets.endsAt,
      sectionCount:
        sql<number>`(SELECT count(*) FROM preset_sections s WHERE s.tenant_id = ${tenantId} AND s.preset_id = ${presets.id} AND s.access = 'on')`.as(
          'section_count',
        ),
      agentCount:
        sql<number>`(SELECT count(*) FROM preset_agents l WHERE l.tenant_id = ${tenantId} AND l.preset_id = ${presets.id})`.as(
          'agent_count',
        ),
      people: holdersOf(sql`${presets.id}`).as('people'),
    })
    .from(presets)
    .where(and(eq(presets.tenantId, tenantId), before ? lt(presets.nameKey, before) : gt(presets.nameKey, cursor)))
    .orderBy(before ? desc(presets.nameKey) : presets.nameKey)
    .limit(PAGE_ROWS + 1)

type PresetRow = Awaited<ReturnType<typeof presetsPage>>[number]
export type ListedPreset = Omit<PresetRow, 'people' | 'nameKey'> & { people: Count }

export function toPresets(rows: PresetRow[], position: Position): { presets: ListedPreset[]; paging: Paging } {
  const { page, paging } = pageOf(rows, PAGE_ROWS, ({ nameKey }) => nameKey, position)
  return { presets: page.map(({ nameKey: _, ...preset }) => ({ ...preset, people: capped(preset.people) })), paging }
}

const capped = (people: number): Count => (people > COUNTED ? 'many' : people)

/** All of them by name, for an admin to choose from. */
export const presetChoices = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>) =>
  db.select({ id: presets.id, name: presets.name }).from(presets).where(eq(presets.tenantId, tenantId)).orderBy(presets.nameKey)

export type PresetChoice = Awaited<ReturnType<typeof presetChoices>>[number]

/** How many have a preset. */
export const holderCount = ({ db }: Place, id: string) =>
  raw<{ people: number }>(db, sql`SELECT ${holdersOf(sql`${id}`)} AS people`)
export const toHolderCount = ([row]: { people: number }[]): Count => capped(row?.people ?? 0)

/** One page of the people who have a preset, each with what of them differs from it. */
export const holdersPage = (at: Place, id: string, { cursor, before }: Position) =>
  selectHolders(at)
    .where(and(ours(at, id), before ? lt(members.emailKey, before) : gt(members.emailKey, cursor)))
    .orderBy(before ? desc(members.emailKey) : members.emailKey)
    .limit(PAGE_PEOPLE + 1)

/** Of the next people who have it, as many as are looked at in one go, those who differ from it. */
export const differingPage = (at: Place, id: string, cursor: string) =>
  selectHolders(at)
    .where(and(ours(at, id), sql`${members.id} IN (${lookedAt(id, cursor)})`, differs(OF_MEMBERS)))
    .orderBy(members.emailKey)
    .limit(PAGE_PEOPLE + 1)

const ours = ({ tenantId }: Place, id: string) => and(eq(members.tenantId, tenantId), eq(members.presetId, id))

const selectHolders = ({ db, now }: Place) =>
  db
    .select({
      ...personAt(now),
      givenAt: members.presetGivenAt,
      differences: json<string[]>(differencesOf(OF_MEMBERS), 'differences'),
    })
    .from(members)
    .leftJoin(users, theirUser)
    .leftJoin(open, theirOpen)

/** Of the people who have a preset, in the order of addresses, those who are looked at after a cursor. */
export const lookedAt = (id: string, cursor: string) => sql`
  SELECT w.id FROM members w WHERE w.preset_id = ${id} AND w.email_key > ${cursor} ORDER BY w.email_key LIMIT ${REALIGNED}`

/** How many are looked at, the last of them, and how many of them differ. */
export const lookedOver = ({ db }: Place, id: string, cursor: string) =>
  raw<Looked>(
    db,
    sql`SELECT count(*) AS people, max(m.email_key) AS last, coalesce(sum(${differs()}), 0) AS differing
      FROM members m WHERE m.id IN (${lookedAt(id, cursor)})`,
  )

type Looked = { people: number; last: string | null; differing: number }
type HolderRow = Awaited<ReturnType<typeof holdersPage>>[number]
export type PresetHolder = Person & { givenAt: number | null; differences: string[] }

export function toHolders(rows: HolderRow[], now: number, position: Position): { people: PresetHolder[]; paging: Paging } {
  const { page, paging } = pageOf(rows, PAGE_PEOPLE, ({ emailKey }) => emailKey, position)
  return { people: page.map((row) => toHolder(row, now)), paging }
}

const toHolder = (row: HolderRow, now: number): PresetHolder => ({
  ...toPerson(row, now),
  givenAt: row.givenAt,
  differences: row.differences,
})

/** Those who differ; there may be more among people who were not looked at yet. */
export function toDiffering(rows: HolderRow[], [looked]: Looked[], now: number, cursor: string) {
  const { people, paging } = toHolders(rows, now, { cursor })
  const beyond = !paging.next && looked?.people === REALIGNED && looked.last ? { cursor: looked.last } : paging.next
  return {
    people,
    looked: { people: looked?.people ?? 0, differing: looked?.differing ?? 0 },
    paging: { from: undefined, until: undefined, previous: cursor ? {} : undefined, next: beyond },
  }
}
