import { connect, connectForSafeWrites } from '../db/connect'
import { type Env, LOGOUTS_DUE, type LogoutMessage } from '../env'
import { LOGOUTS } from '../limits'
import { log, troubleOf } from '../log'
import { type LeasedLogout, leaseLogouts, logoutsDue, recordLogouts, type Told } from '../models/apps/logout'
import { logoutTokenOf } from '../models/apps/logout-token'
import { isOutside } from '../models/core/outside'
import { retryAfterMs } from '../models/outbox/backoff'
import { type Answered, postForm } from '../outbound/post-form'
import { consumeWith, type Messages } from '../outbox/consume'

/** The Queue's consumer. A message is about no row: it says that something is due. */
export const consumeLogouts = (batch: Messages<LogoutMessage>, env: Env) =>
  consumeWith(
    {
      action: 'tell apps',
      rowOf: () => 'due',
      attempt: async () => {
        await tellApps(env, Date.now())
        return new Map()
      },
    },
    batch,
  )

/** The Cron's part: what the Queue dropped, or whose consumer died. @returns whether there was any */
export async function sweepLogouts(env: Env): Promise<number> {
  const found = await logoutsDue(connect(env.DB))
  if (found.length > 0) await env.JOB_QUEUE.send(LOGOUTS_DUE)
  return found.length
}

/** For a connection outside of a request: `due` tells the Queue, and `done` waits until it has heard it all. */
export function telling(env: Env) {
  const sent: Promise<unknown>[] = []
  return { due: () => void sent.push(env.JOB_QUEUE.send(LOGOUTS_DUE)), done: () => Promise.all(sent) }
}

/**
 * Tells apps of sign-outs that are due and that nobody else is telling them of: one round trip takes them, one records what became of them. Where there are
 * more another consumer is woken at once, and for what has to wait one is woken then.
 */
export async function tellApps(env: Env, now: number, fetcher?: typeof fetch): Promise<void> {
  const { due, done } = telling(env)
  const db = connect(env.DB, due)
  const [leased] = await db.batch([leaseLogouts(db, now)])
  await done()
  const attempts = await tellAll(env, leased, now, fetcher)
  const wakeAt = await recordLogouts(connectForSafeWrites(env.DB), attempts, Date.now())
  if (wakeAt) await env.JOB_QUEUE.send(LOGOUTS_DUE, { delaySeconds: Math.max(0, Math.ceil((wakeAt - Date.now()) / 1000)) })
}

/** A few at once, since more would only queue. Once an app has hung or cannot be reached, what else it is to be told waits with that. */
async function tellAll(env: Env, leased: LeasedLogout[], now: number, fetcher?: typeof fetch) {
  const attempts: { logout: LeasedLogout; told: Told }[] = []
  const down = new Map<string, Told>()
  const waiting = leased.values()
  async function lane() {
    for (const logout of waiting) {
      const told = down.get(logout.uri ?? '') ?? (await tell(env, logout, now, fetcher))
      if (told === 'told' || !BREAKS.has(told.trouble)) down.delete(logout.uri ?? '')
      else down.set(logout.uri ?? '', told)
      attempts.push({ logout, told })
    }
  }
  await Promise.all(Array.from({ length: LOGOUTS.connections }, lane))
  return attempts
}

const BREAKS = new Set(['timeout', 'unreachable'])

async function tell(env: Env, logout: LeasedLogout, now: number, fetcher?: typeof fetch): Promise<Told> {
  const told = await attempt(env, logout, now, fetcher)
  const { id, attempts } = logout
  if (told === 'told') log({ action: 'tell app', outcome: 'told', row: id, attempt: attempts })
  else log({ action: 'tell app', outcome: told.trouble, row: id, attempt: attempts, status: told.status })
  return told
}

async function attempt(env: Env, { uri, ...logout }: LeasedLogout, now: number, fetcher?: typeof fetch): Promise<Told> {
  const inside = { origins: [env.APP_ORIGIN, ...(env.OLD_ORIGINS ?? [])], development: env.ENVIRONMENT === 'development' }
  if (uri === null || !isOutside(uri, inside)) return { trouble: 'address' }
  try {
    const about = { ...logout, jti: `${logout.id}.${logout.attempts}` }
    const token = await logoutTokenOf({ origin: env.APP_ORIGIN, keys: env.OIDC_KEYS }, about, now)
    return toldBy(await postForm(uri, { logout_token: token }, { timeoutMs: LOGOUTS.timeoutMs, fetcher }), now)
  } catch (error) {
    log({ action: 'tell app', outcome: 'failed', row: logout.id, ...troubleOf(error) })
    return { trouble: 'unreachable' }
  }
}

/** OpenID Connect Back-Channel Logout 1.0, 2.8: 200, or 204 as some answer; 400 where it will not. */
function toldBy(answered: Answered, now: number): Told {
  if (typeof answered === 'string') return { trouble: answered }
  const { status, retryAfter } = answered
  if (status === 200 || status === 204) return 'told'
  if (status === 400) return { trouble: 'refused', status }
  if (status >= 300 && status < 400) return { trouble: 'moved', status }
  return { trouble: 'status', status, afterMs: retryAfterMs(retryAfter, now) }
}
