import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { turnInWords } from '../../views/activity/stale-words'
import { shownName } from '../../views/components/shown-address'
import type { Stale } from '../../views/components/stale'
import { MemberPage } from '../../views/members/member'
import type { AddressProblem } from '../../views/members/member-address'
import type { EndProblem } from '../../views/members/member-end'
import { UsersPage } from '../../views/members/users'
import type { AppEnv } from '../env'
import { accessRequestCount } from '../models/access-requests/page'
import type { MemberAct } from '../models/core/act'
import { mailTroubleOf, outbox } from '../models/health/health'
import { rolesAsked } from '../models/identity/factor-policy'
import { unsentCount } from '../models/invitations/unsent'
import { requestCount } from '../models/join-links/request'
import { countsOf, storedCounts, totalOf, troubleCounts } from '../models/members/counts'
import { type Filter, memberOf, membersPage, STATUSES, toMember, toMembers } from '../models/members/member'
import { memberPage, toMemberPage } from '../models/members/member-page'
import { DIRECTIONS, ORDERS } from '../models/members/order'
import { seatsOf } from '../models/members/seats'
import type { Late } from '../models/members/standing'
import { pathsIn } from '../paths'
import { admin, enter } from './door'
import { flashOf } from './flash'
import { backTo } from './page-before'
import { POSITION, partsOf, searchText } from './query'

const FILTER = {
  q: searchText,
  status: v.optional(v.picklist(STATUSES)),
  role: v.optional(v.picklist(['admin', 'user'])),
  order: v.optional(v.picklist(ORDERS)),
  dir: v.optional(v.picklist(DIRECTIONS)),
  ...POSITION,
}

/** The part of the user table that a query asks for. @throws HTTPException 400 */
export const filterOf = (query: Record<string, string>): Filter => ({
  status: undefined,
  role: undefined,
  ...partsOf(query, FILTER),
})

/** The user table as the query of the request filters it, or that of the page before. */
export async function showUsers(c: Context<AppEnv>, query: Record<string, string>, stale?: Stale) {
  const filter = filterOf(query)
  const changed = flashOf(c)?.member
  const { viewer, to, rows, waiting, asking, seats, stored, troubles, mails, theChanged, unsent, now } = await enter(
    c,
    admin,
    (at) => ({
      rows: membersPage(at, filter),
      stored: storedCounts(at),
      waiting: requestCount(at),
      asking: accessRequestCount(at),
      seats: seatsOf(at),
      troubles: troubleCounts(at, filter.role),
      mails: outbox(at),
      ...(changed ? { theChanged: memberOf(at, changed) } : {}),
      ...(filter.status === 'expired' || filter.status === 'attention' ? { unsent: unsentCount(at) } : {}),
    }),
  )
  const counts = countsOf(stored, troubles, filter.role)
  const total = totalOf(counts, filter)
  const page = {
    ...toMembers(rows, now, filter),
    total,
    to,
    viewer,
    filter,
    counts,
    asked: rolesAsked(viewer.factorPolicy),
    now,
    stale,
    mailTrouble: mailTroubleOf(mails, now),
    unsent: unsent?.[0]?.count ?? 0,
    waiting: waiting[0]?.count ?? 0,
    asking: asking[0]?.count ?? 0,
    seats: seats[0],
  }
  const pinned = page.members.some(({ id }) => id === changed) ? undefined : theChanged?.[0]
  return c.render(<UsersPage {...page} changed={changed} pinned={pinned && toMember(pinned, now)} />, { title: 'Users' })
}

type Told = { stale?: Stale; problem?: AddressProblem; end?: EndProblem }

/** The page of one member. @throws HTTPException 404 */
export async function showMember(c: Context<AppEnv>, id: string, { stale, problem, end }: Told = {}) {
  const { viewer, to, now, act: _, ...found } = await enter(c, admin, (at) => memberPage(at, id))
  const page = toMemberPage(found, now)
  if (!page) throw new HTTPException(404)
  const title = shownName(page.member)
  return c.render(<MemberPage {...{ ...page, to, viewer, now, stale, problem, end }} />, { title })
}

/** What was tried: deleting somebody may be meant instead of cancelling, and an address that was typed is not lost. */
type Asked = { act: MemberAct; id: string; tried?: 'cancel' | undefined; typed?: string | undefined }

/**
 * Answers a form about a member who is not any more what its page showed: 409, the page that it came from as it is now, and what happened.
 * @throws HTTPException 404 for an id that nobody here ever had
 */
export async function showChanged(c: Context<AppEnv>, late: Late, { act, id, tried, typed }: Asked) {
  if (late.reason === 'unknown') throw new HTTPException(404)
  const member = late.reason === 'stale' ? late.member : undefined
  const happened = turnInWords({ member, turn: late.turn }, act)
  const instead = tried && member ? `Delete ${shownName(member)} instead?` : 'Nothing was changed.'
  const text = [happened, instead, typed && `You typed ${typed}.`].filter(Boolean).join(' ')
  const to = pathsIn(act.tenantId)
  const from = new URL(backTo(c, to.users), c.env.APP_ORIGIN)
  c.status(409)
  if (from.pathname === to.users) return showUsers(c, Object.fromEntries(from.searchParams), { text })
  if (member) return showMember(c, id, { stale: { text } })
  c.header('HX-Replace-Url', to.users)
  return showUsers(c, {}, { text })
}
