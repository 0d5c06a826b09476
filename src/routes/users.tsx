import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { REISSUE_REFUSALS } from '../../views/refusals'
import { UsersPage } from '../../views/users'
import type { AppEnv } from '../env'
import { admin, enter } from '../http/door'
import { refuse } from '../http/errors'
import { flashOf, setFlash } from '../http/flash'
import { readForm } from '../http/forms'
import { backTo } from '../http/next'
import { actorOf } from '../http/origin'
import { tooMany } from '../http/throttle'
import { post } from '../mail/queue'
import { cancel, resend } from '../models/invitation'
import { type Filter, memberOf, membersPage, toMembers } from '../models/member'

export const users = new Hono<AppEnv>()

const QUERY_CHARACTERS = 254
const FILTER = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(QUERY_CHARACTERS)), ''),
  status: v.optional(v.picklist(['pending', 'expired', 'active', 'disabled'])),
  role: v.optional(v.picklist(['admin', 'user'])),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(QUERY_CHARACTERS)), ''),
})

users.get('/', async (c) => {
  const filter = filterOf(c)
  const { rows, now } = await enter(c, admin, (db, at, now) => ({ rows: membersPage(db, at.tenantId, filter, now) }))
  return c.render(<UsersPage {...{ ...toMembers(rows, now), filter, now }} changed={flashOf(c)?.member} />, { title: 'Users' })
})

users.post('/:id/resend', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  await readForm(c, {})
  const result = await resend(db, viewer, actorOf(c, viewer), member.id, c.env.CAPS, now)
  if ('reason' in result) {
    if (result.reason === 'not_pending') throw new HTTPException(409)
    tooMany(c, result.retryAt, now)
    return refuse(c, 429, REISSUE_REFUSALS[result.reason](result.retryAt, now))
  }
  post(c.env, c.executionCtx, [result.mailId])
  setFlash(c, { notice: 'resent', member: member.id })
  return c.redirect(backTo(c, '/access/users'), 303)
})

users.post('/:id/delete', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  await readForm(c, {})
  if (!(await cancel(db, viewer, actorOf(c, viewer), member.id, now))) throw new HTTPException(409)
  setFlash(c, { notice: 'cancelled' })
  return c.redirect(backTo(c, '/access/users'), 303)
})

/** An empty `status=` is what a form without a choice sends. */
function filterOf(c: Context<AppEnv>): Filter {
  const query = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ''))
  const filter = v.safeParse(FILTER, query)
  if (!filter.success) throw new HTTPException(400)
  return { status: undefined, role: undefined, ...filter.output }
}

async function enterMember(c: Context<AppEnv, '/:id/*'>) {
  const id = c.req.param('id') ?? ''
  const { found, ...entered } = await enter(c, admin, (db, at) => ({ found: memberOf(db, at.tenantId, id) }))
  const [member] = found
  if (!member) throw new HTTPException(404)
  return { ...entered, member }
}
