import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../env'
import { hashQueue } from '../models/identity/hash-queue'
import { networkOf } from '../models/identity/throttle'
import { originOf } from './origin'

/** The first, approximate gate before anything is read; the limits that matter are counted in D1. */
export const burst = createMiddleware<AppEnv>(async function burst(c, next) {
  if (c.req.method === 'POST') {
    const { success } = await c.env.BURST.limit({ key: networkOf(originOf(c).ip) })
    if (!success) throw new HTTPException(429)
  }
  await next()
})

/** Pages go ahead of hashes: none waits for more than the one that is running. */
export const pagesFirst = createMiddleware<AppEnv>(async function pagesFirst(c, next) {
  await (c.req.method === 'GET' ? hashQueue.before(next) : next())
})

/** Says when to try again, for a machine; the page says it for a person. Both times are ms. */
export function tooMany(c: Context<AppEnv>, retryAt: number, now: number) {
  c.status(429)
  c.header('Retry-After', String(Math.max(1, Math.ceil((retryAt - now) / 1000))))
}
