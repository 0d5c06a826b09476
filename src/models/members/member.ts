import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import type { MAIL_STATES } from '../../db/schema/mail'
import { MEMBER_STATUSES, members } from '../../db/schema/members'
import { containsAll } from '../../db/search'
import { flag, json } from '../../db/select'
import { countSections, type Role, type SectionSettings, sectionsOf } from '../access/access'
import { CONFIGURABLE } from '../access/section'
import { sectionDefaultsOf, sectionOverridesOf } from '../access/section-settings'
import { PAGE_ROWS, pageOf } from '../core/paging'
import { needlesOf } from '../core/search-key'
import type { MailReason } from '../mail/mail-reason'
import { differs, OF_MEMBERS } from '../presets/differs'
import { endedUnmoved, isActive, statusAt } from './active'
import { endsSoon, isRefused, LATE_MS, newestMail, open, theirOpen } from './attention'
import { cursorIn, edgeOf, isBeyond, type Ordering, orderKey, sorted } from './order'
import { type Among, inTurn, isAmong, isEverybody } from './ranges'
import { onFoundPage } from './search'
import { theirName } from './their-name'
import { isNextOf, someOf } from './trouble'
import type { Place } from './viewer'

/** What the badge in the user table says. */
export const MEMBER_STATES = ['pending', 'bounced', 'expired', 'active', 'disabled', 'ended'] as const
export type MemberState = (typeof MEMBER_STATES)[number]
/** What the user table can be narrowed to. `attention`: somebody should look after them. `no_factor`: whoever is active and has no second factor. */
export const STATUSES = [...MEMBER_STATES, 'attention', 'no_factor'] as const
export type Status = (typeof STATUSES)[number]
export type Filter = Ordering & { q: string; status: Status | undefined; role: Role | undefined }

/** The newest email of the open invitation. */
type Mail = { state: (typeof MAIL_STATES)[number]; at: number; reason: MailReason | null; detail: string | null; unsent: 0 | 1 }

/** One page of the user table; a row more than a page tells that there is another. */
export const membersPage = (at: Place, filter: Filter) =>
  selectMembers(at, filter)
    .where(onPage(at, filter))
    .orderBy(sorted(filter))
    .limit(PAGE_ROWS + 1)

/** At most one row, as the user table has it. */
export const memberOf = (at: Place, id: string) =>
  selectMembers(at).where(and(eq(members.tenantId, at.tenantId), eq(members.id, id)))

const selectMembers = ({ db, tenantId, now }: Place, ordering: Ordering = { cursor: '' }) =>
  db
    .select({
      id: members.id,
      email: members.email,
      emailKey: members.emailKey,
      orderKey: orderKey(ordering),
      name: theirName,
      role: members.role,
      status: statusAt(now).as('status'),
      endsAt: members.endsAt,
      agentMode: members.agentMode,
      agentCount: count(
        sql`member_agents g WHERE g.tenant_id = ${members.tenantId} AND g.member_id = ${members.id}`,
        'agent_count',
      ),
      agentTotal: count(sql`agents a WHERE a.tenant_id = ${tenantId}`, 'agent_total'),
      defaults: json<SectionSettings>(sectionDefaultsOf(tenantId), 'defaults'),
      overrides: json<SectionSettings>(sectionOverridesOf(members.tenantId, members.id), 'overrides'),
      preset: sql<string | null>`(SELECT p.name FROM presets p WHERE p.id = ${members.presetId})`.as('preset'),
      differs: flag(sql`${members.presetId} IS NOT NULL AND ${differs(OF_MEMBERS)}`, 'differs'),
      inviterName: open.inviterName,
      invitedAt: sql<number>`coalesce(${open.createdAt}, ${members.createdAt})`.as('invited_at'),
      expiresAt: open.expiresAt,
      mail: json<Mail | null>(newestMail, 'mail'),
      createdAt: members.createdAt,
      joinedAt: members.joinedAt,
      hasFactor: members.hasFactor,
      lastActiveAt: members.lastActiveAt,
    })
    .from(members)
    .leftJoin(users, eq(users.id, members.userId))
    .leftJoin(open, theirOpen)

const count = (rows: SQL, name: string) => sql<number>`(SELECT count(*) FROM ${rows})`.as(name)

type MemberRow = Awaited<ReturnType<typeof membersPage>>[number]

export function toMembers(rows: MemberRow[], now: number, ordering: Ordering = { cursor: '' }) {
  const { page, paging } = pageOf(rows, PAGE_ROWS, cursorIn(ordering), ordering)
  return { members: page.map((row) => toMember(row, now)), paging }
}

/** `late`: the email is queued for too long. `unsent`: none of them has gone out. */
export function toMember({ mail, ...row }: MemberRow, now: number) {
  const refused = mail !== null && isRefused(mail)
  return {
    ...row,
    sections: sectionsOf(row),
    sights: CONFIGURABLE.map(({ slug, name }) => ({
      slug,
      name,
      access: row.overrides[slug] ?? ('default' as const),
      byDefault: row.defaults[slug] ?? ('on' as const),
    })),
    state: row.status === 'pending' ? invitedState(refused, row.expiresAt ?? 0, now) : row.status,
    sectionCount: countSections(row),
    sectionTotal: CONFIGURABLE.length,
    mail: mail && { ...mail, late: mail.state === 'queued' && mail.at <= now - LATE_MS },
  }
}

export type Member = ReturnType<typeof toMember>

/** Bounced before expired: a fresh link to the same address would come back as well. */
export function invitedState(refused: boolean, expiresAt: number, now: number): MemberState {
  if (refused) return 'bounced'
  return expiresAt <= now ? 'expired' : 'pending'
}

/** That `members` is one of the next `rows` of the page. */
export function onPage(at: Pick<Place, 'tenantId' | 'now'>, filter: Filter, rows = PAGE_ROWS + 1) {
  const own = { ...filter, tenantId: at.tenantId }
  const beside = besideOf(at, filter)
  const page = isNext(at, own, rows)
  return beside ? or(page, isOneOf(beside, own)) : page
}

function isNext(at: Pick<Place, 'tenantId' | 'now'>, filter: Filter & { tenantId: string }, rows: number) {
  const some = someOf(at, filter)
  if (some) return isNextOf(some, filter, rows)
  const among = { ...filter, statuses: statusesOf(filter), where: filter.status === 'active' ? isActive(at.now) : undefined }
  return filter.q ? onFoundPage(at, { ...among, rows }) : isInTurn(among, rows)
}

/** The few who are of a status by the clock while another is stored, or need attention without having been invited. */
function besideOf({ tenantId, now }: Pick<Place, 'tenantId' | 'now'>, { status }: Filter) {
  if (status === 'attention') return endsSoon(tenantId, now)
  return status === 'ended' ? endedUnmoved(tenantId, now) : undefined
}

const isInTurn = (among: Among, rows: number) =>
  isEverybody(among)
    ? and(eq(members.tenantId, among.tenantId), isBeyond(among, edgeOf(among)))
    : sql`${members.tenantId} = ${among.tenantId} AND ${members.emailKey} IN (SELECT email_key FROM (${inTurn(among, rows)}))`

/** They are found and then sorted; the plus keeps SQLite from looking for them among everybody in address order. */
const isOneOf = (few: SQL, { q, role, ...own }: Filter & { tenantId: string }) =>
  and(
    sql`${members.id} IN (${few}) AND +${members.tenantId} = ${own.tenantId} AND +(${isBeyond(own, edgeOf(own))})`,
    isAmong({ ...own, role }),
    containsAll(members.searchKey, needlesOf(q)),
  )

function statusesOf({ status }: Filter): (typeof MEMBER_STATUSES)[number][] | undefined {
  const own = MEMBER_STATUSES.filter((each) => each === status)
  return own.length > 0 ? own : undefined
}

/** A few people to ask. */
export const adminNames = ({ db, tenantId }: Pick<Place, 'db' | 'tenantId'>) =>
  db
    .select({ name: sql<string>`coalesce(${users.name}, ${members.email})`.as('name') })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.tenantId, tenantId), sql`${members.role} = 'admin'`, sql`+${members.status} = 'active'`))
    .orderBy(members.emailKey)
    .limit(3)
