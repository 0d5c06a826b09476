import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import type { AppEnv } from '../env'
import { type Fields, log, troubleOf } from '../log'
import { keyOf } from '../models/core/address'
import { networkOf } from '../models/identity/throttle'
import { masked } from './masked'
import { originOf } from './origin'
import { securityEventOf } from './security-event'

/** Asked for every few seconds by a monitor, and never anything but `ok`. */
const QUIET = new Set(['/healthz', '/healthz/'])

/** One line for each request that reaches the Worker; the files in `public/` are served before it. */
export const logged = createMiddleware<AppEnv>(async function logged(c, next) {
  await next()
  if (!QUIET.has(c.req.path)) log(await lineOf(c))
})

/** Adds to the line of this request, for instance why a webhook was not believed. */
export const note = (c: Context<AppEnv>, fields: Fields) => c.set('noted', { ...c.get('noted'), ...fields })

/** Whose account the request is about, masked: to be compared with other lines, not read. */
export const noteAccount = async (c: Context<AppEnv>, email: string) => note(c, { account: await masked(c, keyOf(email)) })

async function lineOf(c: Context<AppEnv>) {
  const viewer = c.get('viewer')
  const { status } = c.res
  const action = actionOf(c)
  return {
    requestId: c.get('requestId'),
    ...(viewer && { tenant: viewer.tenantId, actor: viewer.memberId }),
    action,
    outcome: outcomeOf(c),
    status,
    ...(status >= 500 && troubleOf(c.error)),
    ...(await securityOf(c, action)),
    ...c.get('noted'),
  }
}

/** Who asked, and from where, matters only for an event of security. */
async function securityOf(c: Context<AppEnv>, action: string): Promise<Fields | undefined> {
  const event = c.get('noted')?.event ?? securityEventOf(action, c.res.status)
  if (!event) return undefined
  return { event, user: (c.get('viewer') ?? c.get('person'))?.userId, network: await masked(c, networkOf(originOf(c).ip)) }
}

/** The pattern of the route that answers, since a path holds ids and a query holds what people look for; a path of no route is not repeated. */
const actionOf = (c: Context<AppEnv>) =>
  `${c.req.method} ${matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? '(no route)'}`

/** A person without a session is sent to sign in, which is a refusal although its status is 303. */
function outcomeOf({ res: { status }, error }: Context<AppEnv>) {
  if (status >= 500) return 'failed'
  return error || status >= 400 ? 'refused' : 'done'
}
