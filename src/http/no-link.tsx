import type { Context } from 'hono'
import { type LinkKind, NoLinkPage } from '../../views/identity/no-link'
import type { AppEnv } from '../env'

/**
 * What a path of emailed links shows where there is no link. `lost`: the path is that of a link's page, which this browser does not have open.
 * `gone`: we signed it, and know nothing of it any more.
 */
export function noLink(c: Context<AppEnv>, { lost = false, gone = false } = {}) {
  c.status(410)
  const why = lost ? (c.req.header('Cookie') ? 'lost' : 'no_cookies') : gone ? 'gone' : 'unknown'
  return c.render(<NoLinkPage kind={kindOf(c.req.path)} why={why} />, { title: 'This link cannot be used' })
}

function kindOf(path: string): LinkKind {
  if (!/^\/+join(\/|$)/i.test(path)) return 'emailed'
  return /^\/+join\/+confirm(\/|$)/i.test(path) ? 'join' : 'join_link'
}
