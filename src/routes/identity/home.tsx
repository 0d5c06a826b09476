import { Hono } from 'hono'
import { NothingPage } from '../../../views/identity/home'
import type { AppEnv } from '../../env'
import { enter, member } from '../../http/door'
import { landingOf } from '../../http/frame'
import { sessionCookie } from '../../http/session-cookie'
import { adminNames } from '../../models/members/member'

export const home = new Hono<AppEnv>()

/** Where a person starts; somebody without any section stays here and learns whom to ask. */
home.get('/', async (c) => {
  if (!(await sessionCookie(c))) return c.redirect('/login', 303)
  const { viewer, admins } = await enter(c, member, (db, at) => ({ admins: adminNames(db, at.tenantId) }))
  const landing = landingOf(viewer)
  if (landing !== '/') return c.redirect(landing, 303)
  return c.render(<NothingPage viewer={viewer} admins={admins.map(({ name }) => name)} />, { title: 'Welcome' })
})
