import type { Db } from '../../db/connect'
import { APP_FAILURES } from '../../limits'
import { countTry, networkOf, type Throttle } from '../identity/throttle'

/**
 * What counts the failures of an app to prove itself: those of this app from this network, so that nobody locks it out from elsewhere, and all of the
 * network. Codes and tokens are not guessed: they are random.
 */
export const failuresOf = (clientId: string, ip: string): Throttle[] => [
  { ...WINDOW, key: `app:${clientId.slice(0, 100)}:${networkOf(ip)}`, free: APP_FAILURES.ofOne },
  { ...WINDOW, key: `app:ip:${networkOf(ip)}`, free: APP_FAILURES.ofNetwork },
]

const WINDOW = { windowMs: APP_FAILURES.windowMs, doubling: false }

export const countFailure = (db: Db, [first, ...others]: Throttle[], now: number) =>
  first && db.batch([countTry({ db, now }, first), ...others.map((throttle) => countTry({ db, now }, throttle))])
