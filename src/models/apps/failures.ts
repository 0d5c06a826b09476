import { sql } from 'drizzle-orm'
import type { Db } from '../../db/connect'
import { APP_FAILURES } from '../../limits'
import { countTry, networkOf, type Throttle } from '../identity/throttle'

type Failing = { clientId: string; ip: string }

/**
 * What counts that an app, or its proxy, fails to prove itself: from this network, so that nobody locks it out from elsewhere, and for this app, so that a
 * tool whose app is gone locks out no other beside it. What proves itself is not stopped by it. Codes and tokens are not guessed: they are random.
 */
export const failuresOf = ({ clientId, ip }: Failing): Throttle => ({
  ...APP_FAILURES,
  key: `app:${clientId}:${networkOf(ip)}`,
  doubling: false,
})

/** For an app that there is not, nothing is kept. */
export const countFailure = (db: Db, failing: Failing, now: number) =>
  countTry({ db, now }, failuresOf(failing), sql`apps WHERE id = ${failing.clientId}`)
