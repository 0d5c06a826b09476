import type { Context } from 'hono'
import type { AppEnv } from '../env'
import type { Actor } from '../models/activity/activity'
import type { Origin } from '../models/identity/session'
import { nameOrEmail, type Viewer } from '../models/members/viewer'

/** Cloudflare sets the address and overwrites whatever a client claims; without Cloudflare there is none to trust. */
export const originOf = (c: Context<AppEnv>): Origin => ({
  ip: c.req.header('CF-Connecting-IP') ?? 'local',
  userAgent: c.req.header('User-Agent') ?? '',
})

export const actorOf = (c: Context<AppEnv>, viewer: Viewer): Actor => ({
  id: viewer.memberId,
  name: nameOrEmail(viewer),
  ip: originOf(c).ip,
})

/** Somebody who holds a link and has not signed in. */
export const nobody = (c: Context<AppEnv>): Actor => ({ id: null, name: null, ip: originOf(c).ip })
