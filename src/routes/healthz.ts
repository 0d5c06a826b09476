import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { AppEnv } from '../env'
import { unchecked } from '../http/door'
import { note } from '../http/log'
import { healthOf } from '../models/health/health'

export const healthz = new Hono<AppEnv>()

/** That the Worker runs, and nothing more; it costs nothing. */
healthz.get('/', (c) => c.text('ok'))

/** What a monitor should know of the deployment, for whoever holds the token; for everybody else there is no such page. */
healthz.get('/deep', async (c) => {
  if (!holdsToken(c)) return c.notFound()
  const { now, db } = unchecked(c)
  const { problems, ...ages } = await healthOf({ db, now })
  const d1Ms = Date.now() - now
  if (problems.length > 0) note(c, { problems: problems.join(', ') })
  return c.json({ ok: problems.length === 0, problems, d1Ms, ...ages }, problems.length > 0 ? 503 : 200)
})

/** Digests are of one length and tell nothing of how far two tokens agree. */
function holdsToken(c: Context<AppEnv>) {
  const { HEALTH_TOKEN } = c.env
  const given = c.req.header('Authorization')?.match(/^Bearer (.+)$/i)?.[1]
  return !!HEALTH_TOKEN && !!given && timingSafeEqual(digest(given), digest(HEALTH_TOKEN))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
