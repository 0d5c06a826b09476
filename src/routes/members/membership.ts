import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import { LAST_ADMIN } from '../../../views/refusals'
import type { AppEnv } from '../../env'
import { admin, enter } from '../../http/door'
import { refuse } from '../../http/errors'
import { setFlash, type Undo } from '../../http/flash'
import { readForm } from '../../http/forms'
import { backTo } from '../../http/next'
import { actorOf } from '../../http/origin'
import { cancel } from '../../models/invitations/invite'
import { type MemberRow, memberOf } from '../../models/members/member'
import { changeRole, disable, enable, remove, signOutEverywhere } from '../../models/members/membership'

const USERS = '/access/users'

/** What changes a membership, each from the row and from the member's own page. */
export const userChanges = new Hono<AppEnv>()

userChanges.post('/:id/role', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  const { role } = await readForm(c, { role: v.picklist(['admin', 'user']) })
  const changed = await changeRole(db, viewer, actorOf(c, viewer), member.id, role, now)
  if (!changed && member.role !== role) return refuse(c, 409, LAST_ADMIN.demote)
  return done(c, member, changed ? 'role_changed' : undefined, undo(member, 'role', [['role', member.role]]))
})

userChanges.post('/:id/disable', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  await readForm(c, {})
  if (member.status === 'pending') throw new HTTPException(409)
  const changed = await disable(db, viewer, actorOf(c, viewer), member.id, now)
  if (!changed && member.status === 'active') return refuse(c, 409, LAST_ADMIN.disable)
  return done(c, member, changed ? 'disabled' : undefined, undo(member, 'enable'))
})

userChanges.post('/:id/enable', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  await readForm(c, {})
  if (member.status === 'pending') throw new HTTPException(409)
  const changed = await enable(db, viewer, actorOf(c, viewer), member.id, now)
  return done(c, member, changed ? 'enabled' : undefined, undo(member, 'disable'))
})

userChanges.post('/:id/delete', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  await readForm(c, {})
  const pending = member.status === 'pending'
  const gone = await (pending ? cancel : remove)(db, viewer, actorOf(c, viewer), member.id, now)
  if (!gone) return refuse(c, 409, LAST_ADMIN.delete)
  setFlash(c, { notice: pending ? 'cancelled' : 'deleted' })
  return c.redirect(backTo(c, USERS).startsWith(`${USERS}/`) ? USERS : backTo(c, USERS), 303)
})

userChanges.post('/:id/sign-out', async (c) => {
  const { db, viewer, now, member } = await enterMember(c)
  await readForm(c, {})
  await signOutEverywhere(db, viewer, actorOf(c, viewer), member.id, now)
  return done(c, member, 'signed_out_everywhere')
})

async function enterMember(c: Context<AppEnv, '/:id/*'>) {
  const id = c.req.param('id') ?? ''
  const { found, ...entered } = await enter(c, admin, (db, at, now) => ({ found: memberOf(db, at.tenantId, id, now) }))
  const [member] = found
  if (!member) throw new HTTPException(404)
  return { ...entered, member }
}

type Done = 'role_changed' | 'disabled' | 'enabled' | 'signed_out_everywhere'

/** Back to where it was asked. What already was so is no mistake, and nothing to confirm. */
function done(c: Context<AppEnv>, member: MemberRow, notice: Done | undefined, undo?: Undo) {
  if (notice) setFlash(c, { notice, member: member.id, undo })
  return c.redirect(backTo(c, USERS), 303)
}

const undo = ({ id }: MemberRow, action: string, fields: [string, string][] = []): Undo => ({
  action: `${USERS}/${id}/${action}`,
  fields,
})
