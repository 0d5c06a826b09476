import type { Context } from 'hono'
import { Hono } from 'hono'
import type { AppEnv } from '../../env'
import { expectFactors, SignedOut, visitorIfAny } from '../../http/door'
import { landingOf } from '../../http/frame'
import { askingOf, factorRulesOf } from '../../models/members/factor-rules'
import { lastWorkspaceOf, toViewer, type Viewer, viewerOf } from '../../models/members/viewer'
import { pathsIn } from '../../paths'

export const home = new Hono<AppEnv>()

home.get('/', (c) => leadIn(c, landingOf))
home.get('/agents', (c) => leadIn(c, ({ tenantId }) => pathsIn(tenantId).agents))
home.get('/access', (c) => leadIn(c, ({ tenantId }) => pathsIn(tenantId).users))

/** To a page of the workspace that the person used last and that is still open to them; which one that is, only this knows. */
async function leadIn(c: Context<AppEnv>, page: (viewer: Viewer) => string) {
  const at = await visitorIfAny(c)
  if (!at.secretHash) throw new SignedOut({ reason: 'nobody' })
  const [[row], rules] = await at.db.batch([viewerOf({ ...at, tenantId: lastWorkspaceOf(at) }), factorRulesOf(at)])
  const found = toViewer(row)
  if (row?.live) expectFactors(c, row, askingOf(rules), at.now)
  if (!('reason' in found)) return c.redirect(page(found), 303)
  if (found.reason === 'no_member' || found.reason === 'past_end') return c.redirect('/workspaces', 303)
  throw new SignedOut(found)
}
