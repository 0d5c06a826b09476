import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { MemberPage } from '../../../views/members/member'
import type { AddressProblem } from '../../../views/members/member-address'
import { UsersPage } from '../../../views/members/users'
import { REISSUE_REFUSALS } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { refuse } from '../../http/errors'
import { flashOf, setFlash } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/next'
import { actorOf } from '../../http/origin'
import { readQuery, words } from '../../http/query'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import { agentsOfMember } from '../../models/access/preview'
import { activityPage } from '../../models/activity/activity'
import { toAgent } from '../../models/agents/agent'
import { addressOf } from '../../models/core/address'
import { changeAddress, type Reissued, resend } from '../../models/invitations/resend'
import { COUNTED, troubledCount } from '../../models/members/attention'
import { type Filter, MEMBER_STATES, memberOf, membersPage, toMember, toMembers } from '../../models/members/member'
import { memberSessionsOf } from '../../models/members/member-session'
import { invitationsOf, MOMENTS, mailEventsOf, mailsOf, timelineOf } from '../../models/members/timeline'

export const users = new Hono<AppEnv>()

const FILTER = {
  q: words,
  status: v.optional(v.picklist([...MEMBER_STATES, 'attention'])),
  role: v.optional(v.picklist(['admin', 'user'])),
  cursor: words,
}
const RECENT = 20

users.get('/', async (c) => {
  const filter: Filter = { status: undefined, role: undefined, ...readQuery(c, FILTER) }
  const { viewer, rows, troubled, now } = await enter(c, admin, (db, { tenantId }, now) => ({
    rows: membersPage(db, tenantId, filter, now),
    troubled: troubledCount(db, tenantId, now),
  }))
  const attention = countInWords(troubled[0]?.count ?? 0)
  const page = { ...toMembers(rows, now), viewer, filter, attention, now }
  return c.render(<UsersPage {...page} changed={flashOf(c)?.member} />, { title: 'Users' })
})

const countInWords = (count: number) => (count > COUNTED ? `${COUNTED}+` : count > 0 ? `${count}` : '')

users.get('/:id', async (c) => showMember(c, await enterMemberPage(c)))

users.post('/:id/resend', async (c) => {
  const id = c.req.param('id')
  const { db, viewer, now, found } = await enter(c, admin, (db, at, now) => ({ found: memberOf(db, at.tenantId, id, now) }))
  await readForm(c, {})
  if (found.length === 0) throw new HTTPException(404)
  return reissued(c, id, await resend(db, viewer, actorOf(c, viewer), id, c.env.CAPS, now), now)
})

users.post('/:id/address', async (c) => {
  const entered = await enterMemberPage(c)
  const { db, viewer, now, member } = entered
  const { email } = await readForm(c, { email: v.string() })
  const refused = (reason: AddressProblem['reason']) => {
    c.status(422)
    return showMember(c, entered, { email, reason })
  }
  const address = addressOf(email)
  if (!address) return refused('not_an_address')
  if (address.key === member.emailKey) return refused('same_address')
  const result = await changeAddress(db, viewer, actorOf(c, viewer), member.id, address, c.env.CAPS, now)
  if ('takenBy' in result) return refused('address_taken')
  if ('reason' in result && result.reason === 'cannot_be_mailed') return refused('cannot_be_mailed')
  return reissued(c, member.id, result, now)
})

async function enterMemberPage(c: Context<AppEnv, '/:id/*'>) {
  const id = c.req.param('id') ?? ''
  const { found, agents, invitations, mails, events, ...entered } = await enter(c, admin, (db, { tenantId }, now) => ({
    found: memberOf(db, tenantId, id, now),
    agents: agentsOfMember(db, tenantId, id),
    invitations: invitationsOf(db, tenantId, id),
    mails: mailsOf(db, tenantId, id),
    events: mailEventsOf(db, tenantId, id),
    sessions: memberSessionsOf(db, tenantId, id, now),
    entries: activityPage(db, tenantId, { person: id, kind: undefined, cursor: undefined }, RECENT),
  }))
  const [row] = found
  if (!row) throw new HTTPException(404)
  const timeline = { moments: timelineOf(invitations, mails, events, entered.now), shown: MOMENTS }
  return { ...entered, timeline, agents: agents.map(toAgent), member: toMember(row, entered.now) }
}

function showMember(
  c: Context<AppEnv>,
  { db: _, ...props }: Awaited<ReturnType<typeof enterMemberPage>>,
  problem?: AddressProblem,
) {
  return c.render(<MemberPage {...props} problem={problem} />, { title: props.member.name ?? props.member.email })
}

function reissued(c: Context<AppEnv>, memberId: string, result: Reissued, now: number) {
  if ('mailId' in result) {
    post(c.env, c.executionCtx, [result.mailId])
    setFlash(c, { notice: 'resent', member: memberId })
    return c.redirect(backTo(c, '/access/users'), 303)
  }
  if (result.reason === 'not_pending') throw new HTTPException(409)
  const words = REISSUE_REFUSALS[result.reason](result.retryAt, now)
  if (result.reason === 'cannot_be_mailed') return refuse(c, 409, words)
  tooMany(c, result.retryAt, now)
  return refuse(c, 429, words)
}
