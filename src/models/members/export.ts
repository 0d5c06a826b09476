import { eq, type SQL, sql } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { flag, json } from '../../db/select'
import { EXPORT_ROWS } from '../../limits'
import { maySeeSection, type SectionSettings } from '../access/access'
import { CONFIGURABLE } from '../access/section'
import { sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import type { Cell } from '../core/csv'
import { isoOf } from '../core/iso'
import { statusAt } from './active'
import { open, refusedMail, theirOpen } from './attention'
import { type Filter, invitedState, onPage } from './member'
import { theirName } from './their-name'
import type { Place } from './viewer'

/** What an export of people can be narrowed to. */
export type PeopleFilter = Pick<Filter, 'q' | 'status' | 'role'>

/** The next people of an export, in the order of addresses. */
export const exportedPeople = (at: Place, { q, status, role }: PeopleFilter, after = '') =>
  at.db
    .select({
      id: members.id,
      emailKey: members.emailKey,
      name: theirName,
      email: members.email,
      role: members.role,
      status: statusAt(at.now).as('status_now'),
      refused: flag(refusedMail, 'refused'),
      createdAt: members.createdAt,
      expiresAt: open.expiresAt,
      joinedAt: members.joinedAt,
      lastActiveAt: members.lastActiveAt,
      endsAt: members.endsAt,
      hasFactor: members.hasFactor,
      defaults: json<SectionSettings>(sectionDefaultsOf(at.tenantId), 'defaults'),
      overrides: json<SectionSettings>(sectionOverridesOf(members.tenantId, members.id), 'overrides'),
      agentMode: members.agentMode,
      agents: json<string[]>(agentNames, 'agents'),
      preset: sql<string | null>`(SELECT s.name FROM presets s WHERE s.id = ${members.presetId})`.as('preset_name'),
    })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .leftJoin(open, theirOpen)
    .where(onPage(at, { q, status, role, cursor: after }, EXPORT_ROWS))
    .orderBy(members.emailKey)
    .limit(EXPORT_ROWS)

/** The agents of a list that counts, by name. */
const agentNames: SQL = sql`iif(${members.agentMode} = 'all' OR ${members.role} = 'admin', '[]', (
  SELECT json_group_array(name) FROM (
    SELECT a.name FROM member_agents g CROSS JOIN agents a ON a.id = g.agent_id
    WHERE g.tenant_id = ${members.tenantId} AND g.member_id = ${members.id} ORDER BY a.search_key, a.id)))`

export type ExportedPerson = Awaited<ReturnType<typeof exportedPeople>>[number]

const SECTION_COLUMNS = CONFIGURABLE.map((section) => ({ section, column: `section_${section.slug.replaceAll('-', '_')}` }))

export const PEOPLE_COLUMNS = [
  ...[
    'id',
    'name',
    'email',
    'role',
    'state',
    'invited_at',
    'expires_at',
    'joined_at',
    'last_active_at',
    'ends_at',
    'second_factor',
  ],
  ...SECTION_COLUMNS.map(({ column }) => column),
  'agents',
  'preset',
]

/** Somebody with what they can see: each section as true or false, and the agents, `all` or their names. */
export function personRecord(row: ExportedPerson, now: number): Record<string, Cell> {
  const sections = SECTION_COLUMNS.map(({ section, column }) => [column, maySeeSection(row, section)] as const)
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    state: row.status === 'pending' ? invitedState(row.refused, row.expiresAt ?? 0, now) : row.status,
    invited_at: isoOf(row.createdAt),
    expires_at: isoOf(row.expiresAt),
    joined_at: isoOf(row.joinedAt),
    last_active_at: isoOf(row.lastActiveAt),
    ends_at: isoOf(row.endsAt),
    second_factor: row.joinedAt === null ? null : row.hasFactor,
    ...Object.fromEntries(sections),
    agents: row.role === 'admin' || row.agentMode === 'all' ? 'all' : row.agents,
    preset: row.preset,
  }
}
