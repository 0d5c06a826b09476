import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import type { AppEnv } from '../env'
import { type Fields, log, troubleOf } from '../log'

/** Asked for every few seconds by a monitor, and never anything but `ok`. */
const QUIET = new Set(['/healthz', '/healthz/'])

/** One line for each request that reaches the Worker; the files in `public/` are served before it. */
export const logged = createMiddleware<AppEnv>(async function logged(c, next) {
  await next()
  if (!QUIET.has(c.req.path)) log(lineOf(c))
})

/** Adds to the line of this request, for instance why a webhook was not believed. */
export const note = (c: Context<AppEnv>, fields: Fields) => c.set('noted', { ...c.get('noted'), ...fields })

function lineOf(c: Context<AppEnv>) {
  const viewer = c.get('viewer')
  const { status } = c.res
  return {
    requestId: c.get('requestId'),
    ...(viewer && { tenant: viewer.tenantId, actor: viewer.memberId }),
    action: actionOf(c),
    outcome: outcomeOf(c),
    status,
    ...(status >= 500 && troubleOf(c.error)),
    ...c.get('noted'),
  }
}

/** The pattern of the route that answers, since a path holds ids and a query holds what people look for; a path of no route is not repeated. */
const actionOf = (c: Context<AppEnv>) =>
  `${c.req.method} ${matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? '(no route)'}`

/** A person without a session is sent to sign in, which is a refusal although its status is 303. */
function outcomeOf({ res: { status }, error }: Context<AppEnv>) {
  if (status >= 500) return 'failed'
  return error || status >= 400 ? 'refused' : 'done'
}
