import { Hono } from 'hono'
import * as v from 'valibot'
import { LAST_ADMIN } from '../../../views/refusals'
import { NothingPage } from '../../../views/workspace/workspace'
import type { AppEnv } from '../../env'
import { admin, enter, member } from '../../http/door'
import { renderRefusal } from '../../http/errors'
import { redirectWith } from '../../http/flash'
import { readForm } from '../../http/forms'
import { landingOf } from '../../http/frame'
import { chooseNotices } from '../../models/invitations/notice'
import { adminNames } from '../../models/members/member'
import { remove } from '../../models/members/membership'

export const workspace = new Hono<AppEnv>()

/** Where a member starts; somebody without any section stays here and learns whom to ask. */
workspace.get('/', async (c) => {
  const { viewer, to, admins } = await enter(c, member, (at) => ({ admins: adminNames(at) }))
  const landing = landingOf(viewer)
  if (landing !== to.home) return c.redirect(landing, 303)
  return c.render(<NothingPage viewer={viewer} admins={admins.map(({ name }) => name)} />, { title: 'Welcome' })
})

workspace.get('/access', async (c) => {
  const { to } = await enter(c, admin)
  return c.redirect(to.users, 303)
})

workspace.post('/leave', async (c) => {
  const { act, viewer } = await enter(c, member)
  await readForm(c, {})
  const result = await remove(act, { id: viewer.memberId, state: 'active' })
  if ('reason' in result && result.reason === 'last_admin') return renderRefusal(c, 409, LAST_ADMIN.leave)
  // Sent twice, or an admin acted first: the page shows what they are now.
  if ('reason' in result) return c.redirect('/workspaces', 303)
  return redirectWith(c, '/workspaces', { notice: 'left', who: viewer.tenantName })
})

workspace.post('/notices', async (c) => {
  const { act, viewer } = await enter(c, admin)
  const { notices } = await readForm(c, { notices: v.picklist(['each', 'daily', 'off']) })
  await chooseNotices(act, notices)
  return redirectWith(c, '/workspaces', { notice: 'notices_saved', who: viewer.tenantName })
})
