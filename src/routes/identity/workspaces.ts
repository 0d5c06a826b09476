import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../../env'
import { enter, member } from '../../http/door'
import { readForm } from '../../http/forms'
import { sessionCookie, setSessionCookie } from '../../http/session-cookie'
import { enterWorkspace } from '../../models/identity/session'

export const workspaces = new Hono<AppEnv>()

workspaces.post('/:slug/enter', async (c) => {
  const { db, viewer, now } = await enter(c, member)
  await readForm(c, {})
  const tenantId = await enterWorkspace(db, viewer, c.req.param('slug'), now)
  const claim = await sessionCookie(c)
  if (!tenantId || !claim) throw new HTTPException(404)
  await setSessionCookie(c, claim.secret, tenantId)
  return c.redirect('/', 303)
})
