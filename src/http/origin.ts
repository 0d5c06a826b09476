import type { Context } from 'hono'
import type { AppEnv } from '../env'
import type { Origin } from '../models/identity/session'

/** Cloudflare sets the address and overwrites whatever a client claims; without Cloudflare there is none to trust. */
export const originOf = (c: Context<AppEnv>): Origin => ({
  ip: c.req.header('CF-Connecting-IP') ?? 'local',
  userAgent: c.req.header('User-Agent') ?? '',
})
