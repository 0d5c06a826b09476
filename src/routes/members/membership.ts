import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import { shownName } from '../../../views/components/shown-address'
import { endInWords } from '../../../views/members/end-words'
import type { EndProblem } from '../../../views/members/member-end'
import type { Notice } from '../../../views/notices'
import { END_REFUSALS, LAST_ADMIN } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter, expectProof, fresh, member } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { landingOf } from '../../http/frame'
import { refuseSeat } from '../../http/no-seat'
import { backTo } from '../../http/page-before'
import { showChanged, showMember } from '../../http/people'
import type { MemberAct } from '../../models/core/act'
import { cancel } from '../../models/invitations/cancel'
import { endOfDay } from '../../models/members/end-date'
import { type Changed, changeRole, disable, enable, remove, setEnd, signOutHere } from '../../models/members/membership'
import { MEMBER_STATUSES, type Refused, refusalNow, type Standing, standingOf } from '../../models/members/standing'
import { pathsIn } from '../../paths'

/** What changes a membership, each from the row and from the member's own page. */
export const membership = new Hono<AppEnv>()

/** The status that the page showed. */
const STATE = { state: v.optional(v.picklist(MEMBER_STATUSES)) }

membership.post('/:id/role', async (c) => {
  const { act, viewer } = await enter(c, admin)
  const { role, state } = await readForm(c, { ...STATE, role: v.picklist(['admin', 'user']) })
  if (role === 'admin') expectProof(viewer)
  const result = await changeRole(act, { id: c.req.param('id'), state, role })
  if ('reason' in result) return refused(c, act, result, 'demote')
  if (result.member.id === act.memberId) return redirectWith(c, await landingNow(c), { notice: 'you_are_user' })
  return done(c, act, result, role === 'admin' ? 'made_admin' : 'made_user')
})

membership.post('/:id/disable', async (c) => {
  const { act, viewer } = await enter(c, admin)
  const result = await disable(act, { id: c.req.param('id'), ...(await readForm(c, STATE)) })
  if ('reason' in result) return refused(c, act, result, 'disable')
  if (result.member.id === act.memberId)
    return redirectWith(c, '/workspaces', { notice: 'you_are_disabled', who: viewer.tenantName })
  return done(c, act, result, 'disabled')
})

membership.post('/:id/enable', async (c) => {
  const id = c.req.param('id')
  const { act, viewer, found } = await enter(c, admin, (at) => ({ found: standingOf(at, id) }))
  // Whoever is let in again is an admin again, where they were.
  if (found[0]?.role === 'admin') expectProof(viewer)
  const result = await enable(act, { id, ...(await readForm(c, STATE)) })
  return 'reason' in result ? refused(c, act, result, 'disable') : done(c, act, result, 'enabled')
})

/** An empty `until` clears the end; any other is the last day, in UTC. */
membership.post('/:id/end-date', async (c) => {
  const id = c.req.param('id')
  const { act } = await enter(c, admin)
  const { until, state } = await readForm(c, { ...STATE, until: v.pipe(v.string(), v.trim()) })
  const endsAt = until ? endOfDay(until) : null
  if (endsAt === undefined) return besideEnd(c, id, { until, reason: 'no_day' })
  if (endsAt !== null && endsAt <= act.now) return besideEnd(c, id, { until, reason: 'past' })
  const result = await setEnd(act, { id, state, endsAt })
  if ('reason' in result) return refused(c, act, result, 'disable')
  return done(c, act, result, 'end_date_changed', endInWords(result.member, endsAt))
})

function besideEnd(c: Context<AppEnv>, id: string, end: EndProblem) {
  c.status(422)
  return showMember(c, id, { end })
}

membership.post('/:id/sign-out', async (c) => {
  const { act } = await enter(c, fresh(admin))
  const result = await signOutHere(act, { id: c.req.param('id'), ...(await readForm(c, STATE)) })
  return 'reason' in result ? refused(c, act, result, 'disable') : done(c, act, result, 'signed_out_here')
})

membership.post('/:id/delete', async (c) => {
  const id = c.req.param('id')
  const { act, viewer, found } = await enter(c, admin, (at) => ({ found: standingOf(at, id) }))
  const { state = found[0]?.status } = await readForm(c, STATE)
  if (state === 'pending') return cancelled(c, act, id, found[0])
  expectProof(viewer)
  const result = await remove(act, { id, state })
  if ('reason' in result) return refused(c, act, result, 'delete')
  if (id === act.memberId) return redirectWith(c, '/workspaces', { notice: 'left', who: viewer.tenantName })
  return away(c, act, 'deleted', shownName(result.member))
})

async function cancelled(c: Context<AppEnv>, act: MemberAct, id: string, person: Standing | undefined) {
  if (await cancel(act, id)) return away(c, act, 'cancelled', person && shownName(person))
  return refused(c, act, await refusalNow(act, id), 'delete', 'cancel')
}

type Case = keyof typeof LAST_ADMIN

/** What already is so is no mistake, and nothing to confirm. */
function refused(c: Context<AppEnv>, act: MemberAct, why: Refused, which: Case, tried?: 'cancel') {
  if (why.reason === 'already') return c.redirect(backTo(c, pathsIn(act.tenantId).users), 303)
  if (why.reason === 'last_admin') return renderRefusal(c, 409, LAST_ADMIN[which])
  if (why.reason === 'no_seat') return refuseSeat(c, act)
  if (why.reason === 'unknown' || why.reason === 'gone' || why.reason === 'stale')
    return showChanged(c, why, { act, id: c.req.param('id') ?? '', tried })
  return renderRefusal(c, 409, END_REFUSALS[why.reason])
}

/** Back to where it was asked, which may be the review of a list. */
function done(c: Context<AppEnv>, act: MemberAct, { member, undo }: Changed, notice: Notice, who = shownName(member)) {
  const { users, inviteMany } = pathsIn(act.tenantId)
  const said = { notice, who, member: member.id, ...(undo ? { undo } : {}) }
  return redirectWith(c, backTo(c, users, `${inviteMany}/`), said)
}

/** Back to the table as it was filtered; the page of somebody who is gone is gone too. */
function away(c: Context<AppEnv>, act: MemberAct, notice: Notice, who: string | undefined) {
  const { users } = pathsIn(act.tenantId)
  const back = backTo(c, users)
  return redirectWith(c, back.startsWith(`${users}/`) ? users : back, { notice, ...(who ? { who } : {}) })
}

/** Where somebody lands with what they are now. */
async function landingNow(c: Context<AppEnv>) {
  const { viewer } = await enter(c, member)
  return landingOf(viewer)
}
