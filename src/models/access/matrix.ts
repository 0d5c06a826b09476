import { and, desc, eq, gt, lt } from 'drizzle-orm'
import { users } from '../../db/schema/identity'
import { members } from '../../db/schema/members'
import { flag } from '../../db/select'
import { PAGE_PEOPLE, type Position } from '../core/paging'
import { statusAt } from '../members/active'
import { open, refusedMail } from '../members/attention'
import { invitedState, type MemberState } from '../members/member'
import type { MemberStatus } from '../members/membership'
import { onFoundPage } from '../members/search'
import { theirName } from '../members/their-name'
import type { Place } from '../members/viewer'
import type { Role } from './access'

export type Search = Position & { q: string }

/** Somebody in the first column, pending people too. */
export type Person = { id: string; email: string; name: string | null; role: Role; state: MemberState }

/** What both matrices select of `members`, their `users` and their `open` invitation. */
export const personAt = (now: number) => ({
  id: members.id,
  email: members.email,
  emailKey: members.emailKey,
  name: theirName,
  role: members.role,
  status: statusAt(now).as('status'),
  agentMode: members.agentMode,
  expiresAt: open.expiresAt,
  bounced: flag(refusedMail, 'bounced'),
})

export const theirUser = eq(users.id, members.userId)

/** In address order, a page before another one backwards. */
export const inOrder = ({ before }: Search) => (before ? desc(members.emailKey) : members.emailKey)

/** Who is on a page. */
export const onPage = (at: Place, search: Search) =>
  search.q
    ? onFoundPage(at, { ...search, rows: PAGE_PEOPLE + 1 })
    : and(
        eq(members.tenantId, at.tenantId),
        search.before ? lt(members.emailKey, search.before) : gt(members.emailKey, search.cursor),
      )

type PersonRow = Omit<Person, 'state'> & { status: MemberStatus; expiresAt: number | null; bounced: boolean }

export const toPerson = ({ id, email, name, role, status, expiresAt, bounced }: PersonRow, now: number): Person => ({
  id,
  email,
  name,
  role,
  state: status === 'pending' ? invitedState(bounced, expiresAt ?? 0, now) : status,
})
