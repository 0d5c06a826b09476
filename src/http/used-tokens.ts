import type { Context } from 'hono'
import type { AppEnv } from '../env'
import { BYPASSED, log, troubleOf } from '../log'
import type { Purpose } from '../models/identity/token'

/** KV refuses a shorter life. */
const SHORTEST_TTL_S = 60

const keyOf = (purpose: Purpose, jti: string) => `used:${purpose}:${jti}`

/** Turns a later click away without D1. Trusted only to say "used": whether a link may still be used is decided in D1, also where KV does not answer. */
export async function isUsed(c: Context<AppEnv>, purpose: Purpose, jti: string) {
  const failed = (error: unknown) => {
    log({ requestId: c.get('requestId'), action: 'read used token', outcome: BYPASSED, ...troubleOf(error) })
    return null
  }
  return (await c.env.USED_TOKENS.get(keyOf(purpose, jti)).catch(failed)) !== null
}

/** After the fact, and off the request's path: when it fails, D1 still knows. */
export function noteUsed(c: Context<AppEnv>, purpose: Purpose, jti: string, expiresAt: number, now: number) {
  const expirationTtl = Math.max(SHORTEST_TTL_S, Math.ceil((expiresAt - now) / 1000))
  const failed = (error: unknown) =>
    log({ requestId: c.get('requestId'), action: 'note used token', outcome: 'failed', ...troubleOf(error) })
  c.executionCtx.waitUntil(c.env.USED_TOKENS.put(keyOf(purpose, jti), 'used', { expirationTtl }).catch(failed))
}
