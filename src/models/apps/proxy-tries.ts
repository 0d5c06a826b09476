import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { MINUTE_MS } from '../../limits'
import { countTry, networkOf, type Throttle } from '../identity/throttle'

type Tried = { clientId: string; ip: string }

/** Wrong secrets for one app from one network, which a proxy elsewhere does not suffer from. */
export const proxyTries = ({ clientId, ip }: Tried): Throttle => ({
  key: `proxy:${clientId}:${networkOf(ip)}`,
  free: 20,
  windowMs: 5 * MINUTE_MS,
  doubling: false,
})

/** Counts a wrong secret; for an app that there is not, nothing is kept. */
export const countProxyTry = (db: Db, tried: Tried, now: number) =>
  countTry({ db, now }, proxyTries(tried), sql`apps WHERE id = ${tried.clientId}`)
