import type { Context } from 'hono'
import { Hono } from 'hono'
import * as v from 'valibot'
import type { AddressProblem } from '../../../views/members/member-address'
import { RESEND_REFUSALS } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter, fresh } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { redirectWith } from '../../http/flash'
import { ADDRESS_FIELDS, readForm } from '../../http/forms'
import { refuseSeat } from '../../http/no-seat'
import { backTo } from '../../http/page-before'
import { showChanged, showMember } from '../../http/people'
import { tooMany } from '../../http/throttle'
import { post } from '../../mail/queue'
import type { MemberAct } from '../../models/core/act'
import { readEmail } from '../../models/core/typed-address'
import { changeAddress } from '../../models/invitations/address-change'
import { allowedDomainsOf } from '../../models/invitations/domains'
import { type Resent, resend as send } from '../../models/invitations/resend'
import { refusalNow, standingOf } from '../../models/members/standing'
import { pathsIn } from '../../paths'

/** What an admin does to a pending invitation, from the row of the member and from their own page. */
export const resend = new Hono<AppEnv>()

/** Nothing else can be resent, so that a form of any other page is malformed. */
const STATE = { state: v.optional(v.literal('pending')) }

resend.post('/:id/resend', async (c) => {
  const id = c.req.param('id')
  const { act, found } = await enter(c, admin, (at) => ({ found: standingOf(at, id) }))
  await readForm(c, STATE)
  const result = await send(act, id, c.env.CAPS)
  return 'mailId' in result ? done(c, act, { ...result, notice: 'resent', who: found[0]?.email ?? '' }) : refused(c, act, result)
})

resend.post('/:id/address', async (c) => {
  const id = c.req.param('id')
  const { act, found } = await enter(c, fresh(admin), (at) => ({ found: standingOf(at, id) }))
  const form = await readForm(c, { ...STATE, ...ADDRESS_FIELDS })
  const read = readEmail(form)
  if ('email' in read) return besideField(c, read)
  const { email } = form
  const { address, name = found[0]?.name ?? null } = read
  const result = await changeAddress(act, id, { ...address, name }, c.env.CAPS)
  if ('mailId' in result) return done(c, act, { ...result, notice: 'address_fixed', who: address.email })
  const { reason, retryAt } = result
  if (reason === 'domain_not_allowed') return besideField(c, { email, reason, domains: await domainsIn(act) })
  if (reason === 'same_address' || reason === 'address_taken' || reason === 'cannot_be_mailed')
    return besideField(c, { email, reason })
  return refused(c, act, { reason, retryAt }, email)
})

type Sent = { mailId: string; notice: 'resent' | 'address_fixed'; who: string }

function done(c: Context<AppEnv>, act: MemberAct, { mailId, notice, who }: Sent) {
  post(c.env, c.executionCtx, [mailId])
  return redirectWith(c, backTo(c, pathsIn(act.tenantId).users), { notice, who, member: idIn(c) })
}

function besideField(c: Context<AppEnv>, problem: AddressProblem) {
  if (problem.reason || problem.doubt) c.status(422)
  return showMember(c, idIn(c), { problem })
}

type Refused = Exclude<Resent, { mailId: string }>

async function refused(c: Context<AppEnv>, act: MemberAct, { reason, retryAt }: Refused, typed?: string) {
  if (reason === 'not_pending') return showChanged(c, await refusalNow(act, idIn(c)), { act, id: idIn(c), typed })
  if (reason === 'no_seat') return refuseSeat(c, act)
  const words = RESEND_REFUSALS[reason](retryAt, act.now)
  if (retryAt === null) return renderRefusal(c, 409, words)
  tooMany(c, retryAt, act.now)
  return renderRefusal(c, 429, words)
}

const domainsIn = async (act: MemberAct) => (await allowedDomainsOf(act)).map(({ domain }) => domain)

const idIn = (c: Context<AppEnv>) => c.req.param('id') ?? ''
